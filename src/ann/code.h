// Codes: what a row becomes. Less the mean of its field, rotated, and then rounded to 8 bits a dimension with
// one step for the row, kept as two planes of 4 bits. A product with a question is an integer sum and one
// factor a row, which also undoes the shrinking that rounding brings (cf. Gao and Long 2024, "RaBitQ":
// dividing by <code, row> / <row, row> makes the estimate unbiased under a random rotation).
//
//   <q, x> = <q, m> + <R q, R (x - m)>
//          ~ <q, m> + scale * upper_factor * (sum of q8 * upper - 7.5 * sum of q8)
//          ~ <q, m> + scale * both_factor * (sum of q8 * (16 upper + lower) - 127.5 * sum of q8)
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ann/ann.h"
#include "ann/kernels.h"
#include "ann/rotation.h"
#include "base/section.h"

namespace cdx::ann {

// The codes of many rows, wherever they lie.
struct Codes {
  Section upper, lower;                 // planes: `lines` lines a row
  Section upper_factors, both_factors;  // a float a row
  std::size_t lines = 0, rows = 0;

  std::size_t row_bytes() const { return lines * line_bytes; }
  const std::uint8_t* upper_row(std::uint32_t row) const {
    return upper.row<std::uint8_t>(row * row_bytes(), row_bytes());
  }
  const std::uint8_t* lower_row(std::uint32_t row) const {
    return lower.row<std::uint8_t>(row * row_bytes(), row_bytes());
  }
  // From the disk.
  void ask_for_upper(std::uint32_t row) const {
    upper.will_need(row * row_bytes(), row_bytes());
    upper_factors.will_need_of<float>(row);
  }
  void ask_for_lower(std::uint32_t row) const {
    lower.will_need(row * row_bytes(), row_bytes());
    both_factors.will_need_of<float>(row);
  }
  // From memory.
  CDX_ANN_INLINE void prefetch_upper(std::uint32_t row) const {
    fetch(upper_factors.address(row * sizeof(float)), sizeof(float));
    fetch(upper.address(row * row_bytes()), row_bytes());
  }
  CDX_ANN_INLINE void prefetch_lower(std::uint32_t row) const {
    fetch(lower.address(row * row_bytes()), row_bytes());
  }
};

// A question, or a row asking for its neighbours, as bytes.
struct Asked {
  alignas(64) std::array<std::int8_t, most_dimensions> bytes;
  std::int32_t sum = 0;  // of the bytes
  float scale = 0;       // of one unit of a byte
  float base = 0;        // <q, m>
  float length = 0;      // of the vector
};

struct Factors {
  float upper = 0, both = 0, sketch = 0;  // what a level of a plane is worth, and a bit of the sketch
  // Squared length of what rounding left out; over the dimensions it is the variance of a product with a
  // vector of unit length.
  float upper_error = 0, both_error = 0, sketch_error = 0;
};

class Coder {
 public:
  Coder(std::size_t dimension, std::vector<float> mean);
  std::size_t lines() const { return lines_; }
  std::span<const float> mean() const { return mean_; }

  Factors encode(const float* row, std::uint8_t* upper, std::uint8_t* lower) const;
  void ask(const float* vector, Asked& out) const;

 private:
  std::size_t dimension_, lines_;
  std::vector<float> mean_;
  Rotation rotation_;
};

// Row `row` of the codes as a question to the others: products less the mean.
void ask_with_row(const Codes& codes, std::uint32_t row, Asked& out);

// Similarities by the upper plane or by both, without scale and base: good for comparing, in 64 rows a call
// at most.
inline constexpr std::size_t rows_a_call = 64;
void score_upper(const Codes& codes, const Asked& asked, const std::uint32_t* rows, std::size_t count,
                 float* out);
void score_both(const Codes& codes, const Asked& asked, const std::uint32_t* rows, std::size_t count,
                float* out);

// Damaged factors may make anything of a score; an order needs numbers.
inline float sane(float score) {
  constexpr float least = std::numeric_limits<float>::lowest();
  return score >= least ? score : least;
}

}  // namespace cdx::ann
