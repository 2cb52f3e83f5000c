// Walks the list of one reading during one question: bounds of stretches, whole blocks with their scores, and
// single rows. Rows are asked for in ascending order. The short lists of a word with several readings are
// scored at once and walked as one.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "inverted/posting_list.h"
#include "inverted/scorer.h"

namespace cdx::inverted {

class Cursor {
 public:
  Cursor(const View& view, const Reading& reading, Scorer& scorer);
  // Rows with their scores, ascending; of equal ones the best counts.
  Cursor(std::vector<Scored> scored, Scorer& scorer);

  std::size_t size() const { return scored_.empty() ? list_.size() : scored_.size(); }
  std::size_t blocks() const { return (size() + block_rows - 1) / block_rows; }
  // The block that may hold `row` or the next above it; blocks() for none.
  std::size_t block_of(std::uint32_t row) { return block_at_ = block_of(row, block_at_); }
  std::uint32_t first(std::size_t block) const {  // at the least
    return scored_.empty() ? list_.before(block) + 1 : scored_[block * block_rows].row;
  }
  std::uint32_t last(std::size_t block) const {  // at the most
    return scored_.empty() ? list_.last(block) : scored_[std::min(size(), (block + 1) * block_rows) - 1].row;
  }
  float bound(std::size_t block) const {
    if (!bounds_.empty()) return bounds_[block];
    return factor_ * scorer_->share_bound(list_.bound(block));
  }
  // No row of [low, high) scores above this; zero where no block reaches in.
  float bound_in(std::uint32_t low, std::uint32_t high);
  // About so many blocks, those with the highest bounds.
  std::vector<std::uint32_t> promising(std::size_t count) const;

  // Makes a block the one at hand; false when it is damaged.
  bool load(std::size_t block);
  std::span<const std::uint32_t> rows() const { return {rows_.data(), count_}; }
  const std::uint32_t* codes();  // of the block at hand
  const float* scores();         // of the block at hand, all of them
  bool has_scores() const { return has_scores_; }
  float factor() const { return factor_; }

  // The score of a row, 0 when it is not in the list.
  float score_of(std::uint32_t row);
  // The same, but 0 also where the bound of its block is at most `needed`.
  float score_of(std::uint32_t row, double needed);

 private:
  float score_in(std::size_t block, std::uint32_t row);
  std::size_t block_of(std::uint32_t row, std::size_t from) const;

  PostingList list_;
  Scorer* scorer_;
  float factor_ = 0;
  std::vector<Scored> scored_;  // instead of the list
  std::vector<float> bounds_;   // of the blocks, where the list has none
  std::size_t block_at_ = 0, bound_at_ = 0;
  std::size_t loaded_ = ~std::size_t{0};
  std::size_t count_ = 0;  // rows of the block at hand
  bool has_codes_ = false, has_scores_ = false;
  std::array<std::uint32_t, block_rows> rows_{};
  std::array<std::uint32_t, block_rows> codes_;  // set when has_codes_
  std::array<float, block_rows> scores_;         // set when has_scores_
};

// The first place of ascending rows that is not below `row`.
inline std::size_t first_not_below(std::span<const std::uint32_t> rows, std::uint32_t row) {
  const auto* base = rows.data();
  auto length = rows.size();
  while (length > 1) {
    const auto half = length / 2;
    base += half & (0 - static_cast<std::size_t>(base[half - 1] < row));
    length -= half;
  }
  return static_cast<std::size_t>(base - rows.data()) + (length == 1 && *base < row ? 1 : 0);
}

}  // namespace cdx::inverted
