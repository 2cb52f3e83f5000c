// HEIC and AVIF through libheif, which turns pictures upright itself.
#include <libheif/heif.h>

#include <memory>
#include <string>

#include "image/codecs.h"

namespace cdx::image {
namespace {

struct Free {
  void operator()(heif_context* context) const { heif_context_free(context); }
  void operator()(heif_image_handle* handle) const { heif_image_handle_release(handle); }
  void operator()(heif_image* image) const { heif_image_release(image); }
  void operator()(heif_decoding_options* options) const { heif_decoding_options_free(options); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Fault explain(const heif_error& error) {
  const std::string said = error.message != nullptr ? error.message : "libheif gave no reason";
  switch (error.code) {
    case heif_error_Memory_allocation_error:
      return {Outcome::refused, "decoding it takes more memory than is allowed"};
    case heif_error_Unsupported_feature:
    case heif_error_Unsupported_filetype:
      return {Outcome::unsupported, said};
    default:
      return {error.subcode == heif_suberror_Security_limit_exceeded ? Outcome::refused : Outcome::broken,
              said};
  }
}

Drawn paint_pixels(const heif_image* image, bool alpha, bool premultiplied, Canvas& canvas) {
  const int width = heif_image_get_width(image, heif_channel_interleaved);
  const int height = heif_image_get_height(image, heif_channel_interleaved);
  int line = 0;
  const std::uint8_t* pixels = heif_image_get_plane_readonly(image, heif_channel_interleaved, &line);
  if (pixels == nullptr || width <= 0 || height <= 0 || line < width * (alpha ? 4 : 3))
    return fault(Outcome::broken, "it decodes to no pixels");
  // The decoded size counts, whatever the boxes said.
  CDX_DRAW(canvas.declare(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), 1, 4));
  CDX_DRAW(canvas.open(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)));
  for (std::uint32_t y = 0; y < static_cast<std::uint32_t>(height); ++y) {
    const auto* row = pixels + static_cast<std::size_t>(line) * y;
    if (!alpha)
      canvas.rgb_row(y, row);
    else if (premultiplied)
      canvas.premultiplied_row(y, row);
    else
      canvas.rgba_row(y, row);
  }
  return {};
}

}  // namespace

Drawn paint_heif(std::string_view bytes, Canvas& canvas) {
  const Owned<heif_context> context(heif_context_alloc());
  if (!context) return fault(Outcome::refused, "no memory to decode it");
  // Tiles one after another: the pool of workers is what runs at once.
  heif_context_set_max_decoding_threads(context.get(), 0);
  auto error = heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr);
  if (error.code != heif_error_Ok) return tl::unexpected(explain(error));
  heif_image_handle* raw = nullptr;
  error = heif_context_get_primary_image_handle(context.get(), &raw);
  if (error.code != heif_error_Ok) return tl::unexpected(explain(error));
  const Owned<heif_image_handle> handle(raw);
  const auto size = [](int side) { return static_cast<std::uint64_t>(std::max(side, 0)); };
  // Before cropping too: that is what is decoded. Planes, their conversion and the interleaved result at
  // once.
  constexpr double held = 7;
  CDX_DRAW(canvas.declare(size(heif_image_handle_get_ispe_width(raw)),
                          size(heif_image_handle_get_ispe_height(raw)), 1, held));
  CDX_DRAW(canvas.declare(size(heif_image_handle_get_width(raw)), size(heif_image_handle_get_height(raw)), 1,
                          held));
  canvas.about().frames =
      static_cast<std::uint32_t>(std::max(1, heif_context_get_number_of_top_level_images(context.get())));
  const bool alpha = heif_image_handle_has_alpha_channel(raw) != 0;
  const bool premultiplied = heif_image_handle_is_premultiplied_alpha(raw) != 0;
  const Owned<heif_decoding_options> options(heif_decoding_options_alloc());
  options->convert_hdr_to_8bit = 1;
  heif_image* decoded = nullptr;
  error =
      heif_decode_image(raw, &decoded, heif_colorspace_RGB,
                        alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB, options.get());
  if (error.code != heif_error_Ok) return tl::unexpected(explain(error));
  const Owned<heif_image> image(decoded);
  return paint_pixels(image.get(), alpha, premultiplied, canvas);
}

}  // namespace cdx::image
