// Parity with the reference implementation on the texts of tools/golden; docs/embeddings.md tells how they
// were made.
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "embed/openvino/real_model.h"
#include "embed/word_piece.h"

namespace cdx {
namespace {

struct GoldenText {
  std::string kind, text;
  std::vector<PieceId> ids;
  std::vector<float> vector;
};

std::string whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::vector<GoldenText> golden_texts() {
  const std::string folder = CDX_SOURCE_DIR "/tools/golden/";
  const std::string vectors = whole_file(folder + "golden.f32");
  std::istringstream lines(whole_file(folder + "golden.jsonl"));
  std::vector<GoldenText> out;
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json row = nlohmann::json::parse(line);
    GoldenText golden{row["kind"], row["text"], row["ids"].get<std::vector<PieceId>>(),
                      std::vector<float>(384)};
    const std::size_t bytes = golden.vector.size() * sizeof(float);
    if ((out.size() + 1) * bytes > vectors.size()) return {};
    std::memcpy(golden.vector.data(), vectors.data() + out.size() * bytes, bytes);
    out.push_back(std::move(golden));
  }
  return out;
}

class Golden : public WithRealModel {};

TEST_F(Golden, TokensAreThoseOfTheReference) {
  const auto golden = golden_texts();
  ASSERT_GE(golden.size(), 200U);
  const auto pieces = WordPiece::parse(whole_file(real_model_dir() + "/vocab.txt"), "vocab.txt").value();
  for (const GoldenText& one : golden)
    EXPECT_EQ(pieces.encode(one.text), one.ids) << one.kind << ": " << one.text;
}

TEST_F(Golden, EveryVectorPointsWhereTheReferencePoints) {
  const auto golden = golden_texts();
  ASSERT_GE(golden.size(), 200U);
  std::vector<std::string_view> texts;
  for (const GoldenText& one : golden) texts.push_back(one.text);
  const Matrix out = embed(texts);
  double worst = 1;
  for (std::size_t i = 0; i < golden.size(); ++i) {
    const double likeness = cosine(out.row(i), golden[i].vector);
    EXPECT_GE(likeness, 0.9999) << golden[i].kind << ": " << golden[i].text;
    worst = std::min(worst, likeness);
  }
  RecordProperty("worst_cosine", std::to_string(worst));
  std::printf("worst cosine to the reference over %zu texts: %.9f\n", golden.size(), worst);
}

TEST_F(Golden, ATextAloneAndInABatchGiveTheSameVector) {
  const auto golden = golden_texts();
  ASSERT_GE(golden.size(), 200U);
  std::vector<std::string_view> texts;
  for (const GoldenText& one : golden) texts.push_back(one.text);
  std::vector<std::string_view> backwards(texts.rbegin(), texts.rend());
  const Matrix forward = embed(texts);
  const Matrix reverse = embed(backwards);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool tried_alone = i % 5 == 0 && texts[i].size() < 2000;
    const Matrix alone = tried_alone ? embed({texts[i]}) : Matrix{};
    for (std::size_t k = 0; k < forward.columns; ++k) {
      ASSERT_NEAR(forward.row(i)[k], reverse.row(texts.size() - 1 - i)[k], 1e-5) << texts[i];
      if (tried_alone) {
        ASSERT_NEAR(forward.row(i)[k], alone.row(0)[k], 1e-5) << texts[i];
      }
    }
  }
}

}  // namespace
}  // namespace cdx
