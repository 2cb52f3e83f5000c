// How many pictures and texts a second a CLIP model gives, per processor second.
//
//   clip_bench MODEL_FOLDER [THREADS] [CALLS]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "embed/openvino/openvino_clip.h"

namespace {

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Work>
void measure(const char* what, int calls, std::size_t items, const Work& work) {
  if (!work()) return;  // the first call shapes the network's memory
  const auto start = std::chrono::steady_clock::now();
  const double before = processor_seconds();
  for (int i = 0; i < calls; ++i) work();
  const double spent = processor_seconds() - before;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  const double done = static_cast<double>(items) * calls;
  std::printf("%-34s %8.1f a second, %8.1f a processor second\n", what, done / passed.count(), done / spent);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cdx;
  if (argc < 2) {
    std::fprintf(stderr, "clip_bench MODEL_FOLDER [THREADS] [CALLS]\n");
    return 2;
  }
  OpenVinoClipOptions options;
  options.model_dir = argv[1];
  options.threads = argc > 2 ? static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10)) : 1;
  const int calls = argc > 3 ? static_cast<int>(std::strtol(argv[3], nullptr, 10)) : 8;
  const auto clip = open_openvino_clip(options);
  if (!clip) {
    std::fprintf(stderr, "%s\n", clip.error().message.c_str());
    return 1;
  }
  const std::size_t side = (*clip)->picture_side();
  std::vector<float> picture(3 * side * side);
  for (std::size_t i = 0; i < picture.size(); ++i)
    picture[i] = static_cast<float>(i * 7919 % 1000) / 250.0F - 2.0F;
  const std::vector<PictureInput> pictures(32, picture);
  const std::vector<std::string_view> texts(32, "a photo of a red dress on a street in summer");
  measure("pictures, 32 at once", calls, 32,
          [&] { return (*clip)->embed_pictures({}, pictures).has_value(); });
  const std::span<const PictureInput> one(pictures.data(), 1);
  measure("pictures, one at a time", calls, 1, [&] { return (*clip)->embed_pictures({}, one).has_value(); });
  measure("texts of 12 tokens, 32 at once", calls, 32,
          [&] { return (*clip)->embed_texts({}, texts, TextRole::passage).has_value(); });
  const std::span<const std::string_view> query(texts.data(), 1);
  measure("texts, one at a time", calls, 1,
          [&] { return (*clip)->embed_texts({}, query, TextRole::query).has_value(); });
  // As people ask: another number of texts each time, each of another length.
  constexpr const char* words =
      "a photo of a red dress on a street in summer with a very small dog beside an old blue car";
  std::size_t asked = 0, total = 0;
  const int many = calls * 8;
  const auto some = [&] {
    std::vector<std::string_view> mixed;
    const auto count = 1 + asked * 5 % 16;
    for (std::size_t i = 0; i < count; ++i)
      mixed.push_back(std::string_view(words).substr(0, 12 + (asked * 7 + i * 11) % 70));
    ++asked;
    total += count;
    return (*clip)->embed_texts({}, mixed, TextRole::query).has_value();
  };
  const auto start = std::chrono::steady_clock::now();
  const double before = processor_seconds();
  for (int i = 0; i < many; ++i)
    if (!some()) return 1;
  const double spent = processor_seconds() - before;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  std::printf("%-34s %8.1f a second, %8.1f a processor second\n", "texts of all lengths, 1 to 16 at once",
              static_cast<double>(total) / passed.count(), static_cast<double>(total) / spent);
  return 0;
}
