// Any bytes as a picture: decoding ends with pixels of the size it names or with a reason, never both or
// neither, and what is computed from pixels can take whatever came out.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "image/image.h"

namespace {

void require(bool fine) {
  if (!fine) std::abort();
}

}  // namespace

// What foreign codecs leak on damaged files is theirs; workers are replaced every so many pictures for it.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libdav1d\nleak:libheif\nleak:libde265\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cdx::image;
  static const auto decoder = make_in_process_decoder();
  DecodeOptions options;
  options.max_pixels = 1 << 18;
  options.memory_bytes = 64 << 20;
  // The last byte asks for a scaled decoding or not, so that both ways are walked.
  if (size > 0 && (data[size - 1] & 1) != 0) options.shortest_side = 1;
  const auto decoded =
      decoder->decode({}, std::string_view(reinterpret_cast<const char*>(data), size), options);
  require(decoded.has_value());
  const auto& [about, picture] = *decoded;
  const bool ok = about.outcome == Outcome::ok;
  require(ok == about.reason.empty() && ok != picture.empty());
  if (!ok) return 0;
  require(decodable(about.format));
  require(picture.rgb.size() == std::size_t{3} * picture.width * picture.height);
  require(std::uint64_t{about.width} * about.height <= options.max_pixels);
  require(clip_crop(picture).rgb.size() == std::size_t{3} * clip_side * clip_side);
  const auto print = fingerprint("", picture);
  require(print.mirrored_hash == perceptual_hash(mirrored(print.signature)));
  return 0;
}
