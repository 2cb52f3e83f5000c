#include "ann/sketch.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"

namespace cdx::ann {
namespace {

float worth_of(const std::uint8_t* row, std::size_t lines) {
  float out = 0;
  std::memcpy(&out, row + lines * line_dimensions / 8, sizeof out);
  return out;
}

}  // namespace

void to_sketch(const std::uint8_t* upper, std::size_t lines, float worth, std::byte* out) {
  std::fill_n(out, sketch_bytes(lines), std::byte{0});
  const auto set = [&](std::size_t i, bool positive) {
    if (positive) out[i / 8] |= std::byte{1} << (i % 8);
  };
  // The highest bit of a level says whether it is above the middle.
  for (std::size_t l = 0; l < lines; ++l)
    for (std::size_t b = 0; b < line_bytes; ++b) {
      const auto levels = upper[l * line_bytes + b];
      set(l * line_dimensions + b, (levels & 0x08U) != 0);
      set(l * line_dimensions + line_bytes + b, (levels & 0x80U) != 0);
    }
  std::memcpy(out + lines * line_dimensions / 8, &worth, sizeof worth);
}

float Sketches::worth(std::uint32_t number) const { return worth_of(row(number), lines); }

void score_sketches(const Sketches& sketches, const Asked& asked, const std::uint32_t* rows,
                    std::size_t count, float* out) {
  std::array<const std::uint8_t*, rows_a_call> at;
  std::array<std::int32_t, rows_a_call> sums;
  CDX_ASSERT(count <= rows_a_call);
  if (count == 0) return;
  for (std::size_t i = 0; i < count; ++i) at[i] = sketches.row(rows[i]);
  sum_where_set(asked.bytes.data(), sketches.lines, at.data(), count, sums.data());
  for (std::size_t i = 0; i < count; ++i)
    out[i] = sane(worth_of(at[i], sketches.lines) * static_cast<float>(2 * sums[i] - asked.sum));
}

}  // namespace cdx::ann
