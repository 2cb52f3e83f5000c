#include "image/clip_input.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "image/resize.h"

namespace cdx::image {
namespace {

// Half of what is too much; a half pixel goes to the even side, as Python's round() has it.
std::uint32_t margin(std::uint32_t side) {
  const std::uint32_t over = side - clip_side, half = over / 2;
  return over % 2 == 0 || half % 2 == 0 ? half : half + 1;
}

}  // namespace

Picture clip_crop(const Picture& picture) {
  CDX_ASSERT(!picture.empty());
  const std::uint64_t least = std::min(picture.width, picture.height);
  const auto scaled = [&](std::uint32_t side) {
    return static_cast<std::uint32_t>(clip_side * std::uint64_t{side} / least);
  };
  const auto width = scaled(picture.width), height = scaled(picture.height);
  // A ribbon would become gigantic; only its middle is wanted.
  constexpr std::uint32_t longest = 64;
  if (width > clip_side * longest || height > clip_side * longest) {
    const auto keep = static_cast<std::uint32_t>(least * longest);
    const auto w = std::min(picture.width, keep), h = std::min(picture.height, keep);
    return clip_crop(crop(picture, (picture.width - w) / 2, (picture.height - h) / 2, w, h));
  }
  const auto resized = resize(picture, width, height, Filter::bicubic);
  return crop(resized, margin(width), margin(height), clip_side, clip_side);
}

std::vector<float> clip_planes(const Picture& crop, const ClipNorm& norm) {
  CDX_ASSERT(crop.width == clip_side && crop.height == clip_side);
  constexpr std::size_t plane = std::size_t{clip_side} * clip_side;
  std::vector<float> out(3 * plane);
  for (std::size_t c = 0; c < 3; ++c) {
    float values[256];
    for (int v = 0; v < 256; ++v)
      values[v] = (static_cast<float>(v) / 255.0F - norm.mean[c]) / norm.deviation[c];
    for (std::size_t i = 0; i < plane; ++i) out[c * plane + i] = values[crop.rgb[3 * i + c]];
  }
  return out;
}

std::vector<float> clip_input(const Picture& picture, const ClipNorm& norm) {
  return clip_planes(clip_crop(picture), norm);
}

}  // namespace cdx::image
