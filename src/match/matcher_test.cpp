#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "support/match_world.h"

namespace cdx {
namespace {

using test::World;
using test::yoga_brief;

void populate(World& world, int count) {
  for (int i = 0; i < count; ++i) {
    const bool yoga = i % 3 == 0;
    world.add({yoga ? "fitness/yoga" : "cars",
               yoga ? "yoga practice at home on a cork mat" : "fast cars and engines",
               i % 2 == 0 ? "BR" : "DE",
               i % 2 == 0 ? "pt" : "de",
               i % 4 == 0 ? Platform::tiktok : Platform::instagram,
               1000 * (i + 1),
               0.01 * (i % 12),
               100.0 * (i + 1),
               {}});
  }
}

double contributions(const MatchHit& hit) {
  double sum = 0;
  for (const auto& part : hit.parts) sum += part.contribution;
  return sum;
}

class EveryProfile : public testing::TestWithParam<const char*> {};
TEST_P(EveryProfile, ContributionsAddUpAndPartsStayBetweenZeroAndOne) {
  World world;
  populate(world, 30);
  MatchOptions options;
  options.profile = GetParam();
  options.explain = true;
  options.limit = 100;
  const auto answer = world.matcher->match({}, yoga_brief(), options);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_GT(answer->hits.size(), 5U);
  for (std::size_t i = 0; i < answer->hits.size(); ++i) {
    const auto& hit = answer->hits[i];
    EXPECT_NEAR(contributions(hit), hit.score, 1e-6);
    EXPECT_GE(hit.score, 0);
    EXPECT_LE(hit.score, 1);
    for (const auto& part : hit.parts) {
      EXPECT_FALSE(part.reason.empty()) << part.name;
      EXPECT_TRUE(!part.value || (*part.value >= 0 && *part.value <= 1)) << part.name;
    }
    EXPECT_FALSE(hit.why.empty());
    if (i == 0) continue;
    const auto& before = answer->hits[i - 1];
    EXPECT_GE(before.score, hit.score);
    EXPECT_TRUE(before.score > hit.score || before.id < hit.id || answer->profile == "seed-004");
  }
  EXPECT_EQ(answer->hits.front().profile.creator.primary_niche, "fitness/yoga");
}
INSTANTIATE_TEST_SUITE_P(Profiles, EveryProfile,
                         testing::Values("balanced", "seed-004", "seed-001", "seed-002"));

TEST(Matcher, HoldsEveryBoundOfTheBrief) {
  World world;
  populate(world, 40);
  auto brief = yoga_brief();
  brief.min_followers = 5000;
  brief.max_followers = 31'000;
  brief.min_engagement = 0.02;
  brief.max_engagement = 0.09;
  brief.platforms = {"instagram"};
  brief.countries = {"BR"};
  brief.languages = {"pt"};
  MatchOptions options;
  options.limit = 100;
  const auto answer = world.matcher->match({}, brief, options);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_FALSE(answer->hits.empty());
  EXPECT_EQ(answer->matching, answer->total);
  for (const auto& hit : answer->hits) {
    const auto& creator = hit.profile.creator;
    EXPECT_GE(creator.total_followers, 5000);
    EXPECT_LE(creator.total_followers, 31'000);
    EXPECT_GE(*creator.engagement_rate, 0.02);
    EXPECT_LE(*creator.engagement_rate, 0.09);
    EXPECT_EQ(hit.profile.accounts.front().platform, Platform::instagram);
    EXPECT_EQ(creator.country, "BR");
    EXPECT_EQ(creator.language, "pt");
  }
}

TEST(Matcher, FreeWordsOfABriefAreNeverAFilter) {
  World world;
  const auto german =
      world.add({"fitness/yoga", "yoga mat practice", "DE", "de", Platform::youtube, 10, {}, {}, {}});
  auto brief = yoga_brief();
  brief.product_description +=
      " tiktok creators from Brazil with over 1M followers, not from Germany; followers > 9";
  const auto answer = world.matcher->match({}, brief);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hits.size(), 1U);
  EXPECT_EQ(answer->hits.front().id, german);
}

TEST(Matcher, PagesSeeOneRankingAndMeetEveryCreatorOnce) {
  World world;
  populate(world, 37);
  MatchOptions options;
  options.limit = 10;
  std::set<CreatorId> seen;
  std::size_t pages = 0, total = 0;
  do {
    const auto answer = world.matcher->match({}, yoga_brief(), options);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->first_rank, seen.size() + 1);
    for (const auto& hit : answer->hits) EXPECT_TRUE(seen.insert(hit.id).second);
    total = answer->total;
    options.cursor = answer->next_cursor;
    if (++pages == 1) world.add({"fitness/yoga", "yoga mat", "BR", "pt", Platform::tiktok, 5, 0.1, 1.0, {}});
  } while (!options.cursor.empty());
  EXPECT_EQ(seen.size(), total);
  EXPECT_EQ(total, 37U);
  EXPECT_EQ(pages, 4U);
}

TEST(Matcher, ACursorOfAForgottenRankingIsAConflict) {
  World world;
  populate(world, 30);
  MatcherOptions few;
  few.remembered_rankings = 1;
  Matcher matcher(*world.searcher, *world.store, nullptr, &world.embedder, world.clock, few);
  MatchOptions options;
  options.limit = 5;
  const auto first = matcher.match({}, yoga_brief(), options);
  ASSERT_TRUE(first);
  auto other = yoga_brief();
  other.product_name = "car wax";
  ASSERT_TRUE(matcher.match({}, other, options));
  options.cursor = first->next_cursor;
  EXPECT_TRUE(matcher.match({}, yoga_brief(), options));  // the index is the same: it can be made again
  ASSERT_TRUE(matcher.match({}, other, {}));
  world.add({"cars", "cars", "", "", Platform::x, 1, {}, {}, {}});
  const auto late = matcher.match({}, yoga_brief(), options);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::conflict);
}

