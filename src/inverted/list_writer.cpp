#include "inverted/list_writer.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "inverted/bits.h"
#include "inverted/varint.h"

namespace cdx::inverted {
namespace {

template <class T>
void put(const T& value, std::vector<std::byte>& out) {
  const auto bytes = std::as_bytes(std::span<const T>(&value, 1));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

std::uint32_t largest(const std::vector<std::uint32_t>& values) {
  std::uint32_t out = 0;
  for (const auto value : values) out |= value;
  return out;
}

void pack(const std::vector<std::uint32_t>& values, unsigned bits, std::vector<std::byte>& out) {
  if (values.size() == block_rows) return pack_block(values.data(), bits, out);
  pack_run(values, bits, out);
}

// Gaps are below the number of rows and so never need more bits than a tiny list has room for.
bool is_tiny(std::span<const Posting> postings) {
  return postings.size() >= 2 && postings.size() <= tiny_rows &&
         std::all_of(postings.begin(), postings.end(),
                     [](const Posting& one) { return bits_for(one.code) <= most_tiny_bits; });
}

Status too_large() {
  return fail(ErrorKind::invalid, "the postings of a segment are more than 16 GiB: write smaller segments");
}

}  // namespace

Status Stream::flush() {
  CDX_TRY(out_.write(bytes_));
  written_ += bytes_.size();
  bytes_.clear();
  return {};
}

Bounds::Bounds(const Scoring& expected, const std::vector<std::vector<std::uint32_t>>& lengths,
               std::vector<std::vector<std::uint32_t>> codes)
    : lengths_(lengths), codes_(std::move(codes)) {
  constexpr std::uint32_t kept = 1'024;
  for (std::size_t f = 0; f < lengths.size(); ++f) {
    const auto& one = expected.fields[f];
    const auto mean = one.mean_length > 0 ? one.mean_length : 1;
    Field field{one.weight, 1 - one.length_weight, one.length_weight / mean, {}};
    for (std::uint32_t length = 0; length < kept; ++length)
      field.by_length.push_back(field.weight / (field.base + field.slope * length));
    fields_.push_back(std::move(field));
  }
}

double Bounds::tf(const Posting& posting) const {
  double out = 0;
  for (const auto part : codes_[posting.code]) {
    const auto field = part_field(part);
    out += part_count(part) * fields_[field].occurrence(lengths_[field][posting.row]);
  }
  return out;
}

std::uint32_t place_shift_for(std::uint64_t words, std::uint64_t terms) {
  // A posting takes at most 8 bytes and its share of a skip, a term its head and alignment; a position less.
  return words * 9 + terms * 16 < (std::uint64_t{1} << 32U) ? 0 : 2;
}

Skip ListWriter::pack(std::span<const Posting> postings, std::uint32_t before, bool exceptions) {
  gaps_.clear();
  codes_.clear();
  double bound = 0;
  for (const auto& posting : postings) {
    gaps_.push_back(posting.row - before - 1);
    before = posting.row;
    codes_.push_back(posting.code);
    bound = std::max(bound, bounds_.tf(posting));
  }
  Skip out;
  out.last = before;
  out.offset = static_cast<std::uint32_t>(blocks_.size());
  out.bound = bound_up(bound);
  out.row_bits = static_cast<std::uint8_t>(bits_for(largest(gaps_)));
  inverted::pack(gaps_, out.row_bits, blocks_);
  pack_codes(out, exceptions);
  return out;
}

void ListWriter::pack_codes(Skip& skip, bool exceptions) {
  std::array<std::size_t, most_bits + 1> of_bits{};
  for (const auto code : codes_) ++of_bits[bits_for(code)];
  const auto all = bits_for(largest(codes_));
  auto best = all;
  auto best_bytes = run_bytes(codes_.size(), all);
  std::size_t larger = 0;  // codes of more than `bits` bits
  for (auto bits = all; exceptions && bits-- > 0;) {
    larger += of_bits[bits + 1];
    const auto bytes = run_bytes(codes_.size(), bits) + 1 + larger * (all <= 7 ? 2 : 3);
    if (bytes >= best_bytes) continue;
    best = bits;
    best_bytes = bytes;
  }
  inverted::pack(codes_, best, blocks_);
  skip.code_bits = static_cast<std::uint8_t>(best);
  if (best == all) return;
  skip.code_bits |= with_exceptions;
  const auto is_large = [&](std::uint32_t code) { return bits_for(code) > best; };
  blocks_.push_back(static_cast<std::byte>(std::count_if(codes_.begin(), codes_.end(), is_large)));
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    if (!is_large(codes_[i])) continue;
    blocks_.push_back(static_cast<std::byte>(i));
    put_varint(codes_[i], blocks_);
  }
}

std::uint16_t ListWriter::add_tiny(std::span<const Posting> postings) {
  const auto skip = pack(postings, ~0U, false);
  return static_cast<std::uint16_t>(tiny_list | (postings.size() - 2) << 10U |
                                    std::size_t{skip.row_bits} << 5U | skip.code_bits);
}

void ListWriter::add_block(std::span<const Posting> postings) {
  const auto skip = pack(postings, ~0U, true);
  put(skip.bound, stream_.bytes());
  put(skip.row_bits, stream_.bytes());
  put(skip.code_bits, stream_.bytes());
}

void ListWriter::add_blocks(std::span<const Posting> postings) {
  std::uint32_t before = ~0U;
  put(static_cast<std::uint32_t>(postings.size()), stream_.bytes());
  for (std::size_t i = 0; i < postings.size(); i += block_rows) {
    const auto skip = pack(postings.subspan(i, std::min(block_rows, postings.size() - i)), before, true);
    before = skip.last;
    put(skip, stream_.bytes());
  }
}

Status ListWriter::add(std::span<const Posting> postings) {
  CDX_ASSERT(!postings.empty());
  if (postings.size() == 1 && postings[0].code <= most_single_code) {
    heads_.push_back(static_cast<std::uint16_t>(single_row | postings[0].code));
    places_.push_back(postings[0].row);
    return {};
  }
  blocks_.clear();
  stream_.align(std::size_t{1} << shift_);
  if (postings.size() > block_rows) stream_.align(alignof(Skip));
  const auto place = stream_.at() >> shift_;
  if (place > ~std::uint32_t{0}) return too_large();
  places_.push_back(static_cast<std::uint32_t>(place));
  if (postings.size() > block_rows) {
    heads_.push_back(0);
    add_blocks(postings);
  } else if (is_tiny(postings)) {
    heads_.push_back(add_tiny(postings));
  } else {
    heads_.push_back(static_cast<std::uint16_t>(postings.size()));
    add_block(postings);
  }
  stream_.bytes().insert(stream_.bytes().end(), blocks_.begin(), blocks_.end());
  return stream_.relieve();
}

Status ListWriter::finish(SectionWriter& out, std::string_view prefix) {
  stream_.bytes().resize(stream_.bytes().size() + run_padding);
  CDX_TRY(stream_.flush());
  CDX_TRY(out.add(std::string(prefix) + "term_heads", heads_));
  return out.add(std::string(prefix) + "term_places", places_);
}

void PositionWriter::add(std::span<const std::uint32_t> values) {
  if (postings_ > 0 && postings_ % block_rows == 0) end_block();
  if (all_values_ == 0 && !values.empty()) first_value_ = values[0];
  values_.insert(values_.end(), values.begin(), values.end());
  all_values_ += values.size();
  ++postings_;
}

void PositionWriter::end_block() {
  const auto bits = std::max(1U, bits_for(largest(values_)));
  blocks_.push_back(static_cast<std::byte>(bits));
  pack_run(values_, bits, blocks_);
  ends_.push_back(static_cast<std::uint32_t>(blocks_.size()));
  values_.clear();
}

Status PositionWriter::end_term() {
  const bool inlined = all_values_ == 1;
  if (inlined) {
    places_.push_back(first_value_);
  } else {
    end_block();
    ends_.pop_back();  // the last end is not needed
    stream_.align(ends_.empty() ? std::size_t{1} << shift_ : alignof(std::uint32_t));
    const auto place = stream_.at() >> shift_;
    if (place > ~std::uint32_t{0}) return too_large();
    places_.push_back(static_cast<std::uint32_t>(place));
    for (const auto end : ends_) put(end, stream_.bytes());
    stream_.bytes().insert(stream_.bytes().end(), blocks_.begin(), blocks_.end());
  }
  ends_.clear();
  blocks_.clear();
  values_.clear();
  postings_ = all_values_ = 0;
  return stream_.relieve();
}

Result<std::vector<std::uint32_t>> PositionWriter::finish() {
  stream_.bytes().resize(stream_.bytes().size() + run_padding);
  CDX_TRY(stream_.flush());
  return std::move(places_);
}

}  // namespace cdx::inverted
