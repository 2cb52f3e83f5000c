#include "image/exif.h"

namespace cdx::image {
namespace {

class Bytes {
 public:
  Bytes(std::string_view bytes, bool big) : bytes_(bytes), big_(big) {}
  // 0 beyond the end: no tag and no count there.
  std::uint32_t number(std::size_t at, unsigned width) const {
    if (at > bytes_.size() || bytes_.size() - at < width) return 0;
    std::uint32_t value = 0;
    for (unsigned i = 0; i < width; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes_[at + (big_ ? i : width - 1 - i)]);
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_;
};

}  // namespace

std::uint8_t exif_orientation(std::string_view tiff) {
  using namespace std::string_view_literals;
  if (tiff.substr(0, 6) == "Exif\0\0"sv) tiff.remove_prefix(6);
  const bool big = tiff.substr(0, 4) == "MM\0*"sv;
  if (!big && tiff.substr(0, 4) != "II*\0"sv) return 1;
  const Bytes bytes(tiff, big);
  const std::size_t directory = bytes.number(4, 4);
  const std::uint32_t entries = bytes.number(directory, 2);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + std::size_t{12} * i;
    if (entry >= tiff.size()) return 1;
    if (bytes.number(entry, 2) != 0x0112) continue;
    constexpr std::uint32_t as_short = 3;
    const auto value = bytes.number(entry + 8, bytes.number(entry + 2, 2) == as_short ? 2 : 4);
    return value >= 1 && value <= 8 ? static_cast<std::uint8_t>(value) : std::uint8_t{1};
  }
  return 1;
}

}  // namespace cdx::image
