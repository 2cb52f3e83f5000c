// Antialiased resizing, equal to Pillow's Image.resize to the last bit, and what it takes to do so.
#pragma once

#include <cstdint>
#include <vector>

#include "image/picture.h"

namespace cdx::image {

enum class Filter {
  box,      // the mean
  bicubic,  // a = -0.5 (Keys, 1981), what CLIP was trained with
  lanczos,  // of 3 lobes
};

// A filter's support grows with the reduction, so nothing is passed over. Sides of 0 are a mistake of the
// caller; a picture of that size already comes back as it is.
Picture resize(const Picture& picture, std::uint32_t width, std::uint32_t height, Filter filter);

// One channel, row by row.
struct GreyPicture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> values;
};
// Luma of ITU-R BT.601, in Pillow's fixed-point form.
GreyPicture grey(const Picture& picture);
GreyPicture resize(const GreyPicture& picture, std::uint32_t width, std::uint32_t height, Filter filter);

// Of a rectangle inside the picture.
Picture crop(const Picture& picture, std::uint32_t x, std::uint32_t y, std::uint32_t width,
             std::uint32_t height);
Picture mirrored(const Picture& picture);  // left and right exchanged

}  // namespace cdx::image
