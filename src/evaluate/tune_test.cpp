#include "evaluate/tune.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace cdx::evaluate {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Queries whose relevance follows one of the signals, the others being noise.
TuneSet made_up(std::size_t queries, int telling, double noise = 0.1) {
  std::mt19937_64 random(5);
  const auto unit = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  TuneSet out;
  out.fields = {"youtube_bio", "tiktok_bio"};
  for (std::size_t q = 0; q < queries; ++q) {
    TuneQuery query{std::to_string(q), 20, {}, {}};
    for (int i = 0; i < 60; ++i) {
      TuneCandidate one{unit(), unit(), {0.75 * unit(), 0.75 * unit()}, 0};
      const double signals[] = {one.keyword, one.quality, one.cosines[0] / 0.75, one.cosines[1] / 0.75};
      const double worth = telling < 0 ? unit() : signals[telling] + noise * unit();
      one.grade = worth > 0.95 ? 3 : worth > 0.85 ? 1 : 0;
      query.grades.push_back(one.grade);
      query.candidates.push_back(one);
    }
    out.queries.push_back(std::move(query));
  }
  return out;
}

TEST(Tune, FindsTheSignalThatTellsAndGainsOnHeldOutFolds) {
  const auto set = made_up(30, 3);
  const auto result = tune({}, set, {});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->gains) << result->verdict;
  EXPECT_GT(result->gain.value, 0.2);
  EXPECT_GT(result->weights.vector_weights.at("tiktok_bio"),
            2 * result->weights.vector_weights.at("youtube_bio"));
  EXPECT_GT(result->weights.beta, RankingWeights{}.beta);
  EXPECT_EQ(result->fold_gains.size(), 5U);
  EXPECT_TRUE(result->verdict.starts_with("gains on held-out folds"));
}

TEST(Tune, SaysThatNoiseDoesNotGain) {
  const auto result = tune({}, made_up(30, -1), {});
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->gains) << result->verdict;
  EXPECT_TRUE(result->verdict.starts_with("does not gain")) << result->verdict;
  EXPECT_GE(result->fitted + 1e-9, result->present.value);  // and yet it fits what it has seen
}

TEST(Tune, IsTheSameEachTime) {
  const auto set = made_up(20, 0);
  const auto one = tune({}, set, {}), two = tune({}, set, {});
  ASSERT_TRUE(one && two);
  EXPECT_EQ(tuned_profile("a", "b", *one, {}), tuned_profile("a", "b", *two, {}));
}

TEST(Tune, RefusesTooFewQueriesAndOddFolds) {
  EXPECT_EQ(tune({}, made_up(9, 0), {}).error().kind, ErrorKind::invalid);
  TuneOptions options;
  options.folds = 1;
  EXPECT_EQ(tune({}, made_up(30, 0), options).error().kind, ErrorKind::invalid);
}

TEST(Tune, StopsWhenItIsTold) {
  std::stop_source source;
  source.request_stop();
  Call call;
  call.stop = source.get_token();
  EXPECT_EQ(tune(call, made_up(20, 0), {}).error().kind, ErrorKind::cancelled);
}

TEST(Tune, RanksByTheFormulaOfTheSearch) {
  TuneSet set;
  set.fields = {"youtube_bio"};
  // Words say b, meaning says a; the one without a vector lets its words speak for it.
  set.queries = {{"q", 20, {{0.2, 0, {0.75}, 1}, {0.6, 0, {0.0}, 0}, {0.9, 0, {nan}, 0}}, {1, 0, 0}}};
  RankingWeights words, meaning;
  words.alpha = 1;
  words.beta = words.gamma = 0;
  meaning.alpha = meaning.gamma = 0;
  meaning.beta = 1;
  EXPECT_NEAR(ndcg_under(set, words)[0], 1 / std::log2(4), 1e-3);
  EXPECT_NEAR(ndcg_under(set, meaning)[0], 1, 1e-12);
  words.short_words = 50;  // a short question shifts to meaning
  words.short_shift = 1;
  EXPECT_NEAR(ndcg_under(set, words)[0], 1, 1e-12);
}

LoggedQuestion asked(std::uint64_t id) {
  LoggedQuestion out;
  out.id = QuestionId{id};
  out.feature_names = {"keyword", "cosine:tiktok_bio", "quality"};
  for (std::uint64_t i = 1; i <= 4; ++i)
    out.shown.push_back({CreatorId{i}, 0.5, {static_cast<float>(i) / 4, 0.5F, 0.25F}});
  return out;
}

TEST(TuneSetOfUse, GradesWhatWasDone) {
  const auto set = tune_set_of_use({asked(1), asked(2)}, {{QuestionId{1}, CreatorId{1}, "click", {}},
                                                          {QuestionId{1}, CreatorId{2}, "click", {}},
                                                          {QuestionId{1}, CreatorId{2}, "save", {}},
                                                          {QuestionId{1}, CreatorId{3}, "save", {}},
                                                          {QuestionId{1}, CreatorId{3}, "hide", {}}});
  ASSERT_EQ(set.queries.size(), 1U);  // nobody chose from the other
  EXPECT_EQ(set.fields, std::vector<std::string>{"tiktok_bio"});
  EXPECT_EQ(set.queries[0].grades, (std::vector<int>{1, 2, 0, 0}));
  EXPECT_DOUBLE_EQ(set.queries[0].candidates[1].keyword, 0.5);
  EXPECT_DOUBLE_EQ(set.queries[0].candidates[1].quality, 0.25);
}

TEST(TuneSetOfUse, LeavesOutWhoWasNotSeen) {
  auto one = asked(1);
  one.first_seen = 1;
  one.count_seen = 2;
  const auto set = tune_set_of_use({one}, {{QuestionId{1}, CreatorId{3}, "click", {}}});
  ASSERT_EQ(set.queries.size(), 1U);
  EXPECT_EQ(set.queries[0].grades, (std::vector<int>{0, 1}));
}

TEST(TuneSetOfUse, LeavesOutQuestionsWithOtherFeatures) {
  auto other = asked(1);
  other.feature_names = {"age"};
  EXPECT_TRUE(tune_set_of_use({other}, {{QuestionId{1}, CreatorId{1}, "click", {}}}).queries.empty());
  auto torn = asked(1);
  for (auto& shown : torn.shown) shown.features.pop_back();
  EXPECT_TRUE(tune_set_of_use({torn}, {{QuestionId{1}, CreatorId{1}, "click", {}}}).queries.empty());
}

TEST(ProfileFile, GivesBackWhatWasWrittenAndTakesBareSettings) {
  const NamedProfile profile{"tuned", "ranking", R"({"alpha":0.5})", R"({"gains":true})", {}};
  const auto back = parse_profile(write_profile_file(profile), "p.json");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->settings, profile.settings);
  EXPECT_EQ(back->evidence, profile.evidence);
  EXPECT_EQ(parse_profile(R"({"alpha":1})", "p.json")->settings, R"({"alpha":1})");
  for (const auto* bad : {"", "[]", "{", R"({"settings": 5})"}) EXPECT_FALSE(parse_profile(bad, "p.json")) << bad;
}

}  // namespace
}  // namespace cdx::evaluate
