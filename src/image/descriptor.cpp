#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "base/assert.h"
#include "image/fingerprint.h"
#include "image/resize.h"

namespace cdx::image {
namespace {

struct Colour {
  float y, blue, red;  // BT.601, each centred on 0
};
Colour colour_of(const std::uint8_t* rgb) {
  const auto r = static_cast<float>(rgb[0]), g = static_cast<float>(rgb[1]), b = static_cast<float>(rgb[2]);
  const float y = 0.299F * r + 0.587F * g + 0.114F * b;
  return {y - 128, 0.564F * (b - y), 0.713F * (r - y)};
}

// To length 1, and then to its weight in the whole.
void append(std::vector<float>& out, std::span<const float> values, float weight) {
  float squares = 0;
  for (const float value : values) squares += value * value;
  const float factor = squares > 0 ? weight / std::sqrt(squares) : 0;
  for (const float value : values) out.push_back(value * factor);
}

constexpr std::size_t layout_side = 8;
using Plane = std::array<float, layout_side * layout_side>;

// The first `count` coefficients of the two-dimensional DCT-II in zigzag order (ISO/IEC 15938-3, colour
// layout).
void append_layout(std::vector<float>& out, const Plane& plane, std::size_t count) {
  constexpr auto side = static_cast<int>(layout_side);
  std::size_t taken = 0;
  for (int diagonal = 0; diagonal < 2 * side - 1 && taken < count; ++diagonal)
    for (int i = 0; i <= diagonal && taken < count; ++i) {
      const int v = diagonal % 2 == 0 ? diagonal - i : i, u = diagonal - v;
      if (u >= side || v >= side) continue;
      double sum = 0;
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
          sum += static_cast<double>(plane[static_cast<std::size_t>(y * side + x)]) *
                 std::cos(std::numbers::pi * (2 * x + 1) * u / (2.0 * side)) *
                 std::cos(std::numbers::pi * (2 * y + 1) * v / (2.0 * side));
      const double scale =
          (u == 0 ? std::numbers::sqrt2 / 2 : 1.0) * (v == 0 ? std::numbers::sqrt2 / 2 : 1.0) / 4;
      out.push_back(static_cast<float>(sum * scale));
      ++taken;
    }
}

std::vector<float> colour_layout(const Picture& picture) {
  const auto small = resize(picture, layout_side, layout_side, Filter::box);
  Plane y{}, blue{}, red{};
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto colour = colour_of(small.rgb.data() + 3 * i);
    y[i] = colour.y;
    blue[i] = colour.blue;
    red[i] = colour.red;
  }
  std::vector<float> out;
  append_layout(out, y, 15);
  append_layout(out, blue, 6);
  append_layout(out, red, 6);
  return out;
}

// 3 steps of brightness times 4 x 4 of colour, in the middle of the picture, where things are; roots of
// shares, so that the cosine is the Bhattacharyya coefficient.
std::vector<float> colours_of_the_middle(const Picture& picture) {
  constexpr std::uint32_t side = 32, margin = 6;
  const auto small = resize(picture, side, side, Filter::box);
  std::vector<float> out(48, 0);
  const auto step = [](float value, float width, int steps) {
    return std::clamp(static_cast<int>(std::floor(value / width)) + steps / 2, 0, steps - 1);
  };
  for (std::uint32_t row = margin; row < side - margin; ++row)
    for (std::uint32_t column = margin; column < side - margin; ++column) {
      const auto colour = colour_of(small.row(row) + std::size_t{3} * column);
      const int level = std::clamp(static_cast<int>((colour.y + 128) / 85.4F), 0, 2);
      out[static_cast<std::size_t>(level * 16 + step(colour.blue, 20, 4) * 4 + step(colour.red, 20, 4))] += 1;
    }
  for (float& value : out) value = std::sqrt(value);
  return out;
}

// Directions of edges in 4 x 4 fields, 9 to the half circle, between which an edge is shared out (Dalal and
// Triggs, 2005), together of length 1 with nothing above a fifth.
std::vector<float> edge_directions(const Picture& picture) {
  constexpr std::uint32_t side = 64, fields = 4, directions = 9;
  const auto small = resize(grey(picture), side, side, Filter::bicubic);
  std::vector<float> out(std::size_t{fields} * fields * directions, 0);
  const auto at = [&](std::uint32_t x, std::uint32_t y) {
    return static_cast<float>(small.values[std::size_t{y} * side + x]);
  };
  for (std::uint32_t y = 1; y + 1 < side; ++y)
    for (std::uint32_t x = 1; x + 1 < side; ++x) {
      const float across = at(x + 1, y) - at(x - 1, y), down = at(x, y + 1) - at(x, y - 1);
      const float height = std::hypot(across, down);
      if (height <= 0) continue;
      float turn = std::atan2(down, across) / std::numbers::pi_v<float>;
      if (turn < 0) turn += 1;
      const float place = turn * static_cast<float>(directions);
      const auto low = static_cast<std::uint32_t>(place);
      const float rest = place - static_cast<float>(low);
      float* field = out.data() + std::size_t{directions} * (y * fields / side * fields + x * fields / side);
      field[low % directions] += height * (1 - rest);
      field[(low + 1) % directions] += height * rest;
    }
  float squares = 0;
  for (const float value : out) squares += value * value;
  const float length = std::sqrt(squares);
  constexpr float most = 0.2F;
  if (length > 0)
    for (float& value : out) value = std::min(value / length, most);
  return out;
}

}  // namespace

std::vector<float> descriptor(const Picture& picture) {
  CDX_ASSERT(!picture.empty());
  // Weights whose squares sum to 1.
  constexpr float layout = 0.5F, colours = 0.5F, edges = 0.70710678F;
  std::vector<float> out;
  out.reserve(descriptor_dimension);
  append(out, colour_layout(picture), layout);
  append(out, colours_of_the_middle(picture), colours);
  append(out, edge_directions(picture), edges);
  CDX_ASSERT(out.size() == descriptor_dimension);
  // Where a part says nothing, as on a picture without edges, the others take its share.
  std::vector<float> whole;
  append(whole, out, 1);
  return whole;
}

}  // namespace cdx::image
