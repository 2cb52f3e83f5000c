// Pictures made by code, and files made of them: for tests of whatever reads pictures. Encoders that fail
// stop the test program.
#pragma once

#include <cstdint>
#include <string>

#include "image/picture.h"

namespace cdx::test {

// Two gradients and a checkerboard: no two corners alike, so that turning and mirroring show.
image::Picture gradient(std::uint32_t width, std::uint32_t height);
// Soft shapes on a soft ground, as photos are: other seeds, other pictures.
image::Picture scene(std::uint32_t seed, std::uint32_t width, std::uint32_t height);
image::Picture filled(std::uint32_t width, std::uint32_t height, std::uint8_t red, std::uint8_t green,
                      std::uint8_t blue);

// What becomes of pictures that are taken from others.
image::Picture cropped(const image::Picture& picture, double kept, double at_x,
                       double at_y);  // of each side; 0 to 1
// A logo in a corner and words across the middle, both translucent white.
image::Picture marked(const image::Picture& picture);
image::Picture packed_anew(const image::Picture& picture, int quality);

enum class PngKind { rgb, rgba, grey, grey_alpha, rgb_16, grey_16, palette };
struct PngOptions {
  PngKind kind = PngKind::rgb;
  bool interlaced = false;
  std::uint8_t alpha = 128;      // everywhere, where the kind has one
  std::uint8_t orientation = 0;  // 0: no EXIF
  std::string profile;           // an ICC profile of these bytes
};
std::string encode_png(const image::Picture& picture, const PngOptions& options = {});
std::string png_header(std::uint32_t width, std::uint32_t height);  // and hardly anything behind it

enum class JpegKind { colour, grey, cmyk, ycck, progressive };
struct JpegOptions {
  JpegKind kind = JpegKind::colour;
  int quality = 95;
  std::uint8_t orientation = 0;
  std::string profile;
};
std::string encode_jpeg(const image::Picture& picture, const JpegOptions& options = {});

std::string encode_webp(const image::Picture& picture, bool lossless, std::uint8_t alpha = 255);
// Two frames, the first in the middle of a larger canvas.
std::string animated_webp(const image::Picture& first, std::uint32_t canvas_width,
                          std::uint32_t canvas_height);
// Colours are rounded to 6 x 6 x 6; with `frames` copies of it; `transparent`: that index is see-through.
std::string encode_gif(const image::Picture& picture, bool interlaced = false, int frames = 1,
                       int transparent = -1);
enum class HeifKind { heic, avif };
std::string encode_heif(const image::Picture& picture, HeifKind kind);

std::string exif_block(std::uint8_t orientation, bool big_endian);

std::string small_png();
std::string small_jpeg();
std::string small_gif();
std::string small_webp();

}  // namespace cdx::test
