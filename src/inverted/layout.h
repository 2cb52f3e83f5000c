// How the room lies in its sections; README.md tells it in words.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace cdx::inverted {

inline constexpr std::uint32_t layout_mark = 0x31564E49;  // "INV1"
inline constexpr std::uint32_t layout_version = 1;
inline constexpr std::uint32_t most_rows = 0x7FFFFFFF;

// Section `meta`: one Meta, then a FieldMeta for every field.
struct Meta {
  std::uint32_t mark = layout_mark;
  std::uint32_t version = layout_version;
  std::uint32_t rows = 0;
  std::uint32_t fields = 0;
  std::uint32_t terms = 0;
  std::uint32_t surfaces = 0;
  std::uint32_t codes = 0;
  std::uint32_t place_shift = 0;     // a place in `postings` or `positions` is shifted left so far
  std::uint32_t terms_wide = 0;      // 1: every string has an offset of its own in `bases`
  std::uint32_t surfaces_wide = 0;   // the same
  std::uint32_t surfaces_equal = 0;  // 1: surface i is term i, and no sections of surfaces are kept
  std::uint32_t reserved = 0;
};
struct FieldMeta {
  std::uint64_t length = 0;       // of all rows, in words
  std::uint64_t documents = 0;    // rows with a word
  std::uint32_t longest = 0;      // length of a row
  std::uint32_t shortest = 0;     // length above zero
  std::uint32_t width_bytes = 0;  // of a length in its section: 1, 2 or 4
  std::uint32_t reserved = 0;
  double weight = 1, length_weight = 0, mean_length = 1;  // expected when bounds were worked out
};

// Sections `term_heads` and `term_places`: what a term's list is like and where it begins in `postings`.
//   1 ccc cccc cccc cccc: one row, which stands in the place of the place, with this code;
//   01 nnnn rrrrr ccccc:  2 + n rows (at most tiny_rows), their gaps and codes of so many bits; no bounds;
//   00 nnnnnnnnnnnnnn:    n rows, at most a block; a Skip's bound, row_bits and code_bits lie before them;
//   0:                    more rows; their number (four bytes) and a Skip for every block lie before them.
inline constexpr std::uint16_t single_row = 0x8000;
inline constexpr std::uint16_t tiny_list = 0x4000;
inline constexpr std::uint32_t tiny_rows = 16;
inline constexpr std::uint32_t most_single_code = 0x7FFF;
inline constexpr unsigned most_tiny_bits = 31;

// One a block. Codes of which few are large keep the others' bits only: code_bits is then marked, and behind
// the packed codes stand how many are exceptions (a byte) and for each its place in the block (a byte) and
// the code (varint).
inline constexpr std::uint8_t with_exceptions = 0x80;
struct Skip {
  std::uint32_t last = 0;    // row
  std::uint32_t offset = 0;  // in bytes, after the skips
  std::uint16_t bound = 0;   // of tf' (see bound_up)
  std::uint8_t row_bits = 0;
  std::uint8_t code_bits = 0;
};
static_assert(sizeof(Skip) == 12);

// A part of a code: field << 27 | count.
inline constexpr std::uint32_t most_count = (1U << 27U) - 1;
constexpr std::uint32_t code_part(std::uint32_t field, std::uint32_t count) {
  return field << 27U | (count < most_count ? count : most_count);
}
constexpr std::uint32_t part_field(std::uint32_t part) { return part >> 27U; }
constexpr std::uint32_t part_count(std::uint32_t part) { return part & most_count; }

// A position that is this or above is kept as this, and no phrase is found there.
inline constexpr std::uint32_t far_position = 65'535;

inline constexpr std::size_t strings_per_base = 64;
inline constexpr std::size_t rows_per_base = 16;

// The upper half of a float, rounded up: three digits are enough for a bound.
inline std::uint16_t bound_up(double value) {
  const auto single = static_cast<float>(value * (1 + 1e-6));
  std::uint32_t bits = 0;
  std::memcpy(&bits, &single, sizeof bits);
  return static_cast<std::uint16_t>((bits + 0xFFFFU) >> 16U);
}
inline float bound_value(std::uint16_t bound) {
  const auto bits = static_cast<std::uint32_t>(bound) << 16U;
  float out = 0;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

}  // namespace cdx::inverted
