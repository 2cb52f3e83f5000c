// A fixed orthogonal rotation, the same for every field of a size: three rounds of random signs and a blocked
// Hadamard transform with permutations between (cf. Andoni et al. 2015, "Practical and optimal LSH for
// angular distance", section 3: pseudo-random rotations). It spreads what a row says evenly over its
// dimensions, so that one step fits all of them; costs n log n.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cdx::ann {

class Rotation {
 public:
  // `dimensions`: a multiple of 128.
  explicit Rotation(std::size_t dimensions);
  std::size_t dimensions() const { return order_[0].size(); }
  // In place; `spare` has room for as many values.
  void apply(float* values, float* spare) const;

 private:
  static constexpr std::size_t rounds = 3;
  std::vector<std::size_t> blocks_;                       // powers of two that add up to the dimensions
  std::array<std::vector<float>, rounds> signs_;          // with the factor that keeps lengths
  std::array<std::vector<std::uint16_t>, rounds> order_;  // where each value comes from
};

}  // namespace cdx::ann
