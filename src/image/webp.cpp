// WebP through libwebp; of an animation the first frame on its canvas.
#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>
#include <vector>

#include "image/codecs.h"
#include "image/exif.h"

namespace cdx::image {
namespace {

struct Free {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};

Fault explain(VP8StatusCode code) {
  switch (code) {
    case VP8_STATUS_OUT_OF_MEMORY:
      return {Outcome::refused, "decoding it takes more memory than is allowed"};
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA:
      return {Outcome::broken, "the file is cut short"};
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return {Outcome::unsupported, "a feature of WebP that is not decoded"};
    default:
      return {Outcome::broken, "the bitstream is damaged"};
  }
}

struct Frame {
  std::string_view bytes;
  WebPBitstreamFeatures features{};
  std::uint32_t x = 0, y = 0;  // on the canvas
};

Drawn decode(const Frame& frame, WEBP_CSP_MODE mode, std::uint8_t* out, std::size_t line) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0)
    return fault(Outcome::unsupported, "libwebp is of another version");
  config.output.colorspace = mode;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = out;
  config.output.u.RGBA.stride = static_cast<int>(line);
  config.output.u.RGBA.size = line * static_cast<std::size_t>(frame.features.height);
  const auto code =
      WebPDecode(reinterpret_cast<const std::uint8_t*>(frame.bytes.data()), frame.bytes.size(), &config);
  if (code != VP8_STATUS_OK) return tl::unexpected(explain(code));
  return {};
}

Drawn paint_frame(const Frame& frame, bool fills, Canvas& canvas) {
  const auto width = static_cast<std::uint32_t>(frame.features.width);
  if (fills && frame.features.has_alpha == 0 && canvas.upright_pixels() != nullptr)
    return decode(frame, MODE_RGB, canvas.upright_pixels(), std::size_t{3} * width);
  std::vector<std::uint8_t> pixels(std::size_t{4} * width *
                                   static_cast<std::uint32_t>(frame.features.height));
  CDX_DRAW(decode(frame, MODE_RGBA, pixels.data(), std::size_t{4} * width));
  if (!fills) canvas.paint_white();
  for (std::uint32_t y = 0; y < static_cast<std::uint32_t>(frame.features.height); ++y)
    canvas.rgba_row(frame.y + y, pixels.data() + std::size_t{4} * width * y, frame.x, width);
  return {};
}

}  // namespace

Drawn paint_webp(std::string_view bytes, Canvas& canvas) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  WebPDemuxState state{};
  const std::unique_ptr<WebPDemuxer, Free> demuxer(WebPDemuxPartial(&data, &state));
  if (!demuxer || state == WEBP_DEMUX_PARSE_ERROR) return fault(Outcome::broken, "the container is damaged");
  const std::uint64_t width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
  const std::uint64_t height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
  std::uint8_t orientation = 1;
  WebPChunkIterator chunk{};
  if (WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk) != 0) {
    orientation = exif_orientation(
        std::string_view(reinterpret_cast<const char*>(chunk.chunk.bytes), chunk.chunk.size));
    WebPDemuxReleaseChunkIterator(&chunk);
  }
  canvas.about().frames = std::max(1U, WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT));
  WebPIterator iterator{};
  if (WebPDemuxGetFrame(demuxer.get(), 1, &iterator) == 0) {
    CDX_DRAW(canvas.declare(width, height, orientation, 0));
    return fault(Outcome::broken, "the file is cut short");
  }
  Frame frame{
      std::string_view(reinterpret_cast<const char*>(iterator.fragment.bytes), iterator.fragment.size),
      {},
      static_cast<std::uint32_t>(iterator.x_offset),
      static_cast<std::uint32_t>(iterator.y_offset)};
  WebPDemuxReleaseIterator(&iterator);
  const auto code = WebPGetFeatures(reinterpret_cast<const std::uint8_t*>(frame.bytes.data()),
                                    frame.bytes.size(), &frame.features);
  if (code != VP8_STATUS_OK) return tl::unexpected(explain(code));
  const auto frame_width = static_cast<std::uint64_t>(frame.features.width);
  const auto frame_height = static_cast<std::uint64_t>(frame.features.height);
  if (frame.x + frame_width > width || frame.y + frame_height > height)
    return fault(Outcome::broken, "the first frame does not fit its canvas");
  const bool fills = frame_width == width && frame_height == height;
  constexpr int lossless = 2;
  const bool direct = fills && frame.features.has_alpha == 0 && orientation == 1;
  CDX_DRAW(canvas.declare(width, height, orientation,
                          (direct ? 0 : 4) + (frame.features.format == lossless ? 4 : 0)));
  CDX_DRAW(canvas.open(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)));
  return paint_frame(frame, fills, canvas);
}

}  // namespace cdx::image
