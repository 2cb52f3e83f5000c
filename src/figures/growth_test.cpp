#include <gtest/gtest.h>

#include <cmath>

#include "figures/figures.h"

namespace cdx::figures {
namespace {

using std::chrono::days;

Time now() { return *parse_time("2026-11-21T00:00:00Z"); }

MetricSnapshot at(AccountId account, int days_ago, double value, std::uint32_t definition = 1) {
  MetricSnapshot out;
  out.account = account;
  out.at = now() - days(days_ago);
  out.value = value;
  out.definition = definition;
  return out;
}

// Weekly counts of the last 13 weeks that grow by `weekly` each.
std::vector<MetricSnapshot> weekly(double start, double growth, AccountId account = {1}) {
  std::vector<MetricSnapshot> out;
  for (int week = 0; week <= 12; ++week)
    out.push_back(at(account, 84 - 7 * week, std::round(start * std::pow(1 + growth, week))));
  return out;
}

Creator measured(const std::vector<MetricSnapshot>& snapshots) {
  Creator creator;
  measure(creator, Profile{}, snapshots, now());
  return creator;
}
double emerging_of(const std::vector<MetricSnapshot>& snapshots) {
  const auto creator = measured(snapshots);
  return creator.emerging.value_or(-1);
}

TEST(Growth, OfLongAgoIsNotSaid) {
  EXPECT_TRUE(measured({at({1}, 75, 1000), at({1}, 45, 1100)}).growth_rate_30d);
  EXPECT_FALSE(measured({at({1}, 76, 1000), at({1}, 46, 1100)}).growth_rate_30d);
}

TEST(GrowthTrend, ComparesTheLastMonthWithTheTwoBefore) {
  const auto creator = measured({at({1}, 90, 1000), at({1}, 30, 1210), at({1}, 0, 1210 * 1.3)});
  ASSERT_TRUE(creator.growth_trend);
  EXPECT_NEAR(*creator.growth_trend, 0.3 - 0.1, 1e-9) << "10 % in 30 days before, 30 % now";
  EXPECT_FALSE(measured({at({1}, 30, 1000), at({1}, 0, 1100)}).growth_trend) << "nothing before";
  EXPECT_FALSE(measured({at({1}, 90, 1000, 2), at({1}, 30, 1210), at({1}, 0, 1300)}).growth_trend)
      << "another definition";
  EXPECT_NEAR(*measured({at({1}, 90, 1000), at({1}, 30, 1000), at({1}, 0, 500)}).growth_trend, -0.5, 1e-9);
}

TEST(Emerging, IsFastAndSteadyGrowthFromASmallBase) {
  EXPECT_GT(emerging_of(weekly(20'000, 0.02)), 0.4);
  EXPECT_GT(emerging_of(weekly(20'000, 0.05)), emerging_of(weekly(20'000, 0.02)));
  EXPECT_LT(emerging_of(weekly(20'000, 0.005)), 0.3) << "two percent a month is usual";
  EXPECT_EQ(emerging_of(weekly(20'000, -0.02)), 0);
  EXPECT_LT(emerging_of(weekly(500'000, 0.02)), 0.3) << "no small base";
  EXPECT_EQ(emerging_of(weekly(2'000'000, 0.05)), 0);
  EXPECT_LT(emerging_of(weekly(90, 0.05)), 0.1) << "what is next to nothing grows fast";
  EXPECT_EQ(emerging_of({}), -1) << "no history, no word";
  EXPECT_EQ(emerging_of({at({1}, 7, 1000), at({1}, 0, 1100)}), -1) << "too short";
}

TEST(Emerging, LittleHistoryProvesLittle) {
  EXPECT_LT(emerging_of({at({1}, 30, 20'000), at({1}, 0, 21'500)}), emerging_of(weekly(20'000, 0.0167)));
}

TEST(Emerging, BoughtFollowersBringNothing) {
  auto snapshots = weekly(20'000, 0.001);
  for (std::size_t i = 7; i < snapshots.size(); ++i)
    snapshots[i].value = std::round(snapshots[i].value * 1.4);
  const auto creator = measured(snapshots);
  ASSERT_EQ(creator.spikes.size(), 1U);
  EXPECT_NEAR(creator.spikes[0].change, 0.4, 0.01);
  EXPECT_GT(*creator.growth_rate_30d, -0.01);
  EXPECT_LT(*creator.emerging, 0.05);
}

TEST(Emerging, OneGoodWeekIsNotSteady) {
  auto jumpy = weekly(20'000, 0);
  for (std::size_t i = 6; i < jumpy.size(); ++i) jumpy[i].value *= 1.03;
  for (std::size_t i = 9; i < jumpy.size(); ++i) jumpy[i].value *= 1.03;
  const double total = jumpy.back().value / jumpy.front().value;
  EXPECT_LT(emerging_of(jumpy), emerging_of(weekly(20'000, std::pow(total, 1.0 / 12) - 1)) / 2);
}

}  // namespace
}  // namespace cdx::figures
