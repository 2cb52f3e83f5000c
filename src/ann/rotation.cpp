#include "ann/rotation.h"

#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "ann/kernels.h"
#include "base/assert.h"

namespace cdx::ann {
namespace {

// SplitMix64 (Steele et al. 2014): the rotation is part of the layout, so its numbers come from here and not
// from a library that may change.
struct Numbers {
  std::uint64_t state = 0x414E4E01;
  std::uint64_t next() {
    auto z = (state += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
};

}  // namespace

Rotation::Rotation(std::size_t dimensions) {
  CDX_ASSERT(dimensions > 0 && dimensions % line_dimensions == 0 && dimensions <= 65536);
  for (auto left = dimensions; left > 0; left -= blocks_.back()) blocks_.push_back(std::bit_floor(left));
  Numbers numbers;
  for (std::size_t r = 0; r < rounds; ++r) {
    signs_[r].reserve(dimensions);
    for (const auto block : blocks_)
      for (std::size_t i = 0; i < block; ++i)
        signs_[r].push_back((numbers.next() & 1) != 0 ? std::sqrt(16.0F / static_cast<float>(block))
                                                      : -std::sqrt(16.0F / static_cast<float>(block)));
    order_[r].resize(dimensions);
    std::iota(order_[r].begin(), order_[r].end(), std::uint16_t{0});
    for (auto i = dimensions - 1; i > 0; --i) std::swap(order_[r][i], order_[r][numbers.next() % (i + 1)]);
  }
}

void Rotation::apply(float* values, float* spare) const {
  // The first permutation matters too: similar dimensions often lie side by side.
  float *from = values, *to = spare;
  for (std::size_t r = 0; r < rounds; ++r) {
    const auto* order = order_[r].data();
    for (std::size_t i = 0; i < order_[r].size(); ++i) to[i] = from[order[i]];
    std::swap(from, to);
    std::size_t at = 0;
    for (const auto block : blocks_) {
      mix(from + at, signs_[r].data() + at, block);
      at += block;
    }
  }
  if (from != values)
    for (std::size_t i = 0; i < dimensions(); ++i) values[i] = from[i];
}

}  // namespace cdx::ann
