#include "figures/spikes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>

#include "figures/synthetic_histories.h"

namespace cdx::figures {
namespace {

using std::chrono::days;

struct Tally {
  std::size_t planted = 0, found = 0, alarms = 0;
  double months = 0;
  double recall() const { return static_cast<double>(found) / static_cast<double>(planted); }
  double alarms_per_thousand() const { return 1000 * static_cast<double>(alarms) / months; }
  void add(const Tally& other) {
    planted += other.planted;
    found += other.found;
    alarms += other.alarms;
    months += other.months;
  }
};

bool answers(const Spike& spike, const Planted& planted) {
  return spike.at > planted.begin && spike.at <= planted.seen && (spike.change > 0) == (planted.change > 0);
}

Tally tally(const History& history) {
  Tally out;
  const auto spikes = find_spikes(history.snapshots, history.now);
  out.months = history.months;
  out.planted = history.planted.size();
  for (const auto& planted : history.planted)
    if (std::any_of(spikes.begin(), spikes.end(),
                    [&](const Spike& spike) { return answers(spike, planted); }))
      ++out.found;
  for (const auto& spike : spikes)
    if (std::none_of(history.planted.begin(), history.planted.end(),
                     [&](const Planted& planted) { return answers(spike, planted); }))
      ++out.alarms;
  return out;
}

Tally measured(std::uint64_t seed, int creators, const Plants* plants, double only_cadence = 0) {
  Tally out;
  for (int i = 0; i < creators; ++i) {
    const auto history = make_history(seed * 1'000'003 + static_cast<std::uint64_t>(i), 240, plants);
    if (only_cadence > 0 && (history.planted.empty() || history.planted[0].cadence != only_cadence)) continue;
    out.add(tally(history));
  }
  return out;
}

// The seeds here were not looked at while the rules were chosen. CDX_SPIKES_CREATORS makes it larger.
TEST(Spikes, PlantedOnesAreFoundAndOthersAreRare) {
  const char* more = std::getenv("CDX_SPIKES_CREATORS");
  const int creators = more == nullptr ? 500 : std::atoi(more);
  const Plants plants;
  Tally clean, bought;
  for (const std::uint64_t seed : {1001U, 1002U, 1003U, 1004U, 1005U}) {
    clean.add(measured(seed, creators, nullptr));
    bought.add(measured(seed + 100, creators / 2, &plants));
  }
  std::printf("%.0f creator-months without: %.2f alarms per 1,000; %zu planted: %.4f found\n", clean.months,
              clean.alarms_per_thousand(), bought.planted, bought.recall());
  for (const double cadence : {1.0, 3.0, 7.0})
    std::printf("  read every %.0f days: %.4f found\n", cadence,
                measured(1101, creators, &plants, cadence).recall());
  EXPECT_GE(bought.recall(), 0.95);
  EXPECT_LE(clean.alarms_per_thousand(), 1);
}

// A creator at 10,000 followers, read daily, `rise` of the logarithm by day.
std::vector<MetricSnapshot> daily(int length, const std::function<double(int)>& rise,
                                  std::uint32_t definition_from_60 = 1) {
  std::vector<MetricSnapshot> out;
  double level = std::log(10'000);
  std::minstd_rand noise(7);
  for (int day = 0; day < length; ++day) {
    level += 0.001 + (static_cast<double>(noise() % 1000) - 500) / 1e6 + rise(day);
    MetricSnapshot one;
    one.account = AccountId{1};
    one.at = *parse_time("2026-06-01T00:00:00Z") + days(day);
    one.value = std::floor(std::exp(level));
    one.definition = day >= 60 ? definition_from_60 : 1;
    out.push_back(one);
  }
  return out;
}
std::vector<Spike> spikes_of(const std::vector<MetricSnapshot>& snapshots) {
  return find_spikes(snapshots, snapshots.back().at);
}

TEST(Spikes, SayWhenAndHowMuch) {
  const auto spikes = spikes_of(daily(120, [](int day) { return day == 60 ? std::log(1.2) : 0; }));
  ASSERT_EQ(spikes.size(), 1U);
  EXPECT_EQ(format_date(spikes[0].at), "2026-07-31");
  EXPECT_NEAR(spikes[0].change, 0.2, 0.01);
  EXPECT_GT(spikes[0].score, 8);
  const auto loss = spikes_of(daily(120, [](int day) { return day == 60 ? std::log(0.8) : 0; }));
  ASSERT_EQ(loss.size(), 1U);
  EXPECT_NEAR(loss[0].change, -0.2, 0.01);
}

TEST(Spikes, AChangeOfDefinitionIsNone) {
  const auto jump = [](int day) { return day == 60 ? std::log(1.2) : 0; };
  EXPECT_EQ(spikes_of(daily(120, jump, 1)).size(), 1U);
  EXPECT_TRUE(spikes_of(daily(120, jump, 2)).empty());
}

TEST(Spikes, SuccessThatFadesARegimeThatLastsAndAWrongReadingAreNone) {
  EXPECT_TRUE(spikes_of(daily(120, [](int) { return 0; })).empty());
  EXPECT_TRUE(
      spikes_of(daily(120, [](int day) { return day >= 60 ? 0.08 / std::pow(day - 59, 0.8) : 0; })).empty());
  EXPECT_TRUE(spikes_of(daily(120, [](int day) { return day >= 60 ? 0.05 : 0; })).empty());
  EXPECT_TRUE(spikes_of(daily(120, [](int day) { return day == 60 ? 0.3 : day == 61 ? -0.3 : 0; })).empty());
}

TEST(Spikes, ViewsThatRiseWithItExplainIt) {
  const auto jump = [](int day) { return day == 60 ? std::log(1.2) : 0; };
  const auto with_views = [&](double on_the_day) {
    auto snapshots = daily(120, jump);
    double views = 1e6;
    for (int day = 0; day < 120; ++day) {
      views += 1000 * (day == 60 ? on_the_day : 1);
      auto one = snapshots[static_cast<std::size_t>(day)];
      one.metric = Metric::total_views;
      one.value = views;
      snapshots.push_back(one);
    }
    return spikes_of(snapshots).size();
  };
  EXPECT_EQ(with_views(1), 1U);
  EXPECT_EQ(with_views(20), 0U);
}

TEST(Spikes, ShortOddAndFutureHistoriesSayNothing) {
  EXPECT_TRUE(find_spikes({}, {}).empty());
  EXPECT_TRUE(spikes_of(daily(5, [](int day) { return day == 3 ? 1.0 : 0; })).empty());
  EXPECT_TRUE(spikes_of(daily(61, [](int day) { return day == 60 ? 0.3 : 0; })).empty())
      << "a rise on the last day may yet go on";
  auto snapshots = daily(120, [](int day) { return day == 60 ? 0.3 : 0; });
  EXPECT_TRUE(find_spikes(snapshots, snapshots[60].at).empty()) << "what comes after now is not known";
  for (auto& one : snapshots) one.value = std::nan("");
  EXPECT_TRUE(spikes_of(snapshots).empty());
  auto same_time = daily(120, [](int) { return 0; });
  for (auto& one : same_time) one.at = same_time[0].at;
  EXPECT_TRUE(spikes_of(same_time).empty());
}

TEST(Spikes, DoNotDependOnTheOrderOfSnapshots) {
  auto snapshots = daily(120, [](int day) { return day == 60 || day == 90 ? 0.2 : 0; });
  const auto expected = spikes_of(snapshots);
  ASSERT_EQ(expected.size(), 2U);
  EXPECT_GT(expected[0].at, expected[1].at) << "newest first";
  const auto now = snapshots.back().at;
  std::shuffle(snapshots.begin(), snapshots.end(), std::mt19937(3));
  EXPECT_EQ(find_spikes(snapshots, now), expected);
}

}  // namespace
}  // namespace cdx::figures