TEST(Matcher, RefusesCursorsItDidNotWriteOrOfAnotherBrief) {
  World world;
  populate(world, 30);
  MatchOptions options;
  options.limit = 5;
  const auto first = world.matcher->match({}, yoga_brief(), options);
  ASSERT_TRUE(first);
  const auto refused = [&](const Brief& brief, std::string cursor) {
    auto asked = options;
    asked.cursor = std::move(cursor);
    const auto answer = world.matcher->match({}, brief, asked);
    return !answer && answer.error().kind == ErrorKind::invalid &&
           answer.error().message.starts_with("/cursor");
  };
  auto forged = first->next_cursor;
  forged[40] = forged[40] == '0' ? '1' : '0';
  EXPECT_TRUE(refused(yoga_brief(), forged));
  EXPECT_TRUE(refused(yoga_brief(), "zz"));
  EXPECT_TRUE(refused(yoga_brief(), std::string(64, 'g')));
  auto other = yoga_brief();
  other.target_audience += "!";
  EXPECT_TRUE(refused(other, first->next_cursor));
}

TEST(Matcher, AnUnchangedBriefCostsNothingTheSecondTime) {
  World world;
  populate(world, 20);
  const auto first = world.matcher->match({}, yoga_brief());
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->remembered);
  const auto calls = world.embedder.calls;
  world.clock.advance(std::chrono::hours{1});
  const auto second = world.matcher->match({}, yoga_brief());
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->remembered);
  EXPECT_EQ(world.embedder.calls, calls);
  EXPECT_EQ(world.campaigns->campaign({}, first->campaign).value()->updated_at, *parse_time("2026-06-01"));
  world.add({"fitness/yoga", "yoga", "BR", "pt", Platform::tiktok, 5, 0.1, 1.0, {}});
  const auto third = world.matcher->match({}, yoga_brief());
  ASSERT_TRUE(third);
  EXPECT_FALSE(third->remembered);         // another generation, another ranking
  EXPECT_EQ(world.embedder.calls, calls);  // but the same vectors
  EXPECT_EQ(third->total, second->total + 1);
}

TEST(Matcher, KeepsOneScoreACreatorWithFormulaModelAndHistory) {
  World world;
  const auto ana = world.add({"fitness/yoga", "yoga mat", "BR", "pt", Platform::tiktok, 500, 0.1, 1.0, {}});
  MatchOptions options;
  options.campaign = CampaignId{77};
  ASSERT_TRUE(world.matcher->match({}, yoga_brief(), options));
  options.profile = "seed-004";
  world.clock.advance(std::chrono::hours{1});
  ASSERT_TRUE(world.matcher->match({}, yoga_brief(), options));
  const auto kept = world.matcher->matches({}, CampaignId{77}, 0, 10);
  ASSERT_TRUE(kept) << kept.error().message;
  ASSERT_EQ(kept->scores.size(), 1U);
  EXPECT_EQ(kept->total, 1U);
  EXPECT_EQ(kept->scores.front().profile, "seed-004");
  EXPECT_EQ(kept->scores.front().formula, match_formula_version);
  EXPECT_EQ(kept->scores.front().model, "hashing-256");
  EXPECT_EQ(kept->profiles.front().creator.id, ana);
  EXPECT_EQ(kept->campaign.brief, yoga_brief());
  const auto history = world.campaigns->score_history({}, CampaignId{77}, ana);
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 1U);
  EXPECT_EQ(history->front().profile, "balanced");
  EXPECT_EQ(world.matcher->matches({}, CampaignId{78}, 0, 10).error().kind, ErrorKind::not_found);
  EXPECT_EQ(world.matcher->matches({}, CampaignId{77}, 0, 0).error().kind, ErrorKind::invalid);
}

