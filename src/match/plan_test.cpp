#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "support/match_world.h"

namespace cdx {
namespace {

using test::World;
using test::yoga_brief;

std::vector<CreatorId> market(World& world, int count) {
  std::vector<CreatorId> out;
  for (int i = 0; i < count; ++i)
    out.push_back(
        world.add({i % 2 == 0 ? "fitness/yoga" : "health", "yoga practice on a mat", i % 3 == 0 ? "BR" : "DE",
                   i % 3 == 0 ? "pt" : "de", i % 4 == 0 ? Platform::tiktok : Platform::instagram,
                   2000 * (i + 1), 0.03, i % 5 == 4 ? std::nullopt : std::optional(40.0 * (i + 1)), 0.5}));
  return out;
}

TEST(Plan, StaysInTheBudgetAndAccountsForEveryCandidate) {
  World world;
  const auto all = market(world, 20);
  PlanOptions options;
  options.budget_usd = 1500;
  const auto plan = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_FALSE(plan->chosen.empty());
  double cost = 0, alone = 0;
  std::set<CreatorId> seen;
  for (const auto& one : plan->chosen) {
    cost += one.cost_usd;
    alone += one.reach;
    EXPECT_TRUE(seen.insert(one.id).second);
    EXPECT_LE(one.marginal, one.reach + 1e-6);
    EXPECT_GT(one.marginal, 0);
    EXPECT_NEAR(one.reach, static_cast<double>(one.profile.creator.total_followers) * 0.5 * one.audience_fit,
                1e-6);
    EXPECT_FALSE(one.why.empty());
  }
  EXPECT_NEAR(cost, plan->cost_usd, 1e-9);
  EXPECT_LE(cost, 1500);
  EXPECT_NEAR(alone, plan->reach_without_overlap, 1e-6);
  EXPECT_LT(plan->reach, alone);
  std::size_t unpriced = 0;
  for (const auto& one : plan->left_out) {
    EXPECT_TRUE(seen.insert(one.id).second);
    EXPECT_FALSE(one.reason.empty());
    if (one.reason == "the price is not known") ++unpriced;
  }
  EXPECT_EQ(seen.size(), all.size());
  EXPECT_EQ(unpriced, 4U);
}

TEST(Plan, WhoFollowsAStrangersNicheIsSeldomMeant) {
  World world;
  const auto add = [&](const std::string& niche) {
    return world.add(
        {niche, "yoga practice on a mat", "BR", "pt", Platform::tiktok, 10'000, 0.03, 500.0, 0.5});
  };
  add("gaming");
  const auto meant = add("fitness/yoga");
  PlanOptions options;
  options.budget_usd = 500;
  const auto plan = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(plan) << plan.error().message;
  ASSERT_EQ(plan->chosen.size(), 1U);
  EXPECT_EQ(plan->chosen[0].id, meant);
}

TEST(Plan, TheCurveRisesAndMeetsThePlan) {
  World world;
  market(world, 15);
  PlanOptions options;
  options.budget_usd = 800;
  options.curve_points = 10;  // the seventh point is the budget itself
  const auto plan = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->curve.size(), 10U);
  EXPECT_EQ(plan->curve.front().reach, 0);
  for (std::size_t i = 1; i < plan->curve.size(); ++i) {
    EXPECT_GE(plan->curve[i].reach, plan->curve[i - 1].reach);
    EXPECT_LE(plan->curve[i].cost_usd, plan->curve[i].budget_usd + 1e-6);
  }
  EXPECT_NEAR(plan->curve[6].budget_usd, 800, 1e-9);
  EXPECT_NEAR(plan->curve[6].reach, plan->reach, 1e-6);
  EXPECT_NEAR(plan->curve.back().budget_usd, 1200, 1e-9);
}

TEST(Plan, CountsAreKept) {
  World world;
  market(world, 12);
  PlanOptions options;
  options.budget_usd = 1000;
  options.max_count = 2;
  auto plan = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(plan);
  EXPECT_LE(plan->chosen.size(), 2U);
  options.max_count.reset();
  options.min_count = 6;
  plan = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_GE(plan->chosen.size(), 6U);
  options.min_count = 11;
  const auto none = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().message.starts_with("/min_count"));
}

TEST(Plan, EstimatesPricesOnlyWhenTold) {
  World world;
  const auto silent =
      world.add({"fitness/yoga", "yoga mat", "BR", "pt", Platform::tiktok, 10'000, {}, {}, {}});
  PlanOptions options;
  options.budget_usd = 500;
  const auto without = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->chosen.empty());
  options.price_per_follower = 0.02;
  const auto with = world.matcher->plan({}, yoga_brief(), options);
  ASSERT_TRUE(with);
  ASSERT_EQ(with->chosen.size(), 1U);
  EXPECT_EQ(with->chosen.front().id, silent);
  EXPECT_TRUE(with->chosen.front().cost_estimated);
  EXPECT_TRUE(with->chosen.front().views_estimated);
  EXPECT_NEAR(with->chosen.front().cost_usd, 200, 1e-9);
}

TEST(Plan, TakesTheCandidatesItIsGiven) {
  World world;
  const auto all = market(world, 8);
  PlanOptions options;
  options.budget_usd = 400;
  options.candidates = {all[1], all[2]};
  const auto plan = world.matcher->plan({}, {}, options);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->chosen.size() + plan->left_out.size(), 2U);
  options.candidates = {all[1], CreatorId{5}};
  EXPECT_EQ(world.matcher->plan({}, {}, options).error().kind, ErrorKind::not_found);
  options.candidates = {all[1], all[1]};
  EXPECT_EQ(world.matcher->plan({}, {}, options).error().kind, ErrorKind::invalid);
}

TEST(Plan, RefusesWhatMakesNoSense) {
  World world;
  const auto message = [&](auto&& change) {
    PlanOptions options;
    options.budget_usd = 100;
    change(options);
    const auto plan = world.matcher->plan({}, {}, options);
    return plan ? std::string("accepted") : plan.error().message;
  };
  EXPECT_EQ(message([](auto&) {}), "accepted");
  EXPECT_TRUE(message([](auto& o) { o.budget_usd = 0; }).starts_with("/budget"));
  EXPECT_TRUE(message([](auto& o) { o.budget_usd = std::nan(""); }).starts_with("/budget"));
  EXPECT_TRUE(message([](auto& o) { o.max_count = 0; }).starts_with("/max_count"));
  EXPECT_TRUE(message([](auto& o) { o.min_count = 3, o.max_count = 2; }).starts_with("/max_count"));
  EXPECT_TRUE(message([](auto& o) { o.price_per_follower = -1; }).starts_with("/price_per_follower"));
  EXPECT_TRUE(message([](auto& o) { o.views_per_follower = 0; }).starts_with("/views_per_follower"));
  EXPECT_TRUE(message([](auto& o) { o.reach.pool_factor = 1; }).starts_with("/reach/pool_factor"));
  EXPECT_TRUE(message([](auto& o) { o.reach = {0, 0, 0, 3}; }).starts_with("/reach"));
  EXPECT_TRUE(message([](auto& o) { o.most_candidates = 0; }).starts_with("/most_candidates"));
  EXPECT_TRUE(message([](auto& o) { o.curve_points = 51; }).starts_with("/curve_points"));
}

}  // namespace
}  // namespace cdx
