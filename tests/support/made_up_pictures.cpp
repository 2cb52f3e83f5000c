#include "support/made_up_pictures.h"

#include <cstddef>
#include <cstdio>

#include <gif_lib.h>
#include <jpeglib.h>
#include <libheif/heif.h>
#include <spng.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "image/decoder.h"
#include "image/resize.h"

// The encoder of HEIC keeps a little for ever.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265\n"; }

namespace cdx::test {
namespace {

using image::Picture;

void require(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "made_up_pictures: %s failed\n", what);
  std::abort();
}

std::uint8_t byte(double value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)); }

std::uint8_t grey(const std::uint8_t* rgb) {
  return static_cast<std::uint8_t>((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2]) / 1000);
}

void put(std::string& out, std::uint32_t value, unsigned width, bool big) {
  for (unsigned i = 0; i < width; ++i)
    out.push_back(static_cast<char>(value >> 8 * (big ? width - 1 - i : i) & 255));
}

std::string samples(const Picture& picture, const PngOptions& options) {
  std::string out;
  const auto wide = [&](std::uint8_t value) {
    out.push_back(static_cast<char>(value));
    // libspng takes and stores samples of 16 bits in the machine's order.
    out.push_back(static_cast<char>(value));
  };
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    const auto* pixel = picture.rgb.data() + i;
    switch (options.kind) {
      case PngKind::rgb:
      case PngKind::rgba:
        out.append(reinterpret_cast<const char*>(pixel), 3);
        if (options.kind == PngKind::rgba) out.push_back(static_cast<char>(options.alpha));
        break;
      case PngKind::grey:
      case PngKind::grey_alpha:
        out.push_back(static_cast<char>(grey(pixel)));
        if (options.kind == PngKind::grey_alpha) out.push_back(static_cast<char>(options.alpha));
        break;
      case PngKind::rgb_16:
        for (int c = 0; c < 3; ++c) wide(pixel[c]);
        break;
      case PngKind::grey_16:
        wide(grey(pixel));
        break;
      case PngKind::palette:
        out.push_back(static_cast<char>(grey(pixel) / 16));
    }
  }
  return out;
}

}  // namespace

Picture filled(std::uint32_t width, std::uint32_t height, std::uint8_t red, std::uint8_t green,
               std::uint8_t blue) {
  Picture out{width, height, {}};
  out.rgb.reserve(std::size_t{3} * width * height);
  for (std::size_t i = 0; i < std::size_t{width} * height; ++i)
    out.rgb.insert(out.rgb.end(), {red, green, blue});
  return out;
}

Picture gradient(std::uint32_t width, std::uint32_t height) {
  auto out = filled(width, height, 0, 0, 0);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      auto* pixel = out.row(y) + std::size_t{3} * x;
      pixel[0] = static_cast<std::uint8_t>(255 * x / std::max(1U, width - 1));
      pixel[1] = static_cast<std::uint8_t>(255 * y / std::max(1U, height - 1));
      pixel[2] = (x / 8 + y / 8) % 2 == 0 ? 200 : 40;
    }
  return out;
}

Picture scene(std::uint32_t seed, std::uint32_t width, std::uint32_t height) {
  std::mt19937 random(seed);
  const auto unit = [&] { return static_cast<double>(random()) / 4294967296.0; };
  struct Blob {
    double x, y, across, down, sharp, colour[3];
  };
  std::vector<Blob> blobs;
  for (int i = 0; i < 14; ++i)
    blobs.push_back({unit(),
                     unit(),
                     0.04 + 0.3 * unit(),
                     0.04 + 0.3 * unit(),
                     2 + 30 * unit(),
                     {255 * unit(), 255 * unit(), 255 * unit()}});
  const double ground[3] = {255 * unit(), 255 * unit(), 255 * unit()}, slope_x = unit() - 0.5,
               slope_y = unit() - 0.5;
  auto out = filled(width, height, 0, 0, 0);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      const double u = (x + 0.5) / width, v = (y + 0.5) / height;
      double colour[3];
      for (int c = 0; c < 3; ++c) colour[c] = ground[c] + 90 * (slope_x * (u - 0.5) + slope_y * (v - 0.5));
      for (const auto& blob : blobs) {
        const double far = std::hypot((u - blob.x) / blob.across, (v - blob.y) / blob.down);
        const double share = 1 / (1 + std::exp(blob.sharp * (far - 1)));
        for (int c = 0; c < 3; ++c) colour[c] += share * (blob.colour[c] - colour[c]);
      }
      for (int c = 0; c < 3; ++c)
        out.row(y)[std::size_t{3} * x + static_cast<std::size_t>(c)] = byte(colour[c]);
    }
  return out;
}

