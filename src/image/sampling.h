// Reading a small square plane at places between its values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "image/compare.h"

namespace cdx::image {

// `count` x `count` values, bilinear, evenly spread over a part of a plane of `side` x `side`.
inline void sample(const std::uint8_t* plane, std::size_t side, const Part& part, std::size_t count,
                   float* out) {
  const auto place = [side](double share, std::size_t& first, float& rest) {
    const double at = std::clamp(share * static_cast<double>(side) - 0.5, 0.0, static_cast<double>(side - 1));
    first = std::min(side - 2, static_cast<std::size_t>(at));
    rest = static_cast<float>(at - static_cast<double>(first));
  };
  for (std::size_t y = 0; y < count; ++y) {
    std::size_t row = 0;
    float down = 0;
    place(part.y + part.height * (static_cast<double>(y) + 0.5) / static_cast<double>(count), row, down);
    const auto* upper = plane + row * side;
    const auto* lower = upper + side;
    for (std::size_t x = 0; x < count; ++x) {
      std::size_t column = 0;
      float across = 0;
      place(part.x + part.width * (static_cast<double>(x) + 0.5) / static_cast<double>(count), column,
            across);
      const auto mixed = [&](const std::uint8_t* line) {
        return static_cast<float>(line[column]) * (1 - across) +
               static_cast<float>(line[column + 1]) * across;
      };
      *out++ = mixed(upper) * (1 - down) + mixed(lower) * down;
    }
  }
}

}  // namespace cdx::image
