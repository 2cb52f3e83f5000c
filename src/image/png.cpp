// PNG through libspng: row by row, or whole where it is interlaced.
#include <spng.h>

#include <memory>
#include <string>
#include <vector>

#include "image/codecs.h"
#include "image/exif.h"

namespace cdx::image {
namespace {

// Of one chunk beside the pixels, unpacked, and of all that are kept: profiles and texts may be bombs too.
constexpr std::size_t most_chunk_bytes = 16 << 20;

struct Free {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

Fault explain(int code) {
  switch (code) {
    case SPNG_EMEM:
      return {Outcome::refused, "decoding it takes more memory than is allowed"};
    case SPNG_ECHUNK_LIMITS:
      return {Outcome::refused, "a chunk beside the pixels is larger than is allowed"};
    case SPNG_IO_EOF:
    case SPNG_EIDAT_TOO_SHORT:
      return {Outcome::broken, "the file is cut short"};
    default:
      return {Outcome::broken, spng_strerror(code)};
  }
}

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// The frames of an animated PNG: what its acTL chunk says, which comes before the pixels.
std::uint32_t frames(std::string_view bytes) {
  for (std::size_t at = 8; at + 12 <= bytes.size();) {
    const auto kind = bytes.substr(at + 4, 4);
    if (kind == "IDAT") break;
    if (kind == "acTL") return std::max(1U, big_endian(bytes, at + 8));
    at += std::size_t{12} + big_endian(bytes, at);
  }
  return 1;
}

Drawn paint_interlaced(spng_ctx* context, const spng_ihdr& header, Canvas& canvas) {
  std::vector<std::uint8_t> pixels(std::size_t{4} * header.width * header.height);
  const int code = spng_decode_image(context, pixels.data(), pixels.size(), SPNG_FMT_RGBA8, SPNG_DECODE_TRNS);
  if (code != 0) return tl::unexpected(explain(code));
  for (std::uint32_t y = 0; y < header.height; ++y)
    canvas.rgba_row(y, pixels.data() + std::size_t{4} * header.width * y);
  return {};
}

Drawn paint_rows(spng_ctx* context, const spng_ihdr& header, Canvas& canvas) {
  int code =
      spng_decode_image(context, nullptr, 0, SPNG_FMT_RGBA8, SPNG_DECODE_TRNS | SPNG_DECODE_PROGRESSIVE);
  if (code != 0) return tl::unexpected(explain(code));
  std::vector<std::uint8_t> row(std::size_t{4} * header.width);
  for (std::uint32_t y = 0; y < header.height; ++y) {
    if (canvas.out_of_time()) return fault(Outcome::refused, "decoding it takes too long");
    code = spng_decode_row(context, row.data(), row.size());
    if (code != 0 && code != SPNG_EOI) return tl::unexpected(explain(code));
    canvas.rgba_row(y, row.data());
  }
  return {};
}

}  // namespace

Drawn paint_png(std::string_view bytes, Canvas& canvas) {
  // The size first, before any library sees the file: it comes at a fixed place (PNG, 11.2.2).
  if (bytes.size() >= 24 && bytes.substr(12, 4) == "IHDR")
    CDX_DRAW(canvas.declare(big_endian(bytes, 16), big_endian(bytes, 20), 1, 0));
  const std::unique_ptr<spng_ctx, Free> context(spng_ctx_new(0));
  if (!context) return fault(Outcome::refused, "no memory to decode it");
  spng_set_chunk_limits(context.get(), most_chunk_bytes, most_chunk_bytes);
  // Damage beside the pixels is borne.
  spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_DISCARD);
  if (const int code = spng_set_png_buffer(context.get(), bytes.data(), bytes.size()); code != 0)
    return tl::unexpected(explain(code));
  spng_ihdr header{};
  if (const int code = spng_get_ihdr(context.get(), &header); code != 0) return tl::unexpected(explain(code));
  const bool interlaced = header.interlace_method != SPNG_INTERLACE_NONE;
  // And again before anything else of the file is unpacked: now with what it will take.
  CDX_DRAW(canvas.declare(header.width, header.height, 1, interlaced ? 4 : 0));
  spng_exif exif{};
  std::uint8_t orientation = 1;
  if (spng_get_exif(context.get(), &exif) == 0)
    orientation = exif_orientation(std::string_view(exif.data, exif.length));
  CDX_DRAW(canvas.declare(header.width, header.height, orientation, interlaced ? 4 : 0));
  canvas.about().frames = frames(bytes);
  CDX_DRAW(canvas.open(header.width, header.height));
  return interlaced ? paint_interlaced(context.get(), header, canvas)
                    : paint_rows(context.get(), header, canvas);
}

}  // namespace cdx::image
