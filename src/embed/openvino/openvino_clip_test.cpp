// CLIP folders that are absent, incomplete, damaged or of another kind; small ones that are right, built and
// ONNX.
#include "embed/openvino/openvino_clip.h"

#include <cmath>
#include <limits>
#include <thread>

#include "embed/openvino/made_up_clip.h"
#include "embed/openvino/real_model.h"
#include "support/scratch.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string_view>;

constexpr const char* merges_file = "bpe_simple_vocab_16e6.txt.gz";
const std::string merges_folder = CDX_SOURCE_DIR "/.deps/models/clip-merges/";
const std::string tiny_folder = CDX_SOURCE_DIR "/tools/golden/tiny_clip/";
const MadeUpClip small_clip{128, 2, 64, 16, 64, 2, 49'408, 77, 32};

class OpenVinoClip : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(merges_folder))
      GTEST_SKIP() << "SKIPPED: .deps/models/clip-merges is missing; run tools/fetch_deps.py";
    fs::copy_file(merges_folder + merges_file, scratch_.path() / merges_file);
    options_.model_dir = scratch_.path().string();
    options_.threads = 1;
  }
  void write_small(const std::string& leave_out = {}) {
    write_made_up_clip(small_clip, scratch_.path().string(), leave_out);
  }
  void copy_tiny() {
    for (const char* name : {"vision_model.onnx", "text_model.onnx"})
      fs::copy_file(tiny_folder + name, scratch_.path() / name);
  }
  std::unique_ptr<PictureEmbedder> opened() {
    auto out = open_openvino_clip(options_);
    EXPECT_TRUE(out) << (out ? "" : out.error().message);
    return out ? std::move(*out) : nullptr;
  }
  void expect_error(ErrorKind kind, const std::string& words) {
    const auto out = open_openvino_clip(options_);
    ASSERT_FALSE(out) << words;
    EXPECT_EQ(out.error().kind, kind) << out.error().message;
    EXPECT_NE(out.error().message.find(words), std::string::npos) << out.error().message;
  }
  test::Scratch scratch_;
  OpenVinoClipOptions options_;
};

TEST_F(OpenVinoClip, NamesWhatIsMissingOrWrong) {
  expect_error(ErrorKind::not_found, "holds neither model.safetensors nor vision_model.onnx");
  write_small("vision_model.encoder.layers.1.mlp.fc2.bias");
  expect_error(ErrorKind::corrupt, "\"vision_model.encoder.layers.1.mlp.fc2.bias\" is missing");
  write_small();
  scratch_.write("config.json", R"({"model_type":"siglip"})");
  expect_error(ErrorKind::unsupported, "only clip can be read");
  scratch_.write("config.json", R"({"text_config":{"hidden_act":"relu"}})");
  expect_error(ErrorKind::unsupported, "text_config.hidden_act");
  scratch_.write("config.json", R"({"vision_config":{"num_attention_heads":7}})");
  expect_error(ErrorKind::corrupt, "cannot be split into 7 heads");
  scratch_.write("config.json", "[");
  expect_error(ErrorKind::corrupt, "is no JSON object");
  fs::remove(scratch_.path() / "config.json");
  scratch_.write("vocab.json", R"({"a":0})");
  expect_error(ErrorKind::corrupt, "is no vocabulary of 49408 pieces");
  fs::remove(scratch_.path() / "vocab.json");
  options_.device = "TOASTER";
  expect_error(ErrorKind::unsupported, "there is CPU");
  options_.device = "CPU";
  options_.templates = {"a photo"};
  expect_error(ErrorKind::invalid, "must have {} once");
  options_.templates = {"{}"};
  scratch_.write("merges.txt", "#version: 0.2\ni n\nt h\n");
  expect_error(ErrorKind::corrupt, "merges.txt: has 2 merges");
  scratch_.write("merges.txt", "#version: 0.2\ni n\nzzz q\n");
  expect_error(ErrorKind::corrupt, "merges.txt:3: no two known pieces");
  fs::remove(scratch_.path() / "merges.txt");
  fs::resize_file(scratch_.path() / merges_file, 1000);
  expect_error(ErrorKind::corrupt, "no whole gzip file");
  fs::remove(scratch_.path() / merges_file);
  expect_error(ErrorKind::not_found, "merges.txt");
}

TEST_F(OpenVinoClip, ReadsSizesFromTheShapes) {
  write_small();
  const auto clip = opened();
  ASSERT_NE(clip, nullptr);
  EXPECT_EQ(clip->picture_side(), 64U);
  EXPECT_EQ(clip->model().dimension, 32U);
  const std::vector<float> picture = made_up_uniform("p", std::size_t{3} * 64 * 64);
  // More than a batch, each as if alone.
  const std::vector<PictureInput> many(70, picture);
  const auto rows = clip->embed_pictures({}, many).value();
  ASSERT_EQ(rows.rows(), 70U);
  for (std::size_t i = 0; i < 70; ++i) EXPECT_NEAR(cosine(rows.row(i), rows.row(0)), 1, 1e-5) << i;
  EXPECT_EQ(clip->embed_pictures({}, {})->rows(), 0U);
  EXPECT_EQ(clip->embed_texts({}, {}, TextRole::query)->rows(), 0U);
}