Picture cropped(const Picture& picture, double kept, double at_x, double at_y) {
  const auto part = [&](std::uint32_t side) { return std::max(1U, static_cast<std::uint32_t>(side * kept)); };
  const auto width = part(picture.width), height = part(picture.height);
  return image::crop(picture, static_cast<std::uint32_t>((picture.width - width) * at_x),
                     static_cast<std::uint32_t>((picture.height - height) * at_y), width, height);
}

Picture marked(const Picture& picture) {
  auto out = picture;
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const double u = static_cast<double>(x) / picture.width, v = static_cast<double>(y) / picture.height;
      const bool logo = u > 0.72 && u < 0.97 && v > 0.85 && v < 0.96;
      const bool letters = u > 0.2 && u < 0.8 && v > 0.46 && v < 0.54 && static_cast<int>(u * 40) % 3 != 0;
      const double cover = logo ? 0.8 : letters ? 0.4 : 0;
      auto* pixel = out.row(y) + std::size_t{3} * x;
      for (int c = 0; c < 3; ++c) pixel[c] = byte(pixel[c] + cover * (255 - pixel[c]));
    }
  return out;
}

Picture packed_anew(const Picture& picture, int quality) {
  const auto decoder = image::make_in_process_decoder();
  auto out = image::decode_picture({}, *decoder, encode_jpeg(picture, {JpegKind::colour, quality, 0, {}}));
  require(out.has_value(), "decoding what was encoded");
  return std::move(*out);
}

std::string exif_block(std::uint8_t orientation, bool big) {
  std::string out = big ? "MM" : "II";
  put(out, 42, 2, big);
  put(out, 8, 4, big);  // where the directory is
  put(out, 2, 2, big);  // two entries: the first is there to be passed over
  put(out, 0x0100, 2, big), put(out, 4, 2, big), put(out, 1, 4, big), put(out, 77, 4, big);
  put(out, 0x0112, 2, big), put(out, 3, 2, big), put(out, 1, 4, big), put(out, orientation, 2, big),
      put(out, 0, 2, big);
  put(out, 0, 4, big);
  return out;
}

std::string encode_png(const Picture& picture, const PngOptions& options) {
  spng_ctx* context = spng_ctx_new(SPNG_CTX_ENCODER);
  require(context != nullptr, "spng_ctx_new");
  spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
  constexpr std::uint8_t types[] = {SPNG_COLOR_TYPE_TRUECOLOR, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA,
                                    SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA,
                                    SPNG_COLOR_TYPE_TRUECOLOR, SPNG_COLOR_TYPE_GRAYSCALE,
                                    SPNG_COLOR_TYPE_INDEXED};
  const bool deep = options.kind == PngKind::rgb_16 || options.kind == PngKind::grey_16;
  spng_ihdr header{
      picture.width,
      picture.height,
      static_cast<std::uint8_t>(deep ? 16 : 8),
      types[static_cast<std::size_t>(options.kind)],
      0,
      0,
      static_cast<std::uint8_t>(options.interlaced ? SPNG_INTERLACE_ADAM7 : SPNG_INTERLACE_NONE)};
  require(spng_set_ihdr(context, &header) == 0, "spng_set_ihdr");
  if (options.kind == PngKind::palette) {
    spng_plte palette{};
    palette.n_entries = 16;
    spng_trns transparency{};
    transparency.n_type3_entries = 16;
    for (std::uint32_t i = 0; i < 16; ++i) {
      palette.entries[i] = {static_cast<std::uint8_t>(i * 17), static_cast<std::uint8_t>(255 - i * 17), 90,
                            255};
      transparency.type3_alpha[i] = options.alpha;
    }
    require(spng_set_plte(context, &palette) == 0 && spng_set_trns(context, &transparency) == 0,
            "spng_set_plte");
  }
  auto block = exif_block(options.orientation, true);
  if (options.orientation != 0) {
    spng_exif exif{block.size(), block.data()};
    require(spng_set_exif(context, &exif) == 0, "spng_set_exif");
  }
  auto profile = options.profile;
  if (!profile.empty()) {
    spng_iccp icc{};
    std::strcpy(icc.profile_name, "made up");
    icc.profile_len = profile.size();
    icc.profile = profile.data();
    require(spng_set_iccp(context, &icc) == 0, "spng_set_iccp");
  }
  const auto pixels = samples(picture, options);
  require(spng_encode_image(context, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE) == 0,
          "spng_encode_image");
  std::size_t size = 0;
  int code = 0;
  void* bytes = spng_get_png_buffer(context, &size, &code);
  require(bytes != nullptr, "spng_get_png_buffer");
  std::string out(static_cast<const char*>(bytes), size);
  std::free(bytes);
  spng_ctx_free(context);
  return out;
}

