#include "inverted/occurrences.h"

#include <algorithm>
#include <cstring>

#include "inverted/cursor.h"
#include "inverted/inverted.h"

namespace cdx::inverted {

PositionList::PositionList(const View& view, std::uint32_t term, const PostingList& postings)
    : view_(&view), blocks_(postings.blocks()) {
  if (term >= view.meta.terms || blocks_ == 0) return;
  place_ = view.position_places.value<std::uint32_t>(term);
  if (postings.size() != 1) return;
  const auto parts = view.parts(postings.code(0, 0));
  inlined_ = parts.size() == 1 && part_count(parts[0]) == 1;
}

// Sums up the counts of the codes; false when a code is not known.
bool PositionList::count_values(std::span<const std::uint32_t> codes) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (codes[i] != known_code_ || i == 0) {
      const auto parts = view_->parts(codes[i]);
      if (parts.empty()) return false;
      known_code_ = codes[i];
      known_count_ = 0;
      for (const auto part : parts) known_count_ += part_count(part);
    }
    begins_[i + 1] = begins_[i] + known_count_;
  }
  return true;
}

std::size_t PositionList::start_of(std::size_t block) const {
  const auto head = std::size_t{place_} << view_->meta.place_shift;
  const auto blocks_start = head + (blocks_ - 1) * sizeof(std::uint32_t);
  if (block == 0) return blocks_start;
  const auto end = view_->positions.part(head + (block - 1) * sizeof(std::uint32_t), sizeof(std::uint32_t));
  if (end.empty()) return view_->positions.size();
  std::uint32_t offset = 0;
  std::memcpy(&offset, end.data(), sizeof offset);
  return blocks_start + offset;
}

bool PositionList::read(std::size_t block, std::span<const std::uint32_t> codes) {
  if (!count_values(codes)) return false;
  if (inlined_) return true;
  const auto start = start_of(block);
  const auto head = view_->positions.part(start, 1);
  if (head.empty()) return false;
  bits_ = std::to_integer<unsigned>(head[0]);
  const auto count = begins_[codes.size()];
  if (bits_ == 0 || bits_ > most_bits || count > view_->positions.size() * 8) return false;
  bytes_ = view_->positions.part(start + 1, run_bytes(count, bits_) + run_padding);
  return !bytes_.empty();
}

OccurrenceCursor::OccurrenceCursor(const View& view, std::uint32_t term)
    : view_(view), list_(view, term), positions_(view, term, list_) {}

bool OccurrenceCursor::load(std::size_t block) {
  if (block != loaded_) {
    loaded_ = block;
    at_ = 0;
    count_ = list_.read_rows(block, rows_.data());
    if (count_ > 0) list_.read_codes(block, codes_.data());
  }
  return count_ > 0;
}

std::uint32_t OccurrenceCursor::seek(std::uint32_t row) {
  for (block_ = list_.block_of(row, block_); block_ < list_.blocks(); ++block_) {
    if (!load(block_)) continue;
    for (int step = 0; step < 4 && at_ < count_ && rows_[at_] < row; ++step) ++at_;  // mostly it is near
    if (at_ < count_ && rows_[at_] < row)
      at_ += first_not_below(std::span(rows_).subspan(at_, count_ - at_), row);
    if (at_ < count_) return rows_[at_];
  }
  return nothing;
}

void OccurrenceCursor::places(std::vector<std::uint32_t>& out) {
  if (read_ != loaded_) read_well_ = positions_.read(loaded_, std::span(codes_).first(count_));
  read_ = loaded_;
  if (!read_well_ || at_ >= count_) return;
  auto value = positions_.begin(at_);
  for (const auto part : view_.parts(codes_[at_])) {
    std::uint32_t position = 0;
    for (std::uint32_t i = 0; i < part_count(part); ++i) {
      position += positions_.value(value++);
      if (position < far_position) out.push_back(part_field(part) << 16U | position);
    }
  }
}

}  // namespace cdx::inverted
