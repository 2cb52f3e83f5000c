#include "enrich/chat/budget.h"

#include <gtest/gtest.h>

#include "enrich/chat/annotation_cache.h"
#include "enrich/chat/chat_world.h"

namespace cdx::enrich::test {
namespace {

using namespace std::chrono_literals;
using Misdeed = cdx::test::Misdeed;

struct BudgetWorld : ChatWorld {
  std::unique_ptr<Annotator> budgeted(const DailyBudget& budget) {
    return make_budgeted_annotator(open(), *ledger, budget, clock);
  }
};

TEST(BudgetedAnnotator, AsksNothingMoreThatDayAndSaysHowLongToWait) {
  for (const auto& budget :
       {DailyBudget{.requests = 2}, DailyBudget{.tokens = 1'000}, DailyBudget{.usd = 0.001}}) {
    BudgetWorld world;
    world.options.usd_per_million_input = 1;
    const auto annotator = world.budgeted(budget);
    std::size_t good = 0;
    Result<std::vector<Result<Annotation>>> last;
    for (int i = 0; i < 5; ++i) {
      const std::vector<Profile> one{creator("yoga " + std::to_string(i))};
      last = annotator->annotate({}, inputs(one));
      if (last) ++good;
    }
    EXPECT_GE(good, 1U);
    EXPECT_LE(good, 2U);
    EXPECT_EQ(world.asked(), good);
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().kind, ErrorKind::rate_limited);
    EXPECT_EQ(last.error().wait, 16h) << last.error().message;  // it is 08:00
    world.clock.advance(16h - 1ms);
    const std::vector<Profile> one{creator("yoga")};
    EXPECT_FALSE(annotator->annotate({}, inputs(one)));
    world.clock.advance(1ms);
    EXPECT_TRUE(annotator->annotate({}, inputs(one)));
  }
}

TEST(BudgetedAnnotator, WithoutLimitsHandsOver) {
  BudgetWorld world;
  const auto annotator = world.budgeted({});
  const std::vector<Profile> one{creator("yoga")};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(annotator->annotate({}, inputs(one)));
  EXPECT_EQ(annotator->version(), world.open()->version());
  EXPECT_EQ(annotator->batch(), world.options.batch);
  EXPECT_EQ(world.budgeted({.requests = 0})->annotate({}, inputs(one)).error().kind, ErrorKind::rate_limited);
}

TEST(BudgetedAnnotator, WhatIsKeptCostsNoBudget) {
  BudgetWorld world;
  const auto cache = make_memory_annotation_cache();
  const auto annotator = make_cached_annotator(world.budgeted({.requests = 1}), *cache, world.clock);
  const std::vector<Profile> one{creator("yoga")}, other{creator("vegan")};
  ASSERT_TRUE(annotator->annotate({}, inputs(one)));
  EXPECT_TRUE(annotator->annotate({}, inputs(one)));
  EXPECT_EQ(annotator->annotate({}, inputs(other)).error().kind, ErrorKind::rate_limited);
}

TEST(BudgetedAnnotator, CountsFailedRequestsToo) {
  BudgetWorld world;
  world.model.always(Misdeed::unauthorized);
  const auto annotator = world.budgeted({.requests = 1});
  const std::vector<Profile> one{creator("yoga")};
  EXPECT_EQ(annotator->annotate({}, inputs(one)).error().kind, ErrorKind::unauthorized);
  EXPECT_EQ(annotator->annotate({}, inputs(one)).error().kind, ErrorKind::rate_limited);
}

TEST(MemoryLedger, AddsUpByDay) {
  const auto ledger = make_memory_ledger();
  const auto day = *parse_time("2026-06-01T23:59:59Z");
  ASSERT_TRUE(ledger->add({}, day, {1, 2, 3}));
  ASSERT_TRUE(ledger->add({}, day, {1, 2, 3}));
  EXPECT_EQ(*ledger->of_day({}, *parse_time("2026-06-01T00:00:00Z")), (Spend{2, 4, 6}));
  EXPECT_EQ(*ledger->of_day({}, day + 1s), Spend{});
}

}  // namespace
}  // namespace cdx::enrich::test
