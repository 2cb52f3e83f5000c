#include "inverted/cursor.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace cdx::inverted {

Cursor::Cursor(const View& view, const Reading& reading, Scorer& scorer)
    : list_(view, reading.term), scorer_(&scorer), factor_(scorer.factor(reading)) {
  if (list_.bounded() || list_.size() == 0) return;
  bounds_.assign(1, 0);
  if (load(0)) bounds_[0] = *std::max_element(scores(), scores() + count_);
}

Cursor::Cursor(std::vector<Scored> scored, Scorer& scorer) : scorer_(&scorer), scored_(std::move(scored)) {
  std::size_t kept = 0;
  for (const auto& one : scored_) {
    if (kept > 0 && scored_[kept - 1].row == one.row) {
      scored_[kept - 1].score = std::max(scored_[kept - 1].score, one.score);
    } else {
      scored_[kept++] = one;
    }
  }
  scored_.resize(kept);
  bounds_.resize(blocks());
  for (std::size_t i = 0; i < kept; ++i)
    bounds_[i / block_rows] = std::max(bounds_[i / block_rows], scored_[i].score);
}

std::size_t Cursor::block_of(std::uint32_t row, std::size_t from) const {
  if (scored_.empty()) return list_.block_of(row, from);
  while (from < blocks() && last(from) < row) ++from;
  return from;
}

float Cursor::bound_in(std::uint32_t low, std::uint32_t high) {
  bound_at_ = block_of(low, bound_at_);
  if (bound_at_ >= blocks() || first(bound_at_) >= high) return 0;
  if (!bounds_.empty()) {
    float out = 0;
    for (auto block = bound_at_; block < blocks() && first(block) < high; ++block)
      out = std::max(out, bounds_[block]);
    return out;
  }
  float out = list_.bound(bound_at_);
  for (auto block = bound_at_ + 1; block < blocks() && first(block) < high; ++block)
    out = std::max(out, list_.bound(block));
  return factor_ * scorer_->share_bound(out);
}

std::vector<std::uint32_t> Cursor::promising(std::size_t count) const {
  std::vector<std::uint64_t> keys(blocks());
  for (std::size_t block = 0; block < keys.size(); ++block)
    keys[block] =
        std::uint64_t{std::bit_cast<std::uint32_t>(bounds_.empty() ? list_.bound(block) : bounds_[block])}
            << 32U |
        block;
  if (count < keys.size()) {
    std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count), keys.end(),
                     std::greater<>());
    keys.resize(count);
  }
  std::vector<std::uint32_t> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) out[i] = static_cast<std::uint32_t>(keys[i]);
  return out;
}

bool Cursor::load(std::size_t block) {
  if (block == loaded_) return count_ > 0;
  loaded_ = block;
  has_codes_ = has_scores_ = false;
  if (scored_.empty()) {
    count_ = list_.read_rows(block, rows_.data());
    return count_ > 0;
  }
  const auto from = block * block_rows;
  count_ = std::min(block_rows, size() - from);
  for (std::size_t i = 0; i < count_; ++i) {
    rows_[i] = scored_[from + i].row;
    scores_[i] = scored_[from + i].score;
  }
  return has_scores_ = true;
}

const std::uint32_t* Cursor::codes() {
  if (!has_codes_) list_.read_codes(loaded_, codes_.data());
  has_codes_ = true;
  return codes_.data();
}

const float* Cursor::scores() {
  if (!has_scores_) scorer_->score(rows_.data(), codes(), count_, factor_, scores_.data());
  has_scores_ = true;
  return scores_.data();
}

float Cursor::score_in(std::size_t block, std::uint32_t row) {
  if (!load(block)) return 0;
  const auto at = first_not_below(rows(), row);
  if (at == count_ || rows_[at] != row) return 0;
  if (has_scores_) return scores_[at];
  return scorer_->score_one(row, has_codes_ ? codes_[at] : list_.code(block, at), factor_);
}

float Cursor::score_of(std::uint32_t row) {
  const auto block = block_of(row);
  return block < blocks() && first(block) <= row ? score_in(block, row) : 0;
}

float Cursor::score_of(std::uint32_t row, double needed) {
  const auto block = block_of(row);
  if (block >= blocks() || first(block) > row) return 0;
  if (block != loaded_ && bound(block) <= needed) return 0;
  return score_in(block, row);
}

}  // namespace cdx::inverted
