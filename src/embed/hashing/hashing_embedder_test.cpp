#include "embed/hashing/hashing_embedder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx {
namespace {

using Texts = std::vector<std::string_view>;

std::unique_ptr<EmbeddingProvider> open(std::size_t dimension = 256) {
  return open_hashing_embedder({dimension}).value();
}

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

TEST(HashingEmbedder, RowsAreUnitAndInOrder) {
  const auto embedder = open();
  const std::string many(100000, 'x');
  const Texts texts{"vegan recipes", "", "   ", "chess", many, "🔥🔥", std::string_view("\0\xff", 2)};
  const Matrix out = embedder->embed({}, texts, TextRole::passage).value();
  ASSERT_EQ(out.rows(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_NEAR(dot(out.row(i), out.row(i)), 1, 1e-6) << i;
    const Matrix alone = embedder->embed({}, Texts{texts[i]}, TextRole::query).value();
    EXPECT_EQ(alone.values, std::vector<float>(out.row(i).begin(), out.row(i).end())) << i;
  }
}

TEST(HashingEmbedder, SharedWordsMakeTextsNear) {
  const Matrix out =
      open()
          ->embed({}, Texts{"Vegan recipes for students", "a vegan recipe", "motorcycle repair"},
                  TextRole::passage)
          .value();
  EXPECT_GT(dot(out.row(0), out.row(1)), 0.3);
  EXPECT_LT(std::abs(dot(out.row(0), out.row(2))), 0.2);
}

TEST(HashingEmbedder, GivesTheSameColumnsOnEveryMachine) {
  const Matrix out = open(8)->embed({}, Texts{"chess", ""}, TextRole::query).value();
  EXPECT_EQ(out.values, (std::vector<float>{0, -1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0}));
}

TEST(HashingEmbedder, DimensionsAreSpacesOfTheirOwn) {
  EXPECT_EQ(open(64)->model().dimension, 64U);
  EXPECT_NE(open(64)->model().space(), open(128)->model().space());
  EXPECT_EQ(open(64)->model().space(), open(64)->model().space());
  EXPECT_EQ(open_hashing_embedder({7}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(open_hashing_embedder({70000}).error().kind, ErrorKind::invalid);
}

TEST(HashingEmbedder, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(open()->embed(call, Texts{"a"}, TextRole::query).error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx
