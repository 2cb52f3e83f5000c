// The one thing that is read of EXIF: how the picture was held.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdx::image {

// 1 to 8 as EXIF tag 0x0112 has them (JEITA CP-3451, 4.6.4 A), where `tiff` is the block from its byte order
// mark on; 1 where the tag is absent or senseless. A name "Exif\0\0" before the block is skipped.
std::uint8_t exif_orientation(std::string_view tiff);

}  // namespace cdx::image
