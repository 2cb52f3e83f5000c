#include "embed/embed.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "base/metrics.h"
#include "embed/meter.h"

namespace cdx {
namespace {

// Gives the text's length as first column, and counts what it is asked.
class CountingEmbedder final : public EmbeddingProvider {
 public:
  CountingEmbedder() { card_.dimension = 2; }
  const ModelCard& model() const override { return card_; }
  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole) override {
    CDX_TRY(call.check());
    if (broken) return fail(ErrorKind::unavailable, "broken");
    Matrix out{2, {}};
    for (const std::string_view text : texts) {
      asked.fetch_add(1);
      out.values.push_back(static_cast<float>(text.size()));
      out.values.push_back(1);
    }
    return out;
  }
  std::atomic<int> asked = 0;
  bool broken = false;

 private:
  ModelCard card_;
};

using Texts = std::vector<std::string_view>;

ModelCard card() { return {"all-minilm-l6-v2", "53aa", "07ec", 384, 256, 1}; }

TEST(ModelCard, SpaceIsTheSameInEveryRelease) {
  EXPECT_EQ(card().space(), 7275300587084192185ULL);
  EXPECT_EQ(ModelCard{}.space(), 5747855226042321352ULL);
}

TEST(ModelCard, EveryFieldMakesAnotherSpace) {
  std::vector<ModelCard> cards(8, card());
  cards[1].name = "other";
  cards[2].weights_sha256 = "53ab";
  cards[3].vocabulary_sha256 = "";
  cards[4].dimension = 383;
  cards[5].longest_input = 128;
  cards[6].preprocessing = 2;
  cards[7].name += cards[7].weights_sha256;  // the same characters, divided otherwise
  cards[7].weights_sha256.clear();
  std::set<std::uint64_t> spaces;
  for (const ModelCard& one : cards) spaces.insert(one.space());
  EXPECT_EQ(spaces.size(), cards.size());
}

TEST(CachingEmbedder, AsksOnceForARepeatedQuery) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 8);
  for (int i = 0; i < 3; ++i) {
    const Matrix out = cache->embed({}, Texts{"yoga", "chess club"}, TextRole::query).value();
    EXPECT_EQ(out.values, (std::vector<float>{4, 1, 10, 1}));
  }
  EXPECT_EQ(inner.asked, 2);
}

TEST(CachingEmbedder, KeepsTheOrderWhenSomeAreKnown) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 8);
  ASSERT_TRUE(cache->embed({}, Texts{"bb"}, TextRole::query));
  const Matrix out = cache->embed({}, Texts{"a", "bb", "ccc", "bb", "a"}, TextRole::query).value();
  EXPECT_EQ(out.values, (std::vector<float>{1, 1, 2, 1, 3, 1, 2, 1, 1, 1}));
}

TEST(CachingEmbedder, ForgetsTheOneUnusedLongest) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 2);
  const auto ask = [&](std::string_view text) {
    ASSERT_TRUE(cache->embed({}, Texts{text}, TextRole::query));
  };
  ask("a");
  ask("b");
  ask("a");
  ask("c");  // b leaves
  EXPECT_EQ(inner.asked, 3);
  ask("a");
  ask("c");
  EXPECT_EQ(inner.asked, 3);
  ask("b");
  EXPECT_EQ(inner.asked, 4);
}

TEST(CachingEmbedder, PassagesAndHugeTextsAreNotRemembered) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 8);
  const std::string huge(5000, 'x');
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(cache->embed({}, Texts{"a"}, TextRole::passage));
    ASSERT_TRUE(cache->embed({}, Texts{huge}, TextRole::query));
  }
  EXPECT_EQ(inner.asked, 4);
}

TEST(CachingEmbedder, CapacityZeroOnlyPassesThrough) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 0);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(cache->embed({}, Texts{"a"}, TextRole::query));
  EXPECT_EQ(inner.asked, 2);
}

TEST(CachingEmbedder, AnErrorIsPassedOnAndNotRemembered) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 8);
  inner.broken = true;
  EXPECT_EQ(cache->embed({}, Texts{"a"}, TextRole::query).error().kind, ErrorKind::unavailable);
  inner.broken = false;
  EXPECT_TRUE(cache->embed({}, Texts{"a"}, TextRole::query));
}

TEST(CachingEmbedder, ManyThreadsGetTheRightRows) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 5);
  std::atomic<int> wrong = 0;
  std::vector<std::jthread> threads;
  for (std::size_t seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&, seed] {
      for (std::size_t i = 0; i < 500; ++i) {
        const std::string text((i * 7 + seed) % 11, 'a');
        const auto out = cache->embed({}, Texts{text}, TextRole::query);
        if (!out || out->values[0] != static_cast<float>(text.size())) wrong.fetch_add(1);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(CachingEmbedder, CountsHitsAndMisses) {
  CountingEmbedder inner;
  const auto cache = make_caching_embedder(inner, 8);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(cache->embed({}, Texts{"counted"}, TextRole::query));
  const std::string text = metrics::exposition();
  EXPECT_NE(text.find("creatordex_embed_cache_total{outcome=\"hit\"}"), std::string::npos) << text;
  EXPECT_NE(text.find("creatordex_embed_cache_total{outcome=\"miss\"}"), std::string::npos) << text;
}

TEST(MakeUnit, RefusesRowsWithoutDirection) {
  std::vector<float> zero(4, 0.0F);
  EXPECT_FALSE(make_unit(zero));
  std::vector<float> broken{1, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_FALSE(make_unit(broken));
  std::vector<float> fine{3e20F, 4e20F};
  ASSERT_TRUE(make_unit(fine));
  EXPECT_FLOAT_EQ(fine[0], 0.6F);
  EXPECT_FLOAT_EQ(fine[1], 0.8F);
}

}  // namespace
}  // namespace cdx
