// Sketches: one bit a dimension of a row less the mean and rotated, whether it is positive, and what a bit is
// worth. A third of the memory of the upper plane and less exact: a long list of rows is narrowed by them
// before its codes are looked at. They lie in the order of rows, for lists come in that order.
//
//   <q, x> ~ <q, m> + scale * worth * (2 * sum of q8 where the bit is set - sum of q8)
//   worth = |R x|^2 / sum |R x|_j, unbiased under a random rotation (Gao and Long 2024, "RaBitQ")
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ann/code.h"
#include "base/section.h"

namespace cdx::ann {

// out[i] = the sum of query[j] where bit j of rows[i] is set: bit j % 8 of byte j / 8. 128 values a line.
void sum_where_set(const std::int8_t* query, std::size_t lines, const std::uint8_t* const* rows,
                   std::size_t count, std::int32_t* out);

// The bits, a float, and zeros up to a multiple of 16.
inline constexpr std::size_t sketch_bytes(std::size_t lines) {
  constexpr std::size_t unit = 16;
  return (lines * line_dimensions / 8 + sizeof(float) + unit - 1) / unit * unit;
}

// Writes the sketch of a row whose upper plane and worth are known to `out`, sketch_bytes of it.
void to_sketch(const std::uint8_t* upper, std::size_t lines, float worth, std::byte* out);

struct Sketches {
  Section rows;
  std::size_t lines = 0;

  const std::uint8_t* row(std::uint32_t row) const {
    return rows.row<std::uint8_t>(row * sketch_bytes(lines), sketch_bytes(lines));
  }
  float worth(std::uint32_t row) const;
  void ask_for(std::uint32_t row) const { rows.will_need(row * sketch_bytes(lines), sketch_bytes(lines)); }
  CDX_ANN_INLINE void prefetch(std::uint32_t row) const {
    fetch(rows.address(row * sketch_bytes(lines)), sketch_bytes(lines));
  }
};

// In the units of score_upper; rows_a_call of them at most.
void score_sketches(const Sketches& sketches, const Asked& asked, const std::uint32_t* rows,
                    std::size_t count, float* out);

}  // namespace cdx::ann
