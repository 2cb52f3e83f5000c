#include "search/fuse.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace cdx {
namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();

Schema two_vectors() {
  Schema schema;
  schema.vectors = {{"a_bio", 2}, {"a_content", 2}};
  return schema;
}

Retrieved candidates() {
  Retrieved out;
  out.documents = {1, 2, 3};
  out.bm25 = {3, 0, 6};
  out.name_match = {0, 0.9F, 0};
  out.similarities = {{0.5F, none, 0.2F}, {none, none, 0.4F}};
  out.numbers["quality"] = {0.5, no_number, 1};
  out.bm25_limit = 10;
  return out;
}

RankingWeights weights() {
  RankingWeights out;
  out.alpha = 0.4;
  out.beta = 0.5;
  out.gamma = 0.1;
  out.saturation = 0.2;
  out.cosine_low = 0;
  out.cosine_high = 1;
  return out;
}

TEST(Fuse, IsTheFormulaOfTheHeader) {
  const auto fused = fuse(candidates(), two_vectors(), weights(), SearchMode::hybrid, true);
  EXPECT_NEAR(fused.scores[0], 0.4 * (1.2 * 0.3 / 0.5) + 0.5 * 0.5 + 0.1 * 0.5, 1e-6);
  EXPECT_NEAR(fused.semantic[2], (0.2 + 0.4) / 2, 1e-6);  // the mean of the fields it has
  EXPECT_NEAR(fused.scores[2], 0.4 * (1.2 * 0.6 / 0.8) + 0.5 * 0.3 + 0.1 * 1, 1e-6);
}

TEST(Fuse, ACreatorWithoutAVectorIsNotPunished) {
  const auto fused = fuse(candidates(), two_vectors(), weights(), SearchMode::hybrid, true);
  EXPECT_TRUE(std::isnan(fused.semantic[1]));
  EXPECT_NEAR(fused.scores[1], 0.9 * 0.9, 1e-6);  // the words speak for beta's share as well
}

TEST(Fuse, TheScaleDoesNotDependOnTheOtherCandidates) {
  auto one = candidates();
  const auto all = fuse(one, two_vectors(), weights(), SearchMode::hybrid, true);
  one.documents.resize(1);
  one.bm25.resize(1);
  one.name_match.resize(1);
  for (auto& column : one.similarities) column.resize(1);
  one.numbers["quality"].resize(1);
  EXPECT_EQ(fuse(one, two_vectors(), weights(), SearchMode::hybrid, true).scores[0], all.scores[0]);
}

TEST(Fuse, VectorWeightsShiftTheMean) {
  auto tuned = weights();
  tuned.vector_weights["a_bio"] = 3;
  const auto fused = fuse(candidates(), two_vectors(), tuned, SearchMode::semantic, true);
  EXPECT_NEAR(fused.semantic[2], (3 * 0.2 + 0.4) / 4, 1e-6);
}

TEST(Fuse, WithoutATextTheQualityDecides) {
  EXPECT_EQ(fuse(candidates(), two_vectors(), weights(), SearchMode::hybrid, false).scores[2], 1);
}

TEST(Fuse, RanksAreFusedByTheirReciprocals) {
  const auto fused = fuse(candidates(), two_vectors(), weights(), SearchMode::rrf, true);
  // by words: 3, 2, 1; by meaning: 1, 3
  EXPECT_NEAR(fused.scores[0], (61.0 / 63 + 1) / 2, 1e-9);
  EXPECT_NEAR(fused.scores[2], (1 + 61.0 / 62) / 2, 1e-9);
}

TEST(ScoreParts, AddUpToTheScoreInEveryMode) {
  for (const auto mode : {SearchMode::keyword, SearchMode::semantic, SearchMode::hybrid, SearchMode::rrf})
    for (const bool text : {false, true}) {
      const auto retrieved = candidates();
      const auto fused = fuse(retrieved, two_vectors(), weights(), mode, text);
      for (std::size_t i = 0; i < retrieved.documents.size(); ++i) {
        double sum = 0;
        for (const auto& part : score_parts(retrieved, two_vectors(), weights(), mode, text, fused, i))
          sum += part.value * part.weight;
        EXPECT_NEAR(sum, fused.scores[i], 1e-6);
      }
    }
}

TEST(Fuse, ThePictureScaleRisesStrictlyAndMeetsItsEnds) {
  const RankingWeights weights;
  for (const bool of_words : {false, true}) {
    double last = -1;
    for (int step = -1000; step <= 1000; ++step) {
      const auto value = picture_scale(step / 1000.0, of_words, weights);
      EXPECT_GT(value, last) << step;
      last = value;
    }
    EXPECT_EQ(picture_scale(-1, of_words, weights), 0);
    EXPECT_EQ(picture_scale(1, of_words, weights), 1);
    EXPECT_EQ(picture_scale(1.0001, of_words, weights), 1);  // rounding
  }
  EXPECT_NEAR(picture_scale(0.15, true, weights), 0.05, 1e-12);
  EXPECT_NEAR(picture_scale(0.25, true, weights), 0.5, 1e-12);
  EXPECT_NEAR(picture_scale(0.35, true, weights), 0.95, 1e-12);
  EXPECT_NEAR(picture_scale(0.5, false, weights), 0.05, 1e-12);
  EXPECT_NEAR(picture_scale(0.75, false, weights), 0.525, 1e-12);
}

}  // namespace
}  // namespace cdx
