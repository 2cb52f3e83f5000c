// Briefs, look-alikes and plans over the sample set, as a user would meet them.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "embed/hashing/hashing_embedder.h"
#include "match/match.h"
#include "store/memory/memory_store.h"
#include "support/sample_set.h"

namespace cdx {
namespace {

constexpr std::size_t dimension = 512;

struct World {
  std::unique_ptr<Store> store = open_memory_store();
  std::unique_ptr<CampaignStore> campaigns = make_memory_campaign_store();
  std::unique_ptr<EmbeddingProvider> embedder = *open_hashing_embedder({dimension});
  std::unique_ptr<SearchBackend> backend = *make_embedded_backend(creator_schema(dimension));
  ManualClock clock{*parse_time("2026-06-01")};
  std::unique_ptr<Searcher> searcher;
  std::unique_ptr<Matcher> matcher;
  std::vector<Creator> creators;

  World() {
    test::import_sample(*store, clock, 800, 21);
    test::catch_up(*store, *backend, embedder.get(), clock);
    searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock);
    matcher = std::make_unique<Matcher>(*searcher, *store, campaigns.get(), embedder.get(), clock);
    std::vector<CreatorId> ids;
    const auto page = *store->changes({}, {}, 100'000);
    for (const auto& change : page.changes) ids.push_back(change.creator);
    creators = *store->creators({}, ids);
  }
};

World& world() {
  static World one;
  return one;
}

std::string top_of(const std::string& niche) { return niche.substr(0, niche.find('/')); }

// By hashed words alone, which know no synonyms; `creatordex eval match` measures the same with the real
// model.
TEST(MatchWalk, LookAlikesOfThreeAreOfTheirNicheFarMoreOftenThanByChance) {
  std::map<std::string, std::vector<CreatorId>> by_niche;
  double english = 0;
  for (const auto& creator : world().creators)
    if (creator.language == "en" && !creator.primary_niche.empty())
      by_niche[top_of(creator.primary_niche)].push_back(creator.id);
  for (const auto& creator : world().creators) english += creator.language == "en" ? 1 : 0;
  std::size_t same = 0, all = 0;
  double chance = 0;
  for (const auto& [niche, ids] : by_niche) {
    if (ids.size() < 13) continue;  // ten others must exist
    SimilarQuestion question;
    question.examples = {ids[0], ids[ids.size() / 2], ids.back()};
    question.filter = Filter::keyword_in("language", {"en"});
    question.limit = 10;
    const auto answer = world().matcher->similar({}, question);
    ASSERT_TRUE(answer) << answer.error().message;
    for (const auto& hit : answer->hits) same += top_of(hit.profile.creator.primary_niche) == niche ? 1U : 0U;
    all += answer->hits.size();
    chance += static_cast<double>(answer->hits.size() * ids.size()) / english;
  }
  ASSERT_GE(all, 50U);
  const double precision = static_cast<double>(same) / static_cast<double>(all);
  std::cout << "same-niche precision at 10: " << precision << ", by chance "
            << chance / static_cast<double>(all) << ", over " << all << "\n";
  EXPECT_GE(precision, 3 * chance / static_cast<double>(all));
}

TEST(MatchWalk, ABriefMeetsItsBoundsItsPagesAndItsKeptScores) {
  Brief brief;
  brief.product_name = "running shoes";
  brief.product_description = "Light shoes for long runs and race week";
  brief.target_audience = "runners who speak English";
  brief.product_niche = "fitness";
  brief.total_budget_usd = 5000;
  brief.max_followers = 500'000;
  MatchOptions options;
  options.limit = 50;
  std::set<CreatorId> seen;
  MatchAnswer last;
  do {
    const auto answer = world().matcher->match({}, brief, options);
    ASSERT_TRUE(answer) << answer.error().message;
    for (const auto& hit : answer->hits) {
      EXPECT_TRUE(seen.insert(hit.id).second);
      EXPECT_LE(hit.profile.creator.total_followers, 500'000);
    }
    options.cursor = answer->next_cursor;
    last = *answer;
  } while (!options.cursor.empty());
  EXPECT_EQ(seen.size(), last.total);
  const auto kept = world().matcher->matches({}, last.campaign, 0, 1000);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->total, last.total);
  for (std::size_t i = 1; i < kept->scores.size(); ++i)
    EXPECT_GE(kept->scores[i - 1].match, kept->scores[i].match);
}

TEST(MatchWalk, APlanOverRealisticPricesSpendsWithinItsBudget) {
  Brief brief;
  brief.product_description = "A cooking class for beginners";
  brief.product_niche = "food";
  PlanOptions options;
  options.budget_usd = 3000;
  const auto plan = world().matcher->plan({}, brief, options);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_GT(plan->chosen.size(), 1U);
  EXPECT_LE(plan->cost_usd, 3000);
  EXPECT_LE(plan->reach, plan->reach_without_overlap + 1e-6);
  options.price_per_follower = 0.02;
  const auto wider = world().matcher->plan({}, brief, options);
  ASSERT_TRUE(wider);
  EXPECT_GE(wider->chosen.size() + wider->left_out.size(), plan->chosen.size());
}

}  // namespace
}  // namespace cdx
