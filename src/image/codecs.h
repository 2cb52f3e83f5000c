// One function a format: reads a header, declares it to the canvas, paints the first frame. Inside this room.
#pragma once

#include <string_view>

#include "image/canvas.h"

namespace cdx::image {

Drawn paint_jpeg(std::string_view bytes, Canvas& canvas);
Drawn paint_png(std::string_view bytes, Canvas& canvas);
Drawn paint_webp(std::string_view bytes, Canvas& canvas);
Drawn paint_gif(std::string_view bytes, Canvas& canvas);
Drawn paint_heif(std::string_view bytes, Canvas& canvas);  // AVIF too

// The whole walk: limits, format, codec. Never throws.
void decode_into(const Call& call, std::string_view bytes, const DecodeOptions& options,
                 const Reserve& reserve, Inspection& about, std::uint32_t& width, std::uint32_t& height);

}  // namespace cdx::image

#define CDX_DRAW(expr)                                        \
  do {                                                        \
    auto cdx_drawn = (expr);                                  \
    if (!cdx_drawn) return tl::unexpected(cdx_drawn.error()); \
  } while (false)
