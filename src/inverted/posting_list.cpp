#include "inverted/posting_list.h"

#include <algorithm>
#include <cstring>

#include "inverted/varint.h"

namespace cdx::inverted {
namespace {
unsigned bits_of_codes(const Skip& skip) { return skip.code_bits & ~unsigned{with_exceptions}; }
}  // namespace

std::uint32_t rows_with(const View& view, std::uint32_t term) {
  const auto head = view.term_heads.value<std::uint16_t>(term);
  if ((head & single_row) != 0) return 1;
  if ((head & tiny_list) != 0) return 2 + (head >> 10U & 0xFU);
  if (head != 0) return head;
  const auto place = std::size_t{view.term_places.value<std::uint32_t>(term)} << view.meta.place_shift;
  const auto bytes = view.postings.part(place, sizeof(std::uint32_t));
  std::uint32_t out = 0;
  if (!bytes.empty()) std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

PostingList::PostingList(const View& view, std::uint32_t term)
    : rows_(view.meta.rows), postings_(view.postings) {
  if (term >= view.meta.terms) return;
  const auto head = view.term_heads.value<std::uint16_t>(term);
  const auto place = view.term_places.value<std::uint32_t>(term);
  const auto start = std::size_t{place} << view.meta.place_shift;
  size_ = rows_with(view, term);
  if (size_ == 0 || size_ > rows_) {
    size_ = 0;
    return;
  }
  only_.last = rows_ - 1;
  if ((head & single_row) != 0) {
    if (place >= rows_) size_ = 0;
    single_ = true;
    row_ = only_.last = place;
    code_ = head & most_single_code;
  } else if ((head & tiny_list) != 0) {
    only_.row_bits = head >> 5U & most_tiny_bits;
    only_.code_bits = head & most_tiny_bits;
    data_ = start;
  } else if (head != 0) {
    open_block(start);
  } else {
    open_blocks(start);
  }
}

void PostingList::open_block(std::size_t place) {
  const auto head = postings_.part(place, 4);
  if (head.empty() || size_ > block_rows) {
    size_ = 0;
    return;
  }
  data_ = place + head.size();
  std::memcpy(&only_.bound, head.data(), sizeof only_.bound);
  only_.row_bits = std::to_integer<std::uint8_t>(head[2]);
  only_.code_bits = std::to_integer<std::uint8_t>(head[3]);
}

void PostingList::open_blocks(std::size_t place) {
  const auto head = postings_.part(place + sizeof size_, blocks() * sizeof(Skip));
  if (head.empty() || place % alignof(Skip) != 0) {
    size_ = 0;
    return;
  }
  data_ = place + sizeof size_ + head.size();
  skips_ = {reinterpret_cast<const Skip*>(head.data()), blocks()};
}

std::size_t PostingList::block_of(std::uint32_t row, std::size_t from) const {
  const auto all = blocks();
  if (from >= all || last(from) >= row) return std::min(from, all);
  std::size_t step = 1;
  while (from + step < all && last(from + step) < row) {
    from += step;
    step *= 2;
  }
  auto high = std::min(all, from + step);
  ++from;  // last(from) was below
  while (from < high) {
    const auto middle = from + (high - from) / 2;
    if (last(middle) < row) {
      from = middle + 1;
    } else {
      high = middle;
    }
  }
  return from;
}

std::span<const std::byte> PostingList::bytes_of(std::size_t block) const {
  const auto& one = skip(block);
  const auto code_bits = bits_of_codes(one);
  if (one.row_bits > most_bits || code_bits > most_bits) return {};
  const auto count = size_of(block);
  return postings_.part(data_ + one.offset,
                        run_bytes(count, one.row_bits) + run_bytes(count, code_bits) + run_padding);
}

std::span<const std::byte> PostingList::codes_of(std::size_t block) const {
  const auto bytes = bytes_of(block);
  return bytes.empty() ? bytes : bytes.subspan(run_bytes(size_of(block), skip(block).row_bits));
}

std::size_t PostingList::read_rows(std::size_t block, std::uint32_t* out) const {
  if (single_) {
    out[0] = row_;
    return 1;
  }
  const auto bytes = bytes_of(block);
  if (bytes.empty()) return 0;
  const auto count = size_of(block);
  const unsigned bits = skip(block).row_bits;
  if (count == block_rows) {
    unpack_block(bytes.data(), bits, out);
  } else {
    unpack_run(bytes.data(), count, bits, out);
  }
  // Bytes with a right checksum may still be wrong: gaps that wrap around, a last row beyond the block's.
  const auto from = before(block);
  if (from != ~0U && from >= rows_) return 0;
  if (bits > 23) {
    std::uint64_t end = from == ~0U ? 0 : std::uint64_t{from} + 1;
    for (std::size_t i = 0; i < count; ++i) end += std::uint64_t{out[i]} + 1;
    if (end > rows_) return 0;
  }
  rows_from_gaps(out, (count + 3) / 4 * 4, from);
  return out[count - 1] <= last(block) && out[count - 1] < rows_ ? count : 0;
}

template <class Visit>
void PostingList::for_each_exception(std::size_t block, const Visit& visit) const {
  const auto& one = skip(block);
  if ((one.code_bits & with_exceptions) == 0) return;
  const auto count = size_of(block);
  const auto at = data_ + one.offset + run_bytes(count, one.row_bits) + run_bytes(count, bits_of_codes(one));
  constexpr std::size_t most_bytes = 1 + block_rows * 6;
  auto bytes = at < postings_.size() ? postings_.part(at, std::min(most_bytes, postings_.size() - at))
                                     : std::span<const std::byte>();
  if (bytes.empty()) return;
  auto left = std::to_integer<unsigned>(bytes[0]);
  for (bytes = bytes.subspan(1); left > 0 && !bytes.empty(); --left) {
    const auto place = std::to_integer<std::size_t>(bytes[0]);
    bytes = bytes.subspan(1);
    const auto code = take_varint(bytes);
    if (place < count) visit(place, code);
  }
}

void PostingList::read_codes(std::size_t block, std::uint32_t* out) const {
  const auto count = size_of(block);
  if (single_) {
    out[0] = code_;
    return;
  }
  const auto bytes = codes_of(block);
  if (bytes.empty()) return static_cast<void>(std::fill_n(out, count, ~0U));
  const auto bits = bits_of_codes(skip(block));
  if (count == block_rows) {
    unpack_block(bytes.data(), bits, out);
  } else {
    unpack_run(bytes.data(), count, bits, out);
  }
  for_each_exception(block, [&](std::size_t place, std::uint32_t code) { out[place] = code; });
}

std::uint32_t PostingList::code(std::size_t block, std::size_t i) const {
  if (single_) return code_;
  const auto bytes = codes_of(block);
  if (bytes.empty()) return ~0U;
  const auto bits = bits_of_codes(skip(block));
  auto out =
      size_of(block) == block_rows ? block_value(bytes.data(), bits, i) : run_value(bytes.data(), bits, i);
  for_each_exception(block, [&](std::size_t place, std::uint32_t code) { out = place == i ? code : out; });
  return out;
}

}  // namespace cdx::inverted
