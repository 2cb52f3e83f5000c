#include "image/canvas.h"

#include <fmt/format.h>

#include <cstring>

#include "base/assert.h"

namespace cdx::image {
namespace {

// a * b / 255, rounded, for values of 8 bits.
std::uint8_t scaled(unsigned a, unsigned b) {
  const unsigned product = a * b + 128;
  return static_cast<std::uint8_t>((product + (product >> 8)) >> 8);
}

std::uint8_t over_white(unsigned value, unsigned alpha) {
  const unsigned sum = value * alpha + 255 * (255 - alpha) + 128;
  return static_cast<std::uint8_t>((sum + (sum >> 8)) >> 8);
}

}  // namespace

Drawn Canvas::declare(std::uint64_t width, std::uint64_t height, std::uint8_t orientation,
                      double bytes_a_pixel) {
  if (width == 0 || height == 0)
    return fault(Outcome::broken, fmt::format("the header declares {} x {} pixels", width, height));
  orientation_ = orientation;
  constexpr std::uint64_t longest = 1 << 30;
  const auto shown = [&](std::uint64_t side) { return static_cast<std::uint32_t>(std::min(side, longest)); };
  about_.width = shown(orientation > 4 ? height : width);
  about_.height = shown(orientation > 4 ? width : height);
  if (width > longest || height > longest || width * height > options_.max_pixels)
    return fault(Outcome::refused, fmt::format("the header declares {} x {} pixels; at most {} are decoded",
                                               width, height, options_.max_pixels));
  const double bytes = static_cast<double>(width * height) * (bytes_a_pixel + 3);
  if (bytes > static_cast<double>(options_.memory_bytes))
    return fault(
        Outcome::refused,
        fmt::format(
            "decoding {} x {} pixels of this kind would take {:.0f} MB; at most {:.0f} MB are allowed", width,
            height, bytes / 1e6, static_cast<double>(options_.memory_bytes) / 1e6));
  return {};
}

Drawn Canvas::open(std::uint32_t width, std::uint32_t height) {
  width_ = width;
  height_ = height;
  const std::uint64_t pixels = std::uint64_t{width} * height;
  CDX_ASSERT(pixels > 0 && pixels <= options_.max_pixels);
  pixels_ = reserve_(pixels * 3);
  if (pixels_ == nullptr)
    return fault(Outcome::refused, fmt::format("no memory for {} x {} pixels", width, height));
  // Where the file's first pixel goes, and how far apart its neighbours to the right and below are.
  const auto w = static_cast<std::ptrdiff_t>(width), h = static_cast<std::ptrdiff_t>(height);
  const bool sideways = orientation_ > 4;
  const std::ptrdiff_t line = sideways ? h : w;
  const bool from_right = orientation_ == 2 || orientation_ == 3 || orientation_ == 6 || orientation_ == 7;
  const bool from_bottom = orientation_ == 3 || orientation_ == 4 || orientation_ == 7 || orientation_ == 8;
  const std::ptrdiff_t across = from_right ? -1 : 1, down = from_bottom ? -line : line;
  origin_ = 3 * ((from_right ? line - 1 : 0) + (from_bottom ? ((sideways ? w : h) - 1) * line : 0));
  step_x_ = 3 * (sideways ? down : across);
  step_y_ = 3 * (sideways ? across : down);
  return {};
}

template <class Convert>
void Canvas::paint(std::uint32_t y, std::uint32_t from_x, std::uint32_t count, const std::uint8_t* pixels,
                   std::size_t channels, Convert&& convert) {
  CDX_ASSERT(pixels_ != nullptr && y < height_ && from_x <= width_ && count <= width_ - from_x);
  std::uint8_t* out = pixels_ + origin_ + step_y_ * static_cast<std::ptrdiff_t>(y) +
                      step_x_ * static_cast<std::ptrdiff_t>(from_x);
  for (std::uint32_t x = 0; x < count; ++x, out += step_x_, pixels += channels) convert(pixels, out);
}

void Canvas::rgb_row(std::uint32_t y, const std::uint8_t* pixels) {
  if (orientation_ == 1) {
    CDX_ASSERT(pixels_ != nullptr && y < height_);
    std::memcpy(pixels_ + std::size_t{3} * width_ * y, pixels, std::size_t{3} * width_);
    return;
  }
  paint(y, 0, width_, pixels, 3, [](const std::uint8_t* in, std::uint8_t* out) {
    for (int c = 0; c < 3; ++c) out[c] = in[c];
  });
}

void Canvas::rgba_row(std::uint32_t y, const std::uint8_t* pixels) { rgba_row(y, pixels, 0, width_); }

void Canvas::rgba_row(std::uint32_t y, const std::uint8_t* pixels, std::uint32_t from_x,
                      std::uint32_t count) {
  paint(y, from_x, count, pixels, 4, [](const std::uint8_t* in, std::uint8_t* out) {
    for (int c = 0; c < 3; ++c) out[c] = over_white(in[c], in[3]);
  });
}

void Canvas::premultiplied_row(std::uint32_t y, const std::uint8_t* pixels) {
  paint(y, 0, width_, pixels, 4, [](const std::uint8_t* in, std::uint8_t* out) {
    for (int c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>(std::min(255, in[c] + 255 - in[3]));
  });
}

void Canvas::cmyk_row(std::uint32_t y, const std::uint8_t* pixels) {
  paint(y, 0, width_, pixels, 4, [](const std::uint8_t* in, std::uint8_t* out) {
    for (int c = 0; c < 3; ++c) out[c] = scaled(in[c], in[3]);
  });
}

void Canvas::paint_white() {
  CDX_ASSERT(pixels_ != nullptr);
  std::memset(pixels_, 255, std::size_t{3} * width_ * height_);
}

}  // namespace cdx::image
