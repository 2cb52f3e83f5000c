// GIF through giflib: the first frame on its screen. The others are walked past, not unpacked.
#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "image/codecs.h"

namespace cdx::image {
namespace {

struct Input {
  std::string_view left;
};

int read(GifFileType* file, GifByteType* out, int count) {
  auto& input = *static_cast<Input*>(file->UserData);
  const auto taken = std::min(input.left.size(), static_cast<std::size_t>(std::max(count, 0)));
  std::memcpy(out, input.left.data(), taken);
  input.left.remove_prefix(taken);
  return static_cast<int>(taken);
}

struct Close {
  void operator()(GifFileType* file) const {
    int error = 0;
    DGifCloseFile(file, &error);
  }
};

Fault explain(int code) {
  switch (code) {
    case D_GIF_ERR_NOT_ENOUGH_MEM:
      return {Outcome::refused, "decoding it takes more memory than is allowed"};
    case D_GIF_ERR_READ_FAILED:
    case D_GIF_ERR_EOF_TOO_SOON:
      return {Outcome::broken, "the file is cut short"};
    default: {
      const char* said = GifErrorString(code);
      return {Outcome::broken, said != nullptr ? said : "the data is damaged"};
    }
  }
}

// Reads up to the next picture; notes the index that is see-through (GIF89a, 23). False: there is none.
tl::expected<bool, Fault> next_picture(GifFileType* file, int& transparent) {
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(file, &record) == GIF_ERROR) return tl::unexpected(explain(file->Error));
    if (record == TERMINATE_RECORD_TYPE) return false;
    if (record == IMAGE_DESC_RECORD_TYPE) {
      if (DGifGetImageDesc(file) == GIF_ERROR) return tl::unexpected(explain(file->Error));
      return true;
    }
    int code = 0;
    GifByteType* block = nullptr;
    if (record != EXTENSION_RECORD_TYPE || DGifGetExtension(file, &code, &block) == GIF_ERROR)
      return tl::unexpected(explain(file->Error));
    while (block != nullptr) {
      // The first byte of a block is its length.
      if (code == GRAPHICS_EXT_FUNC_CODE && block[0] >= 4) transparent = (block[1] & 1) != 0 ? block[4] : -1;
      if (DGifGetExtensionNext(file, &block) == GIF_ERROR) return tl::unexpected(explain(file->Error));
    }
  }
}

// In which order the rows of an interlaced picture come (GIF89a, appendix E).
std::vector<std::uint32_t> row_order(std::uint32_t height, bool interlaced) {
  std::vector<std::uint32_t> out;
  if (!interlaced) {
    for (std::uint32_t y = 0; y < height; ++y) out.push_back(y);
    return out;
  }
  constexpr std::uint32_t from[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
  for (int pass = 0; pass < 4; ++pass)
    for (std::uint32_t y = from[pass]; y < height; y += step[pass]) out.push_back(y);
  return out;
}

Drawn paint_first(GifFileType* file, int transparent, std::uint32_t shown_width, std::uint32_t shown_height,
                  Canvas& canvas) {
  const auto& place = file->Image;
  const ColorMapObject* colours = place.ColorMap != nullptr ? place.ColorMap : file->SColorMap;
  const auto left = static_cast<std::uint32_t>(place.Left), top = static_cast<std::uint32_t>(place.Top);
  const auto width = static_cast<std::uint32_t>(place.Width),
             height = static_cast<std::uint32_t>(place.Height);
  std::vector<GifPixelType> line(width);
  std::vector<std::uint8_t> rgba(std::size_t{4} * width);
  const std::uint32_t visible = left < shown_width ? std::min(width, shown_width - left) : 0;
  for (const auto y : row_order(height, place.Interlace)) {
    if (canvas.out_of_time()) return fault(Outcome::refused, "decoding it takes too long");
    if (DGifGetLine(file, line.data(), static_cast<int>(width)) == GIF_ERROR)
      return tl::unexpected(explain(file->Error));
    for (std::uint32_t x = 0; x < width; ++x) {
      const int index = line[x];
      std::uint8_t* out = rgba.data() + std::size_t{4} * x;
      // A file without any colours is grey, and an index beyond its colours is black.
      if (colours == nullptr) {
        out[0] = out[1] = out[2] = static_cast<std::uint8_t>(index);
      } else if (index < colours->ColorCount) {
        out[0] = colours->Colors[index].Red;
        out[1] = colours->Colors[index].Green;
        out[2] = colours->Colors[index].Blue;
      } else {
        out[0] = out[1] = out[2] = 0;
      }
      out[3] = index == transparent ? 0 : 255;
    }
    if (top + y < shown_height && visible > 0) canvas.rgba_row(top + y, rgba.data(), left, visible);
  }
  return {};
}

// How many pictures follow; what is wrong behind the first does not matter.
std::uint32_t count_rest(GifFileType* file) {
  std::uint32_t count = 0;
  int unused = -1;
  for (;;) {
    const auto next = next_picture(file, unused);
    if (!next || !*next) return count;
    ++count;
    int size = 0;
    GifByteType* block = nullptr;
    if (DGifGetCode(file, &size, &block) == GIF_ERROR) return count;
    while (block != nullptr)
      if (DGifGetCodeNext(file, &block) == GIF_ERROR) return count;
  }
}

}  // namespace

Drawn paint_gif(std::string_view bytes, Canvas& canvas) {
  Input input{bytes};
  int error = 0;
  const std::unique_ptr<GifFileType, Close> file(DGifOpen(&input, read, &error));
  if (!file) return tl::unexpected(explain(error));
  const auto width = static_cast<std::uint64_t>(std::max(0, file->SWidth));
  const auto height = static_cast<std::uint64_t>(std::max(0, file->SHeight));
  CDX_DRAW(canvas.declare(width, height, 1, 0));
  int transparent = -1;
  const auto found = next_picture(file.get(), transparent);
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fault(Outcome::broken, "it holds no picture");
  // A picture may reach beyond its screen: rows of it are unpacked all the same.
  const auto& place = file->Image;
  if (place.Left < 0 || place.Top < 0 || place.Width <= 0 || place.Height <= 0)
    return fault(Outcome::broken, "the first picture has no size");
  CDX_DRAW(canvas.declare(std::max(width, static_cast<std::uint64_t>(place.Left + place.Width)),
                          std::max(height, static_cast<std::uint64_t>(place.Top + place.Height)), 1, 0));
  CDX_DRAW(canvas.declare(width, height, 1, 0));
  CDX_DRAW(canvas.open(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)));
  canvas.paint_white();
  CDX_DRAW(paint_first(file.get(), transparent, static_cast<std::uint32_t>(width),
                       static_cast<std::uint32_t>(height), canvas));
  canvas.about().frames = 1 + count_rest(file.get());
  return {};
}

}  // namespace cdx::image