std::string png_header(std::uint32_t width, std::uint32_t height) {
  // The header of a small file, with other sides and the check sum that belongs to them (PNG, annex D).
  auto out = small_png().substr(0, 8 + 25);
  std::string sides;
  put(sides, width, 4, true), put(sides, height, 4, true);
  out.replace(16, 8, sides);
  std::uint32_t sum = 0xFFFFFFFF;
  for (std::size_t i = 12; i < 29; ++i) {
    sum ^= static_cast<unsigned char>(out[i]);
    for (int bit = 0; bit < 8; ++bit) sum = (sum & 1) != 0 ? sum >> 1 ^ 0xEDB88320 : sum >> 1;
  }
  std::string check;
  put(check, ~sum, 4, true);
  return out.replace(29, 4, check) + small_png().substr(33);
}

std::string encode_jpeg(const Picture& picture, const JpegOptions& options) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &bytes, &size);
  const bool four = options.kind == JpegKind::cmyk || options.kind == JpegKind::ycck;
  info.image_width = picture.width;
  info.image_height = picture.height;
  info.input_components = options.kind == JpegKind::grey ? 1 : four ? 4 : 3;
  info.in_color_space = options.kind == JpegKind::grey ? JCS_GRAYSCALE : four ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&info);
  if (four) jpeg_set_colorspace(&info, options.kind == JpegKind::ycck ? JCS_YCCK : JCS_CMYK);
  jpeg_set_quality(&info, options.quality, TRUE);
  if (options.kind == JpegKind::progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  if (options.orientation != 0) {
    const auto block = std::string("Exif\0\0", 6) + exif_block(options.orientation, false);
    jpeg_write_marker(&info, JPEG_APP0 + 1, reinterpret_cast<const JOCTET*>(block.data()),
                      static_cast<unsigned>(block.size()));
  }
  if (!options.profile.empty()) {
    const auto block = std::string("ICC_PROFILE\0\1\1", 14) + options.profile;
    jpeg_write_marker(&info, JPEG_APP0 + 2, reinterpret_cast<const JOCTET*>(block.data()),
                      static_cast<unsigned>(block.size()));
  }
  std::vector<std::uint8_t> row;
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    row.clear();
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const auto* pixel = picture.row(y) + std::size_t{3} * x;
      if (options.kind == JpegKind::grey)
        row.push_back(grey(pixel));
      else
        row.insert(row.end(), pixel, pixel + 3);
      if (four) row.push_back(255);  // no black, as Adobe writes it: inverted
    }
    JSAMPROW rows[1] = {row.data()};
    jpeg_write_scanlines(&info, rows, 1);
  }
  jpeg_finish_compress(&info);
  std::string out(reinterpret_cast<const char*>(bytes), size);
  jpeg_destroy_compress(&info);
  std::free(bytes);
  return out;
}

std::string encode_webp(const Picture& picture, bool lossless, std::uint8_t alpha) {
  std::vector<std::uint8_t> pixels;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    pixels.insert(pixels.end(), {picture.rgb[i], picture.rgb[i + 1], picture.rgb[i + 2]});
    if (alpha != 255) pixels.push_back(alpha);
  }
  const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  constexpr float quality = 90;
  if (alpha == 255)
    size = lossless ? WebPEncodeLosslessRGB(pixels.data(), width, height, width * 3, &bytes)
                    : WebPEncodeRGB(pixels.data(), width, height, width * 3, quality, &bytes);
  else
    size = lossless ? WebPEncodeLosslessRGBA(pixels.data(), width, height, width * 4, &bytes)
                    : WebPEncodeRGBA(pixels.data(), width, height, width * 4, quality, &bytes);
  require(size > 0, "WebPEncode");
  std::string out(reinterpret_cast<const char*>(bytes), size);
  WebPFree(bytes);
  return out;
}

std::string animated_webp(const Picture& first, std::uint32_t canvas_width, std::uint32_t canvas_height) {
  WebPMux* mux = WebPMuxNew();
  const auto frame = encode_webp(first, true);
  WebPMuxFrameInfo info{};
  info.bitstream = {reinterpret_cast<const std::uint8_t*>(frame.data()), frame.size()};
  info.id = WEBP_CHUNK_ANMF;
  info.duration = 100;
  // Places are even numbers in this format.
  info.x_offset = static_cast<int>((canvas_width - first.width) / 2 & ~1U);
  info.y_offset = static_cast<int>((canvas_height - first.height) / 2 & ~1U);
  const WebPMuxAnimParams params{0xFFFFFFFF, 0};
  require(WebPMuxPushFrame(mux, &info, 1) == WEBP_MUX_OK && WebPMuxPushFrame(mux, &info, 1) == WEBP_MUX_OK,
          "WebPMuxPushFrame");
  require(WebPMuxSetAnimationParams(mux, &params) == WEBP_MUX_OK, "WebPMuxSetAnimationParams");
  require(WebPMuxSetCanvasSize(mux, static_cast<int>(canvas_width), static_cast<int>(canvas_height)) ==
              WEBP_MUX_OK,
          "WebPMuxSetCanvasSize");
  WebPData data{};
  require(WebPMuxAssemble(mux, &data) == WEBP_MUX_OK, "WebPMuxAssemble");
  std::string out(reinterpret_cast<const char*>(data.bytes), data.size);
  WebPDataClear(&data);
  WebPMuxDelete(mux);
  return out;
}

