// ViT-L/14: the widths of the published model (1,024 and 768 columns, 16 and 12 heads, patches of 14, 257
// places, 768 dimensions) at two of its 24 and 12 layers, from made-up weights, against the reference
// implementation on the same; tools/golden/make_clip_large_golden.py tells how the expected values were made.
// All layers of a tower are alike, so that more of them prove nothing but that there is memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "embed/openvino/made_up_clip.h"
#include "embed/openvino/openvino_clip.h"
#include "embed/openvino/real_model.h"
#include "support/scratch.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;

constexpr const char* merges_file = "bpe_simple_vocab_16e6.txt.gz";
const std::string merges_folder = CDX_SOURCE_DIR "/.deps/models/clip-merges/";

MadeUpClip large(std::size_t vision_layers, std::size_t text_layers) {
  return {1'024, vision_layers, 224, 14, 768, text_layers, 49'408, 77, 768};
}

double worst(const Matrix& rows, const std::string& file) {
  std::ifstream in(CDX_SOURCE_DIR "/tests/golden/clip_model/" + file, std::ios::binary);
  std::vector<float> expected(rows.values.size());
  in.read(reinterpret_cast<char*>(expected.data()),
          static_cast<std::streamsize>(expected.size() * sizeof(float)));
  EXPECT_TRUE(in.good()) << file;
  double out = 1;
  for (std::size_t i = 0; i < rows.rows(); ++i)
    out = std::min(out, cosine(rows.row(i), std::span(expected).subspan(i * rows.columns, rows.columns)));
  return out;
}

class LargeClip : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(merges_folder))
      GTEST_SKIP() << "SKIPPED: .deps/models/clip-merges is missing; run tools/fetch_deps.py";
  }
  // Vectors of two pictures and two texts.
  void run(const MadeUpClip& shape) {
    const test::Scratch scratch;
    fs::copy_file(merges_folder + merges_file, scratch.path() / merges_file);
    write_made_up_clip(shape, scratch.path().string());
    OpenVinoClipOptions options;
    options.model_dir = scratch.path().string();
    options.threads = 2;
    const auto clip = open_openvino_clip(options);
    ASSERT_TRUE(clip) << clip.error().message;
    EXPECT_EQ((*clip)->model().dimension, 768U);
    EXPECT_EQ((*clip)->picture_side(), 224U);
    std::vector<std::vector<float>> pictures;
    for (int number = 0; number < 2; ++number) {
      pictures.push_back(made_up_uniform("picture." + std::to_string(number), std::size_t{3} * 224 * 224));
      for (float& value : pictures.back()) value *= 2;
    }
    const std::vector<PictureInput> shown(pictures.begin(), pictures.end());
    const std::string_view texts[] = {"a photo of a red dress", "street food in Bangkok 🍜🔥"};
    auto rows = (*clip)->embed_pictures({}, shown);
    ASSERT_TRUE(rows) << rows.error().message;
    auto words = (*clip)->embed_texts({}, texts, TextRole::query);
    ASSERT_TRUE(words) << words.error().message;
    pictures_ = std::move(*rows);
    texts_ = std::move(*words);
    for (const auto* matrix : {&pictures_, &texts_}) {
      ASSERT_EQ(matrix->rows(), 2U);
      ASSERT_EQ(matrix->columns, 768U);
      for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(cosine(matrix->row(i), matrix->row(i)), 1, 1e-5);
      EXPECT_LT(cosine(matrix->row(0), matrix->row(1)), 0.9999);
    }
  }
  Matrix pictures_, texts_;
};

TEST_F(LargeClip, BothTowersPointWhereTheReferencePoints) {
  run(large(2, 2));
  const double pictures = worst(pictures_, "large_pictures.f32"), texts = worst(texts_, "large_texts.f32");
  EXPECT_GE(pictures, 0.999999);
  EXPECT_GE(texts, 0.999999);
  std::printf("worst cosine to the reference: pictures %.9f, texts %.9f\n", pictures, texts);
}

// Writes 1.7 GB, for as long as it runs.
TEST_F(LargeClip, AllItsLayersFitAndRun) { run(large(24, 12)); }

}  // namespace
}  // namespace cdx
