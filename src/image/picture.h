// Picture: 8-bit RGB pixels, upright, nothing behind them; and what kind of file a picture came in.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace cdx::image {

struct Picture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;  // rows from the top, 3 bytes a pixel, no padding

  bool empty() const { return rgb.empty(); }
  const std::uint8_t* row(std::uint32_t y) const { return rgb.data() + std::size_t{3} * width * y; }
  std::uint8_t* row(std::uint32_t y) { return rgb.data() + std::size_t{3} * width * y; }
};

enum class Format : std::uint8_t {
  unknown,
  jpeg,
  png,
  webp,
  gif,
  heif,
  avif,
  // Known by their first bytes, never decoded:
  bmp,
  tiff,
  jpeg_2000,
  jpeg_xl,
  psd,
  ico,
  pdf,
  svg,
  html,
};
inline constexpr Format last_format = Format::html;

// By the first bytes alone; names and declared types of strangers say nothing.
Format sniff(std::string_view bytes);
std::string_view name(Format format);  // "jpeg", "png", …
bool decodable(Format format);

}  // namespace cdx::image
