#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "image/picture.h"

namespace cdx::image {
namespace {

using namespace std::string_view_literals;

bool begins(std::string_view bytes, std::string_view magic) { return bytes.substr(0, magic.size()) == magic; }

// ISO base media: a box `ftyp` with a major brand, a version and compatible brands (ISO/IEC 14496-12, 4.3;
// brands of HEIF in ISO/IEC 23008-12 annex B, of AVIF in the AV1 image file format).
Format of_brands(std::string_view bytes) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const std::size_t size = at(0) << 24 | at(1) << 16 | at(2) << 8 | at(3);
  const auto box = bytes.substr(0, std::min<std::size_t>(size, 4096));
  Format found = Format::unknown;
  for (std::size_t i = 8; i + 4 <= box.size(); i += i == 8 ? 8 : 4) {
    const auto brand = box.substr(i, 4);
    if (brand == "avif" || brand == "avis") return Format::avif;
    constexpr std::array heif{"heic"sv, "heix"sv, "hevc"sv, "hevx"sv, "heim"sv,
                              "heis"sv, "hevm"sv, "hevs"sv, "mif1"sv, "msf1"sv};
    if (std::find(heif.begin(), heif.end(), brand) != heif.end()) found = Format::heif;
    if (brand == "jxl " && i == 8) return Format::jpeg_xl;
  }
  return found;
}

// Text formats begin with a word behind blanks, a byte order mark or an XML declaration.
Format of_text(std::string_view bytes) {
  std::string head;
  for (const char c : bytes.substr(0, 512))
    head.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  std::string_view text = head;
  if (begins(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty() && " \t\r\n"sv.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  if (begins(text, "<!doctype html") || begins(text, "<html")) return Format::html;
  if (begins(text, "<svg")) return Format::svg;
  if (begins(text, "<?xml") && text.find("<svg") != std::string_view::npos) return Format::svg;
  return Format::unknown;
}

}  // namespace

Format sniff(std::string_view bytes) {
  if (begins(bytes, "\xFF\xD8\xFF")) return Format::jpeg;
  if (begins(bytes, "\x89PNG\r\n\x1A\n"sv)) return Format::png;
  if (begins(bytes, "RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") return Format::webp;
  if (begins(bytes, "GIF87a") || begins(bytes, "GIF89a")) return Format::gif;
  if (bytes.size() >= 16 && bytes.substr(4, 4) == "ftyp") return of_brands(bytes);
  // The header's size field lies behind its name: two letters alone would claim too many texts.
  if (begins(bytes, "BM") && bytes.size() >= 18 && bytes[15] == 0 && bytes[16] == 0) return Format::bmp;
  if (begins(bytes, "II*\0"sv) || begins(bytes, "MM\0*"sv) || begins(bytes, "II+\0"sv) ||
      begins(bytes, "MM\0+"sv))
    return Format::tiff;
  if (begins(bytes, "\0\0\0\x0CjP  \r\n\x87\n"sv) || begins(bytes, "\xFF\x4F\xFF\x51"))
    return Format::jpeg_2000;
  if (begins(bytes, "\xFF\x0A") || begins(bytes, "\0\0\0\x0CJXL \r\n\x87\n"sv)) return Format::jpeg_xl;
  if (begins(bytes, "8BPS")) return Format::psd;
  if (begins(bytes, "\0\0\1\0"sv) && bytes.size() >= 22) return Format::ico;
  if (begins(bytes, "%PDF-")) return Format::pdf;
  return of_text(bytes);
}

std::string_view name(Format format) {
  constexpr std::array names{"unknown"sv, "jpeg"sv, "png"sv,  "webp"sv,      "gif"sv,     "heif"sv,
                             "avif"sv,    "bmp"sv,  "tiff"sv, "jpeg_2000"sv, "jpeg_xl"sv, "psd"sv,
                             "ico"sv,     "pdf"sv,  "svg"sv,  "html"sv};
  static_assert(names.size() == static_cast<std::size_t>(last_format) + 1);
  return names[static_cast<std::size_t>(format)];
}

bool decodable(Format format) { return format >= Format::jpeg && format <= Format::avif; }

}  // namespace cdx::image
