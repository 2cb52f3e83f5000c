// Model folders that are absent, incomplete, damaged or of another kind; and a tiny ONNX model that is right.
#include <cmath>
#include <filesystem>
#include <fstream>

#include "embed/openvino/real_model.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string_view>;

constexpr const char* tiny_config =
    R"({"model_type":"bert","hidden_size":4,"num_hidden_layers":1,"num_attention_heads":2,)"
    R"("max_position_embeddings":16})";
constexpr const char* tiny_vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nred\ngreen\nblue\n##s\n";

class ModelFolders : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        fs::path(testing::TempDir()) / ("cdx_model_" + std::string(test->name()) + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& bytes) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  void write_tiny_onnx() {
    write("config.json", tiny_config);
    write("vocab.txt", tiny_vocabulary);
    fs::copy_file(CDX_SOURCE_DIR "/tools/golden/tiny.onnx", folder_ / "model.onnx");
  }
  // The real model, with files replaced by the test.
  bool link_real_model(const std::string& except) {
    if (!fs::exists(real_model_dir())) return false;
    for (const auto& entry : fs::directory_iterator(real_model_dir())) {
      if (entry.path().filename() != except)
        fs::create_symlink(entry.path(), folder_ / entry.path().filename());
    }
    return true;
  }
  Result<std::unique_ptr<EmbeddingProvider>> open() {
    OpenVinoOptions options;
    options.model_dir = folder_.string();
    options.threads = 1;
    return open_openvino_embedder(options);
  }
  void expect_error(ErrorKind kind, const std::string& words) {
    const auto out = open();
    ASSERT_FALSE(out) << words;
    EXPECT_EQ(out.error().kind, kind) << out.error().message;
    EXPECT_NE(out.error().message.find(folder_.string()), std::string::npos) << out.error().message;
    EXPECT_NE(out.error().message.find(words), std::string::npos) << out.error().message;
  }

  fs::path folder_;
};

#define CDX_NEEDS_REAL_MODEL(except) \
  if (!link_real_model(except))      \
  GTEST_SKIP() << "SKIPPED: .deps/models/all-minilm-l6-v2 is missing; run tools/fetch_deps.py"

TEST_F(ModelFolders, AnAbsentOrEmptyFolderIsNamed) {
  expect_error(ErrorKind::not_found, "neither model.safetensors nor model.onnx");
  fs::remove_all(folder_);
  expect_error(ErrorKind::not_found, "no such folder");
}

TEST_F(ModelFolders, AMissingFileIsNamed) {
  write("model.safetensors", "x");
  expect_error(ErrorKind::not_found, "config.json");
  write("config.json", tiny_config);
  expect_error(ErrorKind::not_found, "vocab.txt");
}

TEST_F(ModelFolders, ADamagedConfigIsNamed) {
  write("model.safetensors", "x");
  write("config.json", "{\"model_type\":");
  expect_error(ErrorKind::corrupt, "config.json: is no JSON object");
  write("config.json", R"({"model_type":"bert","hidden_size":-4})");
  expect_error(ErrorKind::corrupt, "\"hidden_size\"");
  write("config.json", R"({"model_type":"bert","hidden_size":99999999999})");
  expect_error(ErrorKind::corrupt, "from 1 to 16384");
  write("config.json", R"({"model_type":"t5"})");
  expect_error(ErrorKind::unsupported, "\"model_type\" is \"t5\"");
}

TEST_F(ModelFolders, SettingsThatWouldGiveOtherVectorsAreRefused) {
  write_tiny_onnx();
  write("tokenizer_config.json", R"({"do_lower_case":false})");
  expect_error(ErrorKind::unsupported, "do_lower_case");
  write("tokenizer_config.json", "{}");
  write("1_Pooling/config.json", R"({"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false})");
  expect_error(ErrorKind::unsupported, "pooling_mode_mean_tokens");
}

TEST_F(ModelFolders, ADamagedVocabularyIsNamed) {
  CDX_NEEDS_REAL_MODEL("vocab.txt");
  write("vocab.txt", "");
  expect_error(ErrorKind::corrupt, "vocab.txt: [PAD] is missing");
  write("vocab.txt", tiny_vocabulary);  // whole, but of another model
  expect_error(ErrorKind::corrupt, "word_embeddings");
}

TEST_F(ModelFolders, TruncatedWeightsAreNamed) {
  CDX_NEEDS_REAL_MODEL("model.safetensors");
  std::string start(1 << 20, '\0');
  std::ifstream(real_model_dir() + "/model.safetensors", std::ios::binary)
      .read(start.data(), static_cast<std::streamsize>(start.size()));
  write("model.safetensors", start);
  expect_error(ErrorKind::corrupt, "model.safetensors: tensor");
  write("model.safetensors", start.substr(0, 5000));
  expect_error(ErrorKind::corrupt, "header claims");
  write("model.safetensors", "");
  expect_error(ErrorKind::corrupt, "model.safetensors");
}

TEST_F(ModelFolders, WeightsOfAnotherShapeAreNamed) {
  CDX_NEEDS_REAL_MODEL("config.json");
  write("config.json",
        R"({"model_type":"bert","hidden_size":192,"num_hidden_layers":6,"num_attention_heads":12,)"
        R"("max_position_embeddings":512})");
  expect_error(ErrorKind::corrupt, "has shape [30522, 384] instead of [30522, 192]");
}

TEST_F(ModelFolders, AnOnnxModelGivesTheMeanOfItsTokenVectors) {
  write_tiny_onnx();
  const auto embedder = open().value();
  EXPECT_EQ(embedder->model().dimension, 4U);
  EXPECT_EQ(embedder->model().longest_input, 16U);
  const std::string many = "red green blue reds red green blue reds red green blue reds red green blue";
  const Matrix out = embedder->embed({}, Texts{"red", "", many}, TextRole::passage).value();
  // tiny.onnx gives piece n the vector (1, n, n * n, 10); see tools/golden/make_tiny_onnx.py.
  const auto expected = [](const std::vector<int>& ids) {
    std::vector<double> sum(4, 0);
    for (const int id : ids) {
      sum[0] += 1;
      sum[1] += id;
      sum[2] += id * id;
      sum[3] += 10;
    }
    const double length = std::sqrt(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2] + sum[3] * sum[3]);
    for (double& value : sum) value /= length;
    return sum;
  };
  const std::vector<std::vector<int>> ids{{2, 4, 3},
                                          {2, 3},
                                          // Fourteen pieces fit; the second window begins at a word.
                                          {2, 4, 5, 6, 4, 7, 4, 5, 6, 4, 7, 4, 5, 6, 3, 2, 4, 7, 4, 5, 6, 3}};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::size_t k = 0; k < 4; ++k)
      EXPECT_NEAR(out.row(i)[k], expected(ids[i])[k], 1e-6) << i << " " << k;
  }
}

TEST_F(ModelFolders, ADamagedOnnxFileIsNamed) {
  write_tiny_onnx();
  write("model.onnx", "this is no protobuf");
  expect_error(ErrorKind::corrupt, "model.onnx");
}

TEST_F(ModelFolders, AnOnnxModelOfAnotherWidthIsNamed) {
  write_tiny_onnx();
  write("config.json",
        R"({"model_type":"bert","hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,)"
        R"("max_position_embeddings":16})");
  expect_error(ErrorKind::corrupt, "4 columns");
}

}  // namespace
}  // namespace cdx
