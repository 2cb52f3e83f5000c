// Two passes, across and then down, each with 8-bit values in and out and weights of 22 bits: the arithmetic
// of Pillow's Resample.c, so that pictures come out as in training.
#include "image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "base/assert.h"
#include "image/resize_kernels.h"

namespace cdx::image {
namespace {

double box(double x) { return x > -0.5 && x <= 0.5 ? 1.0 : 0.0; }

double bicubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
  return 0.0;
}

double sinc(double x) {
  if (x == 0.0) return 1.0;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) { return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0; }

struct Kernel {
  double (*value)(double);
  double support;
};

Kernel kernel(Filter filter) {
  switch (filter) {
    case Filter::box:
      return {box, 0.5};
    case Filter::bicubic:
      return {bicubic, 2.0};
    case Filter::lanczos:
      return {lanczos, 3.0};
  }
  std::abort();
}

// For each value that comes out: which come in, and their weights in fixed point.
struct Weights {
  std::vector<std::uint32_t> firsts, counts;
  std::vector<std::int32_t> values;  // `widest` for each
  std::size_t widest = 0;
  RowPlan plan() const { return {firsts.data(), counts.data(), values.data(), widest, firsts.size()}; }
};

Weights weights(std::uint32_t in, std::uint32_t out, Filter filter) {
  const auto [value, support_at_one] = kernel(filter);
  const double scale = static_cast<double>(in) / out;
  const double filter_scale = std::max(scale, 1.0);
  const double support = support_at_one * filter_scale;
  Weights result;
  result.widest = static_cast<std::size_t>(std::ceil(support)) * 2 + 1;
  result.firsts.reserve(out);
  result.counts.reserve(out);
  result.values.assign(result.widest * out, 0);
  std::vector<double> exact(result.widest);
  for (std::uint32_t i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * scale;
    const auto first = std::max(0, static_cast<int>(centre - support + 0.5));
    const auto end = std::min(static_cast<int>(in), static_cast<int>(centre + support + 0.5));
    const auto count = static_cast<std::uint32_t>(end - first);
    double sum = 0;
    for (std::uint32_t k = 0; k < count; ++k) {
      exact[k] = value((static_cast<double>(k) + first - centre + 0.5) * (1.0 / filter_scale));
      sum += exact[k];
    }
    auto* fixed = result.values.data() + result.widest * i;
    for (std::uint32_t k = 0; k < count; ++k) {
      const double share = sum != 0.0 ? exact[k] / sum : exact[k];
      fixed[k] = static_cast<std::int32_t>((share < 0 ? -0.5 : 0.5) + share * (1 << weight_bits));
    }
    result.firsts.push_back(static_cast<std::uint32_t>(first));
    result.counts.push_back(count);
  }
  return result;
}

template <std::size_t Channels>
std::vector<std::uint8_t> resized(const std::vector<std::uint8_t>& in, std::uint32_t width,
                                  std::uint32_t height, std::uint32_t new_width, std::uint32_t new_height,
                                  Filter filter) {
  CDX_ASSERT(width > 0 && height > 0 && new_width > 0 && new_height > 0);
  CDX_ASSERT(in.size() == Channels * width * height);
  const std::vector<std::uint8_t>* rows = &in;
  std::vector<std::uint8_t> across;
  if (new_width != width) {
    const auto horizontal = weights(width, new_width, filter);
    across.resize(Channels * new_width * height);
    // One more pixel behind, for kernels that read four bytes a pixel.
    std::vector<std::uint8_t> padded(Channels * (width + 1));
    for (std::uint32_t y = 0; y < height; ++y) {
      const auto* row = in.data() + Channels * width * y;
      auto* out = across.data() + Channels * new_width * y;
      if constexpr (Channels == 3) {
        std::copy_n(row, Channels * width, padded.begin());
        weigh_pixel_row(padded.data(), horizontal.plan(), out);
      } else {
        weigh_value_row(row, horizontal.plan(), out);
      }
    }
    rows = &across;
  }
  if (new_height == height) return *rows;
  const auto vertical = weights(height, new_height, filter);
  const std::size_t length = Channels * new_width;
  std::vector<std::uint8_t> out(length * new_height);
  for (std::uint32_t y = 0; y < new_height; ++y)
    weigh_rows(rows->data() + length * vertical.firsts[y], length,
               vertical.values.data() + vertical.widest * y, vertical.counts[y], out.data() + length * y);
  return out;
}

}  // namespace

Picture resize(const Picture& picture, std::uint32_t width, std::uint32_t height, Filter filter) {
  return {width, height, resized<3>(picture.rgb, picture.width, picture.height, width, height, filter)};
}

GreyPicture resize(const GreyPicture& picture, std::uint32_t width, std::uint32_t height, Filter filter) {
  return {width, height, resized<1>(picture.values, picture.width, picture.height, width, height, filter)};
}

GreyPicture grey(const Picture& picture) {
  GreyPicture out{picture.width, picture.height, {}};
  out.values.resize(std::size_t{picture.width} * picture.height);
  const auto* pixel = picture.rgb.data();
  for (auto& value : out.values) {
    value =
        static_cast<std::uint8_t>((pixel[0] * 19595U + pixel[1] * 38470U + pixel[2] * 7471U + 0x8000U) >> 16);
    pixel += 3;
  }
  return out;
}

Picture crop(const Picture& picture, std::uint32_t x, std::uint32_t y, std::uint32_t width,
             std::uint32_t height) {
  CDX_ASSERT(x <= picture.width && width <= picture.width - x && y <= picture.height &&
             height <= picture.height - y);
  Picture out{width, height, {}};
  out.rgb.reserve(std::size_t{3} * width * height);
  for (std::uint32_t row = y; row < y + height; ++row) {
    const auto* from = picture.row(row) + std::size_t{3} * x;
    out.rgb.insert(out.rgb.end(), from, from + std::size_t{3} * width);
  }
  return out;
}

Picture mirrored(const Picture& picture) {
  Picture out = picture;
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x)
      std::copy_n(picture.row(y) + std::size_t{3} * x, 3,
                  out.row(y) + std::size_t{3} * (picture.width - 1 - x));
  return out;
}

}  // namespace cdx::image
