// Where a term stands in the fields of its rows, for phrases and merging. Rows are asked for in ascending
// order.
#pragma once

#include <array>
#include <vector>

#include "inverted/posting_list.h"

namespace cdx::inverted {

// The position data of one term.
class PositionList {
 public:
  PositionList() = default;
  PositionList(const View& view, std::uint32_t term, const PostingList& postings);

  // Turns to a block, whose postings have these codes: for posting i, the values begin(i) .. begin(i + 1) are
  // the first position in each field and the distances after it. False where damaged.
  bool read(std::size_t block, std::span<const std::uint32_t> codes);
  std::size_t begin(std::size_t posting) const { return begins_[posting]; }
  std::uint32_t value(std::size_t i) const { return inlined_ ? place_ : run_value(bytes_.data(), bits_, i); }

 private:
  bool count_values(std::span<const std::uint32_t> codes);
  std::size_t start_of(std::size_t block) const;

  const View* view_ = nullptr;
  std::uint32_t place_ = 0;
  std::size_t blocks_ = 0;
  bool inlined_ = false;
  std::array<std::size_t, block_rows + 1> begins_{};
  std::span<const std::byte> bytes_;  // of the block
  unsigned bits_ = 0;
  std::uint32_t known_code_ = ~0U;  // the one counted last: mostly the next is the same
  std::size_t known_count_ = 0;
};

// Visits the rows of a term and their positions.
class OccurrenceCursor {
 public:
  OccurrenceCursor(const View& view, std::uint32_t term);

  std::uint32_t size() const { return list_.size(); }
  // The first row of the term that is not below `row`; `nothing` when there is none.
  std::uint32_t seek(std::uint32_t row);
  // Appends field << 16 | position of every occurrence in the row found; far ones are left out.
  void places(std::vector<std::uint32_t>& out);

 private:
  bool load(std::size_t block);

  const View& view_;
  PostingList list_;
  PositionList positions_;
  std::size_t block_ = 0, loaded_ = ~std::size_t{0}, read_ = ~std::size_t{0};
  std::size_t at_ = 0, count_ = 0;
  bool read_well_ = false;
  std::array<std::uint32_t, block_rows> rows_{}, codes_{};
};

}  // namespace cdx::inverted
