#include <gtest/gtest.h>

#include <set>

#include "support/match_world.h"

namespace cdx {
namespace {

using test::World;

// Ten creators of each of three kinds, each with words of its own beside those of its kind.
struct Kinds {
  World world;
  std::vector<CreatorId> yoga, cars, baking;
  Kinds() {
    for (int i = 0; i < 10; ++i) {
      const auto own = " number" + std::to_string(i) + " word" + std::to_string(i * 7);
      yoga.push_back(world.add({"fitness/yoga",
                                "yoga asana practice breath" + own,
                                "BR",
                                "pt",
                                Platform::tiktok,
                                1000 * (i + 1),
                                {},
                                {},
                                {}}));
      cars.push_back(world.add({"cars",
                                "engine turbo garage racing" + own,
                                "DE",
                                "de",
                                Platform::instagram,
                                1000 * (i + 1),
                                {},
                                {},
                                {}}));
      baking.push_back(world.add({"food/baking",
                                  "bread sourdough oven flour" + own,
                                  "FR",
                                  "fr",
                                  Platform::youtube,
                                  1000 * (i + 1),
                                  {},
                                  {},
                                  {}}));
    }
  }
};

std::size_t share_of(const SimilarAnswer& answer, std::string_view niche, std::size_t depth) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < std::min(depth, answer.hits.size()); ++i)
    out += answer.hits[i].profile.creator.primary_niche == niche ? std::size_t{1} : std::size_t{0};
  return out;
}

TEST(Similar, FindsTheOthersOfTheKindAndLeavesTheExamplesOut) {
  Kinds k;
  SimilarQuestion question;
  question.examples = {k.yoga[0], k.yoga[1], k.yoga[2]};
  question.explain = true;
  const auto answer = k.world.matcher->similar({}, question);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(share_of(*answer, "fitness/yoga", 7), 7U);
  EXPECT_EQ(answer->total, 27U);
  for (const auto& hit : answer->hits) {
    for (const auto example : question.examples) EXPECT_NE(hit.id, example);
    EXPECT_EQ(hit.each.size(), 3U);
    EXPECT_EQ(hit.nearest.field, "bio");
    EXPECT_FALSE(hit.nearest_counter);
    EXPECT_NE(hit.why.find("closest to the bio of @handle"), std::string::npos);
    double best = -1;
    for (const auto& one : hit.each) best = std::max(best, one.cosine);
    EXPECT_DOUBLE_EQ(hit.nearest.cosine, best);
  }
}

TEST(Similar, CounterExamplesPushTheirKindAway) {
  Kinds k;
  SimilarQuestion question;
  question.examples = {k.yoga[0], k.cars[0]};
  const auto both = k.world.matcher->similar({}, question);
  question.counter_examples = {k.cars[1], k.cars[2]};
  question.counter_share = 0.8;
  const auto without = k.world.matcher->similar({}, question);
  ASSERT_TRUE(both && without);
  EXPECT_GT(share_of(*both, "cars", 10), 2U);
  EXPECT_LT(share_of(*without, "cars", 9), share_of(*both, "cars", 9));
  EXPECT_GE(share_of(*without, "fitness/yoga", 9), 8U);
  for (const auto& hit : without->hits)
    for (const auto id : question.counter_examples) EXPECT_NE(hit.id, id);
}

TEST(Similar, OverPlatformsAndUnderTheFilter) {
  Kinds k;
  const auto elsewhere = k.world.add(
      {"fitness/yoga", "yoga asana practice breath", "BR", "pt", Platform::youtube, 70, {}, {}, {}});
  SimilarQuestion question;
  question.examples = {k.yoga[0]};
  question.limit = 1;
  const auto first = k.world.matcher->similar({}, question);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->hits.front().id, elsewhere);
  question.limit = 100;
  question.filter = Filter::number_in("followers", 5000, std::nullopt);
  const auto filtered = k.world.matcher->similar({}, question);
  ASSERT_TRUE(filtered);
  EXPECT_EQ(filtered->total, 18U);
  for (const auto& hit : filtered->hits) EXPECT_GE(hit.profile.creator.total_followers, 5000);
}

TEST(Similar, LeavesOutExamplesWithoutVectorsAndSaysSo) {
  Kinds k;
  const auto fresh = k.world.add({"cars", "engine", "", "", Platform::x, 5, {}, {}, {}}, false);
  SimilarQuestion question;
  question.examples = {k.yoga[0], fresh};
  const auto answer = k.world.matcher->similar({}, question);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->degraded.size(), 1U);
  EXPECT_TRUE(answer->degraded.front().starts_with(fresh.text()));
  question.examples = {fresh};
  EXPECT_EQ(k.world.matcher->similar({}, question).error().kind, ErrorKind::unavailable);
}

TEST(Similar, RefusesWhatMakesNoSense) {
  Kinds k;
  const auto error = [&](auto&& change) {
    SimilarQuestion question;
    question.examples = {k.yoga[0]};
    change(question);
    const auto answer = k.world.matcher->similar({}, question);
    return answer ? Error{ErrorKind::internal, "accepted", {}} : answer.error();
  };
  EXPECT_TRUE(error([](auto& q) { q.examples.clear(); }).message.starts_with("/examples"));
  EXPECT_TRUE(error([](auto& q) { q.examples.assign(21, CreatorId{1}); }).message.starts_with("/examples"));
  EXPECT_TRUE(error([&](auto& q) { q.examples.push_back(k.yoga[0]); }).message.starts_with("/examples/1"));
  EXPECT_TRUE(
      error([&](auto& q) { q.counter_examples = {k.yoga[0]}; }).message.starts_with("/counter_examples/0"));
  EXPECT_TRUE(error([](auto& q) { q.limit = 101; }).message.starts_with("/limit"));
  EXPECT_TRUE(error([](auto& q) { q.counter_share = 2; }).message.starts_with("/counter_share"));
  EXPECT_EQ(error([](auto& q) { q.examples.push_back(CreatorId{99}); }).kind, ErrorKind::not_found);
  EXPECT_EQ(error([](auto& q) { q.filter = Filter::keyword_in("shoe", {"1"}); }).kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace cdx
