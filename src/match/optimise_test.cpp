#include "match/optimise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace cdx {
namespace {

std::size_t count_of(std::uint32_t set) {
  std::size_t out = 0;
  for (; set != 0; set &= set - 1) ++out;
  return out;
}

// Every subset: the oracle.
Selection by_brute_force(const ReachProblem& problem) {
  const auto pools = reach_pools(problem);
  Selection best;
  for (std::uint32_t set = 0; set < (1U << problem.items.size()); ++set) {
    const auto count = count_of(set);
    if (count < problem.min_count || count > problem.max_count) continue;
    Selection one;
    for (std::size_t i = 0; i < problem.items.size(); ++i)
      if ((set >> i & 1U) != 0) {
        one.chosen.push_back(i);
        one.cost += problem.items[i].cost;
      }
    if (one.cost > problem.budget) continue;
    one.reach = reach_of(problem, pools, one.chosen);
    if (one.reach > best.reach) best = one;
  }
  return best;
}

ReachProblem random_problem(std::mt19937_64& random, std::size_t most) {
  const auto unit = [&] { return std::uniform_real_distribution<double>(0, 1)(random); };
  ReachProblem out;
  const auto size = 4 + random() % (most - 3);
  const auto groups = static_cast<std::uint32_t>(1 + random() % 4);
  const double noise = unit() * 2;  // from prices that follow reach to prices that do not
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    ReachItem item;
    item.reach = std::pow(10, 2 + 3 * unit());
    item.cost = std::round(0.01 * item.reach * std::exp(noise * (unit() - 0.5)) + 1);
    for (auto& group : item.group) group = static_cast<std::uint32_t>(random() % groups);
    sum += item.cost;
    out.items.push_back(item);
  }
  out.weights = {0.5, 0.2, 0.3};
  out.pool_factor = 1.1 + 4 * unit();
  out.budget = sum * (0.05 + 0.7 * unit());
  if (random() % 3 == 0) out.max_count = 1 + random() % size;
  if (random() % 3 == 0)
    out.min_count = random() % std::min<std::size_t>(size, std::min<std::size_t>(out.max_count, 6));
  return out;
}

TEST(Optimise, StaysWithinTwoPercentOfBruteForceOnHundredsOfCases) {
  std::mt19937_64 random(20'260'205);
  double worst = 1, sum = 0;
  std::size_t exact = 0, cases = 0;
  for (int round = 0; round < 400; ++round) {
    const auto problem = random_problem(random, 15);
    const auto best = by_brute_force(problem);
    const auto found = optimise({}, problem, true);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_LE(found->cost, problem.budget + 1e-6) << "case " << round;
    if (best.chosen.empty()) continue;
    EXPECT_GE(found->chosen.size(), problem.min_count) << "case " << round;
    EXPECT_LE(found->chosen.size(), problem.max_count) << "case " << round;
    const double share = found->reach / best.reach;
    EXPECT_GE(share, 0.98) << "case " << round;
    worst = std::min(worst, share);
    sum += share;
    exact += share > 1 - 1e-9 ? 1 : 0;
    ++cases;
  }
  ASSERT_GT(cases, 300U);
  RecordProperty("worst_share", std::to_string(worst));
  std::cout << "cases " << cases << ", worst " << worst << ", mean " << sum / static_cast<double>(cases)
            << ", exact " << exact << "\n";
}

TEST(Optimise, ThePlainWalkIsWithinTenPercentOfTheThoroughOne) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20; ++round) {
    auto problem = random_problem(random, 60);
    const auto plain = optimise({}, problem, false), thorough = optimise({}, problem, true);
    ASSERT_TRUE(plain && thorough);
    EXPECT_LE(plain->reach, thorough->reach * (1 + 1e-9));
    EXPECT_GE(plain->reach, 0.9 * thorough->reach);
  }
}

ReachProblem two_alike_and_another() {
  ReachProblem out;
  out.items = {{100, 1000, {0, 0, 0}}, {100, 990, {0, 0, 0}}, {100, 800, {1, 1, 1}}};
  out.weights = {0.5, 0.2, 0.3};
  out.pool_factor = 1.5;
  out.budget = 200;
  return out;
}

TEST(Optimise, PrefersADifferentAudienceToMoreOfTheSame) {
  const auto found = optimise({}, two_alike_and_another(), true);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->chosen, (std::vector<std::size_t>{0, 2}));
  EXPECT_NEAR(found->reach, 1800, 1e-6);
}

TEST(Optimise, AloneEveryoneReachesWhatTheyReach) {
  const auto problem = two_alike_and_another();
  const auto pools = reach_pools(problem);
  for (std::size_t i = 0; i < problem.items.size(); ++i)
    EXPECT_NEAR(reach_of(problem, pools, {i}), problem.items[i].reach, 1e-6);
}

TEST(Optimise, TheObjectiveGrowsAndGainsShrink) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    const auto problem = random_problem(random, 12);
    const auto pools = reach_pools(problem);
    std::vector<std::size_t> small, large;
    for (std::size_t i = 1; i < problem.items.size(); ++i) {
      if (random() % 2 == 0) continue;
      large.push_back(i);
      if (random() % 2 == 0) small.push_back(i);
    }
    const auto gain = [&](std::vector<std::size_t> set) {
      const double before = reach_of(problem, pools, set);
      set.push_back(0);
      return reach_of(problem, pools, set) - before;
    };
    EXPECT_GE(gain(large), -1e-9);
    EXPECT_GE(gain(small) + 1e-6, gain(large));
  }
}

TEST(Optimise, TakesNothingWhereNothingCanBePaid) {
  auto problem = two_alike_and_another();
  problem.budget = 99;
  auto found = optimise({}, problem, true);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->chosen.empty());
  EXPECT_EQ(found->reach, 0);
  problem.min_count = 1;
  EXPECT_FALSE(feasible(problem));
  problem.items.clear();
  problem.min_count = 0;
  found = optimise({}, problem, true);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->chosen.empty());
}

TEST(Optimise, StopsWhenItIsTold) {
  std::stop_source source;
  source.request_stop();
  Call call;
  call.stop = source.get_token();
  const auto found = optimise(call, two_alike_and_another(), true);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx
