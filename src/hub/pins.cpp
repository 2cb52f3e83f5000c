#include <fmt/format.h>

#include <numeric>

#include "hub/hub.h"

namespace cdx::hub {
namespace {

constexpr std::string_view clip_b32 =
    "Xenova/clip-vit-base-patch32/resolve/d15189d7028b43f1d3e65039190477f6af591c2a/";

PinnedFile from_b32(std::string_view path, std::string_view name, std::uint64_t bytes,
                    std::string_view sha256) {
  return {std::string(clip_b32) + std::string(path), std::string(name), bytes, std::string(sha256)};
}

std::vector<PinnedFile> with_text_of_b32(PinnedFile vision) {
  return {std::move(vision),
          from_b32("onnx/text_model.onnx", "text_model.onnx", 254'058'553,
                   "3f6571f5bad13a97c469c1622e1cfc4d9aef78b79fdbfcff804ca357bfada8cc"),
          from_b32("vocab.json", "vocab.json", 862'328,
                   "5047b556ce86ccaf6aa22b3ffccfc52d391ea4accdab9c2f2407da5b742d4363"),
          from_b32("merges.txt", "merges.txt", 524'619,
                   "9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a")};
}

}  // namespace

const std::vector<PinnedModel>& known_models() {
  static const std::vector<PinnedModel> all{
      {"clip-vit-base-patch32", "CLIP ViT-B/32, 512 columns: search of pictures by words and by example",
       "MIT",
       with_text_of_b32(from_b32("onnx/vision_model.onnx", "vision_model.onnx", 351'685'709,
                                 "fd6e1402a588279d1723c7534d4bcba5bc0b14b47dfab0e46f8c47b8270d7d40"))},
      {"clip-vit-base-patch32-quantized",
       "the same with a vision tower of 8 bits: a quarter of the download, less exact", "MIT",
       with_text_of_b32(from_b32("onnx/vision_model_quantized.onnx", "vision_model.onnx", 89'117'001,
                                 "583fd1110a514667812fee7d684952aaf82a99b959760c8d7dca7e0ab9839299"))},
  };
  return all;
}

Result<PinnedModel> find_model(std::string_view name) {
  std::string names;
  for (const PinnedModel& model : known_models()) {
    if (model.name == name) return model;
    names += (names.empty() ? "" : ", ") + model.name;
  }
  return fail(ErrorKind::not_found, fmt::format("no model \"{}\" is known; there is {}", name, names));
}

std::uint64_t PinnedModel::bytes() const {
  return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const PinnedFile& file) { return sum + file.bytes; });
}

}  // namespace cdx::hub