TEST_F(OpenVinoClip, RefusesPicturesThatAreNone) {
  write_small();
  const auto clip = opened();
  ASSERT_NE(clip, nullptr);
  std::vector<float> picture = made_up_uniform("p", std::size_t{3} * 64 * 64);
  const std::vector<PictureInput> short_one{std::span(picture).first(100)};
  EXPECT_EQ(clip->embed_pictures({}, short_one).error().kind, ErrorKind::invalid);
  picture[5] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<PictureInput> broken{picture};
  EXPECT_EQ(clip->embed_pictures({}, broken).error().kind, ErrorKind::invalid);
}

TEST_F(OpenVinoClip, AveragesTheTemplates) {
  write_small();
  const auto plain = opened();
  options_.templates = {"a photo of {}.", "{} on a table"};
  const auto both = opened();
  ASSERT_TRUE(plain && both);
  const auto parts =
      plain->embed_texts({}, Texts{"a photo of red shoes.", "red shoes on a table"}, TextRole::query).value();
  const auto mean = both->embed_texts({}, Texts{"red shoes"}, TextRole::query).value();
  std::vector<float> sum(32);
  double squares = 0;
  for (std::size_t k = 0; k < 32; ++k) {
    sum[k] = parts.row(0)[k] + parts.row(1)[k];
    squares += static_cast<double>(sum[k]) * static_cast<double>(sum[k]);
  }
  EXPECT_NEAR(cosine(mean.row(0), sum) / std::sqrt(squares), 1, 1e-5);
  EXPECT_LT(cosine(mean.row(0), parts.row(0)), 0.9999);
  EXPECT_EQ(plain->model().space(), both->model().space());  // of the same pictures
}

TEST_F(OpenVinoClip, HeedsStopAndDeadline) {
  write_small();
  const auto clip = opened();
  ASSERT_NE(clip, nullptr);
  const std::vector<float> picture = made_up_uniform("p", std::size_t{3} * 64 * 64);
  const std::vector<PictureInput> one{picture};
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  EXPECT_EQ(clip->embed_pictures(call, one).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(clip->embed_texts(call, Texts{"a"}, TextRole::query).error().kind, ErrorKind::cancelled);
  Call late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(clip->embed_pictures(late, one).error().kind, ErrorKind::timed_out);
}

TEST_F(OpenVinoClip, GivesTheSameFromManyThreads) {
  write_small();
  options_.streams = 2;
  const auto clip = opened();
  ASSERT_NE(clip, nullptr);
  const auto expected = clip->embed_texts({}, Texts{"red shoes", "a cat"}, TextRole::query).value();
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto got = clip->embed_texts({}, Texts{"red shoes", "a cat"}, TextRole::passage);
        if (!got || cosine(got->row(0), expected.row(0)) < 0.99999 ||
            cosine(got->row(1), expected.row(1)) < 0.99999)
          ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST_F(OpenVinoClip, ReadsAPairOfOnnxFiles) {
  copy_tiny();
  const auto clip = opened();
  ASSERT_NE(clip, nullptr);
  EXPECT_EQ(clip->model().dimension, 4U);
  EXPECT_EQ(clip->picture_side(), 224U);
  std::vector<float> picture(std::size_t{3} * 224 * 224, 1.0F);
  std::fill(picture.begin(), picture.begin() + 224 * 224, 2.0F);  // (2, 1, 1, 1) of length sqrt(7)
  const std::vector<PictureInput> one{picture};
  const auto shown = clip->embed_pictures({}, one).value();
  EXPECT_NEAR(shown.row(0)[0], 2 / std::sqrt(7.0), 1e-5);
  EXPECT_NEAR(shown.row(0)[3], 1 / std::sqrt(7.0), 1e-5);
  // start, cat, end: (1, 1, 0.2, 1)
  const auto said = clip->embed_texts({}, Texts{"cat", "a a a a a a a a a"}, TextRole::query).value();
  EXPECT_NEAR(said.row(0)[2] / said.row(0)[0], 0.2, 1e-5);
  EXPECT_NEAR(said.row(0)[1] / said.row(0)[0], 1, 1e-5);
  EXPECT_NEAR(said.row(1)[2] / said.row(1)[0], 1.0, 1e-5);
}

TEST_F(OpenVinoClip, RefusesAnotherOnnxPair) {
  fs::copy_file(tiny_folder + "text_model.onnx", scratch_.path() / "text_model.onnx");
  fs::copy_file(tiny_folder + "text_model.onnx", scratch_.path() / "vision_model.onnx");
  expect_error(ErrorKind::unsupported, "pixel_values");
}

}  // namespace
}  // namespace cdx