TEST(Matcher, WhoFallsOutOfAChangedBriefKeepsAHistoryOnly) {
  World world;
  const auto small = world.add({"fitness/yoga", "yoga mat", "BR", "pt", Platform::tiktok, 500, 0.1, 1.0, {}});
  const auto large =
      world.add({"fitness/yoga", "yoga mat", "BR", "pt", Platform::tiktok, 5000, 0.1, 1.0, {}});
  MatchOptions options;
  options.campaign = CampaignId{77};
  ASSERT_TRUE(world.matcher->match({}, yoga_brief(), options));
  EXPECT_EQ(world.matcher->matches({}, CampaignId{77}, 0, 10)->total, 2U);
  auto brief = yoga_brief();
  brief.min_followers = 1000;
  ASSERT_TRUE(world.matcher->match({}, brief, options));  // at the same time, by the clock
  const auto kept = world.matcher->matches({}, CampaignId{77}, 0, 10);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->total, 1U);
  EXPECT_EQ(kept->scores.front().creator, large);
  EXPECT_EQ(world.campaigns->score_history({}, CampaignId{77}, small)->size(), 1U);
  ASSERT_TRUE(world.matcher->match({}, yoga_brief(), options));  // answered from memory
  EXPECT_EQ(world.matcher->matches({}, CampaignId{77}, 0, 10)->total, 2U)
      << "and yet it is what was ranked last";
}

TEST(Matcher, WithoutAVectorOfTheBriefWordsAnswerAndTheAnswerSaysSo) {
  World world;
  populate(world, 12);
  world.embedder.broken = true;
  const auto answer = world.matcher->match({}, yoga_brief());
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->degraded.size(), 1U);
  EXPECT_EQ(answer->model, "");
  EXPECT_EQ(answer->hits.front().profile.creator.primary_niche, "fitness/yoga");
  MatchOptions options;
  options.profile = "seed-004";
  EXPECT_EQ(world.matcher->match({}, yoga_brief(), options).error().kind, ErrorKind::unavailable);
  world.embedder.broken = false;
  const auto again = world.matcher->match({}, yoga_brief());
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->degraded.empty());  // the degraded ranking was not remembered
}

TEST(Matcher, ABriefThatSaysNothingRanksByWhatIsKnown) {
  World world;
  populate(world, 6);
  const auto answer = world.matcher->match({}, {});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->total, 6U);
  for (const auto& part : answer->hits.front().parts)
    if (part.name == "niche" || part.name == "audience" || part.name == "budget") {
      EXPECT_FALSE(part.value) << part.name;
      EXPECT_EQ(part.weight, 0);
    }
}

