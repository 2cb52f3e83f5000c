#include "index/typo_walk.h"

namespace cdx::engine {

char32_t next_letter(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(at++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || at + more > text.size()) return 0xFFFD;
  char32_t out = first & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0xFFFD;
    out = (out << 6U) | (byte(at + i) & 0x3FU);
  }
  at += more;
  return out;
}

TypoWalk::TypoWalk(std::string_view pattern, std::size_t limit) : limit_(limit) {
  for (std::size_t i = 0; i < pattern.size() && pattern_.size() <= longest_pattern;)
    pattern_ += next_letter(pattern, i);
  const auto width = pattern_.size() + 1, height = pattern_.size() + limit + 2;
  rows_.assign(width * height, static_cast<std::uint8_t>(limit + 1));
  finals_.assign(height, static_cast<std::uint8_t>(limit + 1));
  for (std::size_t i = 0; i < width; ++i) rows_[i] = static_cast<std::uint8_t>(std::min(i, limit + 1));
  finals_[0] = rows_[width - 1];
}

void TypoWalk::load(std::string_view text) {
  before_.swap(letters_);
  letters_.clear();
  ends_.clear();
  const auto enough = pattern_.size() + limit_ + 1;  // every row from here on is too far off
  for (std::size_t i = 0; i < text.size() && letters_.size() < enough;) {
    letters_ += next_letter(text, i);
    ends_.push_back(i);
  }
  std::size_t shared = 0;
  while (shared < depth_ && shared < letters_.size() && letters_[shared] == before_[shared]) ++shared;
  depth_ = shared;
}

TypoWalk::Turn TypoWalk::turn(std::size_t shared, std::uint32_t next) {
  auto kept = std::min(depth_, ends_.size());
  while (kept > 0 && ends_[kept - 1] > shared) --kept;
  const bool between_letters = (kept == 0 ? 0 : ends_[kept - 1]) == shared;
  if (shared == most_shared || !between_letters) return Turn::unread;
  letters_.resize(kept);
  ends_.resize(kept);
  depth_ = kept;
  const auto rows = pattern_.size() + limit_ + 1;
  for (std::size_t i = 0; i < step_bytes; ++i, next >>= 8U) {
    const auto byte = next & 0xFFU;
    if (byte == 0) return Turn::loaded;
    if (byte >= 0x80 || depth_ == rows) return Turn::unread;
    letters_ += static_cast<char32_t>(byte);
    ends_.push_back(shared + i + 1);
    if (!extend()) return Turn::away;
  }
  return Turn::unread;
}

bool TypoWalk::extend() {
  const auto width = pattern_.size() + 1, cap = limit_ + 1;
  const auto* above = &rows_[depth_ * width];
  auto* row = &rows_[(depth_ + 1) * width];
  const auto d = depth_ + 1;  // letters of the string in this row
  std::fill(row, row + width, static_cast<std::uint8_t>(cap));
  std::size_t best = cap;
  if (d <= limit_) best = row[0] = static_cast<std::uint8_t>(d);
  const auto from = d > limit_ ? d - limit_ : 1;  // cells further from the diagonal are beyond the limit
  for (auto j = std::max<std::size_t>(from, 1); j < width && j <= d + limit_; ++j) {
    const std::size_t change = letters_[d - 1] == pattern_[j - 1] ? 0 : 1;
    auto cell = std::min({row[j - 1] + std::size_t{1}, above[j] + std::size_t{1}, above[j - 1] + change});
    if (d > 1 && j > 1 && letters_[d - 1] == pattern_[j - 2] && letters_[d - 2] == pattern_[j - 1])
      cell = std::min(cell, rows_[(depth_ - 1) * width + j - 2] + std::size_t{1});
    cell = std::min(cell, cap);
    row[j] = static_cast<std::uint8_t>(cell);
    best = std::min(best, cell);
  }
  finals_[d] = row[width - 1];
  depth_ = d;
  return best <= limit_;
}

void TypoWalk::look_for_near() {
  const auto end = finals_.begin() + static_cast<std::ptrdiff_t>(depth_ + 1);
  near_ = std::any_of(finals_.begin(), end, [&](std::uint8_t edits) { return edits <= limit_; });
}

}  // namespace cdx::engine
