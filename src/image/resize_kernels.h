// The inner loops of resizing, for the instruction set of this machine. Integers: equal on each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cdx::image {

inline constexpr int weight_bits = 32 - 8 - 2;  // of the fraction of a weight

// Output i is of counts[i] inputs from firsts[i] on, times the weights from i * widest on.
struct RowPlan {
  const std::uint32_t* firsts = nullptr;
  const std::uint32_t* counts = nullptr;
  const std::int32_t* weights = nullptr;
  std::size_t widest = 0, out = 0;
};
// Three channels. Reads one byte behind the last pixel, which must be there.
void weigh_pixel_row(const std::uint8_t* pixels, const RowPlan& plan, std::uint8_t* out);
// One channel; nothing is read behind.
void weigh_value_row(const std::uint8_t* values, const RowPlan& plan, std::uint8_t* out);
// A row of `length` values: sums down `count` rows that lie `length` apart.
void weigh_rows(const std::uint8_t* rows, std::size_t length, const std::int32_t* weights, std::size_t count,
                std::uint8_t* out);

}  // namespace cdx::image