TEST(Matcher, NamesWhatIsWrongWithABrief) {
  World world;
  const auto message = [&](auto&& change) {
    auto brief = yoga_brief();
    change(brief);
    const auto answer = world.matcher->match({}, brief);
    return answer ? std::string("accepted") : answer.error().message;
  };
  EXPECT_TRUE(message([](Brief& b) { b.min_followers = -1; }).starts_with("/min_followers"));
  EXPECT_TRUE(
      message([](Brief& b) { b.min_followers = 2, b.max_followers = 1; }).starts_with("/max_followers"));
  EXPECT_TRUE(message([](Brief& b) { b.min_engagement = std::nan(""); }).starts_with("/min_engagement"));
  EXPECT_TRUE(message([](Brief& b) { b.total_budget_usd = -1; }).starts_with("/total_budget"));
  EXPECT_TRUE(message([](Brief& b) { b.platforms = {"tiktok", "myspace"}; }).starts_with("/platforms/1"));
  EXPECT_TRUE(message([](Brief& b) { b.countries = {"Brazil"}; }).starts_with("/countries/0"));
  EXPECT_TRUE(message([](Brief& b) { b.languages = {"xx"}; }).starts_with("/languages/0"));
  EXPECT_TRUE(message([](Brief& b) { b.product_description = std::string(20'000, 'x'); }).find("longer") !=
              std::string::npos);
  MatchOptions options;
  options.limit = 0;
  EXPECT_TRUE(world.matcher->match({}, {}, options).error().message.starts_with("/limit"));
  options = {};
  options.profile = "seed-005";
  EXPECT_TRUE(world.matcher->match({}, {}, options).error().message.starts_with("/profile"));
}

TEST(Matcher, StopsWhenItIsTold) {
  World world;
  populate(world, 3);
  std::stop_source source;
  source.request_stop();
  Call call;
  call.stop = source.get_token();
  const auto answer = world.matcher->match(call, yoga_brief());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
}

seed_004::Request request() {
  seed_004::Request out;
  out.brief = yoga_brief();
  return out;
}

TEST(SimilaritySearch, OrdersByLikenessAloneWithTrueTotals) {
  World world;
  populate(world, 45);
  auto asked = request();
  asked.limit = 20;
  const auto first = world.matcher->similarity_search({}, asked);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->total, 45U);
  EXPECT_EQ(first->pages, 3U);
  EXPECT_EQ(first->page, 1U);
  ASSERT_EQ(first->matches.size(), 20U);
  std::set<std::string> seen;
  double last = 1000;
  for (asked.page = 1; asked.page <= 3; ++asked.page) {
    const auto page = world.matcher->similarity_search({}, asked);
    ASSERT_TRUE(page);
    for (const auto& match : page->matches) {
      EXPECT_TRUE(seen.insert(match.id).second);
      const double score = std::stod(match.match_score);
      EXPECT_LE(score, last);
      EXPECT_GE(score, 0);
      last = score;
    }
  }
  EXPECT_EQ(seen.size(), 45U);
  asked.page = 4;
  const auto beyond = world.matcher->similarity_search({}, asked);
  ASSERT_TRUE(beyond);
  EXPECT_TRUE(beyond->matches.empty());
  EXPECT_EQ(beyond->total, 45U);
}

TEST(SimilaritySearch, ReachesBeyondTheUsualCandidates) {
  World world;
  populate(world, 30);
  MatcherOptions narrow;
  narrow.candidates = 5;
  Matcher matcher(*world.searcher, *world.store, nullptr, &world.embedder, world.clock, narrow);
  auto asked = request();
  asked.limit = 5;
  std::set<std::string> seen;
  for (asked.page = 1; asked.page <= 6; ++asked.page) {
    const auto page = matcher.similarity_search({}, asked);
    ASSERT_TRUE(page);
    EXPECT_EQ(page->total, 30U) << "page " << asked.page;
    for (const auto& match : page->matches) EXPECT_TRUE(seen.insert(match.id).second);
  }
  EXPECT_EQ(seen.size(), 30U);
}

TEST(SimilaritySearch, WantsWhatTheDesignRequires) {
  World world;
  const auto message = [&](auto&& change) {
    auto asked = request();
    change(asked);
    const auto answer = world.matcher->similarity_search({}, asked);
    return answer ? std::string("accepted") : answer.error().message;
  };
  EXPECT_EQ(message([](auto&) {}), "accepted");  // of nobody: an empty page
  EXPECT_TRUE(message([](auto& r) { r.brief.product_name.clear(); }).starts_with("/product_name"));
  EXPECT_TRUE(message([](auto& r) { r.brief.brand_name.clear(); }).starts_with("/brand_name"));
  EXPECT_TRUE(message([](auto& r) { r.brief.total_budget_usd.reset(); }).starts_with("/total_budget"));
  EXPECT_TRUE(message([](auto& r) { r.limit = 0; }).starts_with("/limit"));
  EXPECT_TRUE(message([](auto& r) { r.page = 0; }).starts_with("/page"));
  EXPECT_TRUE(message([](auto& r) { r.page = 10'000; }).starts_with("/page"));
}

TEST(SimilaritySearch, WritesTheScores) {
  World world;
  populate(world, 3);
  ASSERT_TRUE(world.matcher->similarity_search({}, request()));
  const auto kept = world.matcher->matches({}, CampaignId{brief_hash(yoga_brief())}, 0, 10);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->total, 3U);
  EXPECT_EQ(kept->scores.front().profile, "seed-004");
}

}  // namespace
}  // namespace cdx
