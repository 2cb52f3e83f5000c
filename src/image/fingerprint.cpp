#include "image/fingerprint.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "base/assert.h"
#include "image/resize.h"
#include "image/sampling.h"

namespace cdx::image {
namespace {

constexpr std::size_t low = 8;  // frequencies a side

// cos(pi k (2n + 1) / 2N), the DCT-II up to factors that move no median.
struct Cosines {
  double at[low][Signature::side];
  Cosines() {
    for (std::size_t k = 0; k < low; ++k)
      for (std::size_t n = 0; n < Signature::side; ++n)
        at[k][n] =
            std::cos(std::numbers::pi * static_cast<double>(k * (2 * n + 1)) / (2.0 * Signature::side));
  }
};

PerceptualHash hash_of(const float* values) {
  static const Cosines cosines;
  constexpr std::size_t side = Signature::side;
  double down[low][side];
  for (std::size_t k = 0; k < low; ++k)
    for (std::size_t x = 0; x < side; ++x) {
      double sum = 0;
      for (std::size_t y = 0; y < side; ++y)
        sum += cosines.at[k][y] * static_cast<double>(values[y * side + x]);
      down[k][x] = sum;
    }
  std::array<double, low * low> frequencies{};
  for (std::size_t k = 0; k < low; ++k)
    for (std::size_t l = 0; l < low; ++l) {
      double sum = 0;
      for (std::size_t x = 0; x < side; ++x) sum += cosines.at[l][x] * down[k][x];
      frequencies[k * low + l] = sum;
    }
  auto sorted = frequencies;
  std::sort(sorted.begin(), sorted.end());
  const double median = (sorted[low * low / 2 - 1] + sorted[low * low / 2]) / 2;
  PerceptualHash out = 0;
  for (const double value : frequencies) out = out << 1 | (value > median ? 1U : 0U);
  return out;
}

// A hash of what has no structure would be a hash of noise, and equal to that of many others.
bool has_structure(std::span<const float> values) {
  double sum = 0, squares = 0;
  for (const float value : values) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const auto count = static_cast<double>(values.size());
  constexpr double least_deviation = 6;
  return squares / count - sum / count * (sum / count) >= least_deviation * least_deviation;
}

PerceptualHash hash_of_part(const Signature& signature, const Part& part) {
  constexpr std::size_t side = Signature::side;
  std::array<float, side * side> values;
  sample(signature.luma.data(), side, part, side, values.data());
  return has_structure(values) ? hash_of(values.data()) : 0;
}

template <std::size_t N>
void mirror_rows(std::array<std::uint8_t, N>& plane, std::size_t side) {
  for (std::size_t y = 0; y < side; ++y)
    std::reverse(plane.begin() + static_cast<std::ptrdiff_t>(y * side),
                 plane.begin() + static_cast<std::ptrdiff_t>((y + 1) * side));
}

}  // namespace

Signature signature(const Picture& picture) {
  CDX_ASSERT(!picture.empty());
  Signature out;
  const auto luma = resize(grey(picture), Signature::side, Signature::side, Filter::lanczos);
  std::copy(luma.values.begin(), luma.values.end(), out.luma.begin());
  const auto colours = resize(picture, Signature::colour_side, Signature::colour_side, Filter::box);
  const auto clipped = [](double value) {
    return static_cast<std::uint8_t>(std::clamp(value + 128.5, 0.0, 255.0));
  };
  for (std::size_t i = 0; i < out.blue.size(); ++i) {
    const auto* pixel = colours.rgb.data() + 3 * i;
    const double y = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
    out.blue[i] = clipped(0.564 * (pixel[2] - y));
    out.red[i] = clipped(0.713 * (pixel[0] - y));
  }
  return out;
}

Signature mirrored(const Signature& signature) {
  auto out = signature;
  mirror_rows(out.luma, Signature::side);
  mirror_rows(out.blue, Signature::colour_side);
  mirror_rows(out.red, Signature::colour_side);
  return out;
}

MeanColours mean_colours(const Signature& signature) {
  constexpr std::uint32_t cells = 4;
  // The mean of a cell of a square of `side` values.
  const auto mean = [](const auto& values, std::uint32_t side, std::uint32_t x, std::uint32_t y) {
    const auto step = side / cells;
    double sum = 0;
    for (auto row = y * step; row < (y + 1) * step; ++row)
      for (auto column = x * step; column < (x + 1) * step; ++column) sum += values[row * side + column];
    return sum / (step * step);
  };
  const auto clipped = [](double value) {
    return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
  };
  MeanColours out{};
  for (std::uint32_t i = 0; i < cells * cells; ++i) {
    const auto x = i % cells, y = i / cells;
    const double luma = mean(signature.luma, Signature::side, x, y);
    // BT.601 backwards, as signature() went forwards.
    const double blue = luma + (mean(signature.blue, Signature::colour_side, x, y) - 128) / 0.564;
    const double red = luma + (mean(signature.red, Signature::colour_side, x, y) - 128) / 0.713;
    out[3 * i] = clipped(red);
    out[3 * i + 1] = clipped((luma - 0.299 * red - 0.114 * blue) / 0.587);
    out[3 * i + 2] = clipped(blue);
  }
  return out;
}

PerceptualHash perceptual_hash(const Signature& signature) {
  std::array<float, Signature::side * Signature::side> values;
  std::copy(signature.luma.begin(), signature.luma.end(), values.begin());
  return hash_of(values.data());
}

int distance(PerceptualHash a, PerceptualHash b) { return std::popcount(a ^ b); }

PartHashes part_hashes(const Signature& signature) {
  PartHashes out;
  out.whole = hash_of_part(signature, {});
  constexpr double kept = 0.9, slack = 1 - kept;
  for (std::size_t i = 0; i < 9; ++i)
    out.windows[i] = hash_of_part(signature, {slack / 2 * static_cast<double>(i % 3),
                                              slack / 2 * static_cast<double>(i / 3), kept, kept});
  for (std::size_t i = 0; i < 4; ++i)
    out.quarters[i] = hash_of_part(
        signature, {0.5 * static_cast<double>(i % 2), 0.5 * static_cast<double>(i / 2), 0.5, 0.5});
  return out;
}

Fingerprint fingerprint(std::string_view file_bytes, const Picture& picture) {
  Fingerprint out;
  out.sha256 = sha256(file_bytes);
  out.signature = signature(picture);
  out.hash = perceptual_hash(out.signature);
  out.mirrored_hash = perceptual_hash(mirrored(out.signature));
  return out;
}

}  // namespace cdx::image