std::string encode_gif(const Picture& picture, bool interlaced, int frames, int transparent) {
  std::string out;
  int error = 0;
  GifFileType* file = EGifOpen(
      &out,
      [](GifFileType* gif, const GifByteType* bytes, int count) {
        static_cast<std::string*>(gif->UserData)
            ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
        return count;
      },
      &error);
  require(file != nullptr, "EGifOpen");
  ColorMapObject* colours = GifMakeMapObject(256, nullptr);
  for (int i = 0; i < 216; ++i)
    colours->Colors[i] = {static_cast<GifByteType>(i / 36 * 51), static_cast<GifByteType>(i / 6 % 6 * 51),
                          static_cast<GifByteType>(i % 6 * 51)};
  const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
  EGifSetGifVersion(file, true);
  require(EGifPutScreenDesc(file, width, height, 8, 0, colours) == GIF_OK, "EGifPutScreenDesc");
  std::vector<std::uint32_t> order;
  constexpr std::uint32_t from[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
  for (int pass = 0; pass < (interlaced ? 4 : 1); ++pass)
    for (std::uint32_t y = interlaced ? from[pass] : 0; y < picture.height; y += interlaced ? step[pass] : 1)
      order.push_back(y);
  for (int frame = 0; frame < frames; ++frame) {
    if (transparent >= 0) {
      const GifByteType control[4] = {1, 0, 0, static_cast<GifByteType>(transparent)};
      require(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, control) == GIF_OK, "EGifPutExtension");
    }
    require(EGifPutImageDesc(file, 0, 0, width, height, interlaced, nullptr) == GIF_OK, "EGifPutImageDesc");
    for (const auto y : order) {
      std::vector<GifPixelType> row;
      for (std::uint32_t x = 0; x < picture.width; ++x) {
        const auto* pixel = picture.row(y) + std::size_t{3} * x;
        row.push_back(static_cast<GifPixelType>((pixel[0] + 25) / 51 * 36 + (pixel[1] + 25) / 51 * 6 +
                                                (pixel[2] + 25) / 51));
      }
      require(EGifPutLine(file, row.data(), width) == GIF_OK, "EGifPutLine");
    }
  }
  GifFreeMapObject(colours);
  require(EGifCloseFile(file, &error) == GIF_OK, "EGifCloseFile");
  return out;
}

std::string encode_heif(const Picture& picture, HeifKind kind) {
  const auto fine = [](const heif_error& error) { return error.code == heif_error_Ok; };
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  require(fine(heif_context_get_encoder_for_format(
              context, kind == HeifKind::heic ? heif_compression_HEVC : heif_compression_AV1, &encoder)),
          "heif_context_get_encoder_for_format");
  heif_encoder_set_lossy_quality(encoder, 90);
  heif_image* image = nullptr;
  const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
  require(fine(heif_image_create(width, height, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image)),
          "heif_image_create");
  require(fine(heif_image_add_plane(image, heif_channel_interleaved, width, height, 8)),
          "heif_image_add_plane");
  int line = 0;
  auto* plane = heif_image_get_plane(image, heif_channel_interleaved, &line);
  for (std::uint32_t y = 0; y < picture.height; ++y)
    std::memcpy(plane + static_cast<std::size_t>(line) * y, picture.row(y), std::size_t{3} * picture.width);
  require(fine(heif_context_encode_image(context, image, encoder, nullptr, nullptr)),
          "heif_context_encode_image");
  std::string out;
  heif_writer writer{1, [](heif_context*, const void* data, std::size_t size, void* user) {
                       static_cast<std::string*>(user)->append(static_cast<const char*>(data), size);
                       return heif_error{heif_error_Ok, heif_suberror_Unspecified, ""};
                     }};
  require(fine(heif_context_write(context, &writer, &out)), "heif_context_write");
  heif_image_release(image);
  heif_encoder_release(encoder);
  heif_context_free(context);
  return out;
}

std::string small_png() { return encode_png(gradient(24, 16)); }
std::string small_jpeg() { return encode_jpeg(gradient(24, 16)); }
std::string small_gif() { return encode_gif(gradient(24, 16)); }
std::string small_webp() { return encode_webp(gradient(24, 16), false); }

}  // namespace cdx::test
