// Shows a test what the image room computes.
//
//   image_probe clip FILE...   the 224 x 224 RGB bytes of each on standard output
//   image_probe hash FILE...   the perceptual hash of each, and that of its mirror image, a line a file
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "image/image.h"

int main(int argc, char** argv) {
  using namespace cdx::image;
  const std::string what = argc > 2 ? argv[1] : "";
  if (what != "clip" && what != "hash") {
    std::fprintf(stderr, "image_probe clip|hash FILE...\n");
    return 2;
  }
  const auto decoder = make_in_process_decoder();
  for (int i = 2; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    const auto picture = decode_picture({}, *decoder, bytes);
    if (!picture) {
      std::fprintf(stderr, "%s: %s\n", argv[i], picture.error().message.c_str());
      return 1;
    }
    if (what == "clip") {
      const auto crop = clip_crop(*picture);
      std::fwrite(crop.rgb.data(), 1, crop.rgb.size(), stdout);
    } else {
      const auto print = fingerprint(bytes, *picture);
      std::printf("%016" PRIx64 " %016" PRIx64 "\n", print.hash, print.mirrored_hash);
    }
  }
  return 0;
}
