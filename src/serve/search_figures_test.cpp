#include "serve/search_figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

namespace cdx::serve {
namespace {

using namespace std::chrono_literals;
using Microseconds = std::chrono::microseconds;

SearchOutcome took(std::chrono::steady_clock::duration time) { return {false, false, false, time}; }

TEST(SearchFigures, SayNothingWhereNothingWasAsked) {
  const ManualClock clock{Time{}};
  const auto report = SearchFigures(clock).last_hour();
  EXPECT_TRUE(report.kinds.empty());
  EXPECT_EQ(report.total.asked, 0U);
  EXPECT_EQ(report.total.p99_ms, 0);
}

TEST(SearchFigures, CountByKindAndInAll) {
  const ManualClock clock{Time{}};
  SearchFigures figures(clock);
  figures.note(SearchKind::hybrid, took(2ms));
  figures.note(SearchKind::hybrid, {false, true, true, 4ms});
  figures.note(SearchKind::picture_words, {true, true, true, 9s});
  const auto report = figures.last_hour();
  ASSERT_EQ(report.kinds.size(), 2U);
  EXPECT_EQ(report.kinds[0].first, SearchKind::hybrid);
  const auto& hybrid = report.kinds[0].second;
  EXPECT_EQ(hybrid.asked, 2U);
  EXPECT_EQ(hybrid.degraded, 1U);
  EXPECT_EQ(hybrid.empty, 1U);
  EXPECT_EQ(hybrid.slowest_ms, 4);
  const auto& pictures = report.kinds[1].second;
  EXPECT_EQ(pictures.failed, 1U);
  EXPECT_EQ(pictures.empty, 0U) << "what failed was not answered by nothing";
  EXPECT_EQ(pictures.p50_ms, 0);
  EXPECT_EQ(report.total.asked, 3U);
  EXPECT_EQ(report.total.failed, 1U);
}

TEST(SearchFigures, GiveQuantilesAtMostATenthTooHigh) {
  const ManualClock clock{Time{}};
  SearchFigures figures(clock);
  std::mt19937 random(3);
  std::lognormal_distribution<double> times(2, 1.5);
  std::vector<double> all;
  for (int i = 0; i < 5'000; ++i) {
    const auto time = Microseconds(static_cast<std::int64_t>(times(random) * 1'000) + 1);
    all.push_back(static_cast<double>(time.count()) / 1'000.0);
    figures.note(SearchKind::similar, took(time));
  }
  std::sort(all.begin(), all.end());
  const auto got = figures.last_hour().total;
  const auto check = [&](double share, double found) {
    const auto exact = all[static_cast<std::size_t>(std::ceil(share * 5'000.0)) - 1];
    EXPECT_GE(found, std::min(exact, 0.1) * 0.999) << share;
    EXPECT_GE(found, exact * 0.999) << share;
    EXPECT_LE(found, std::max(exact * 1.101, 0.1)) << share;
  };
  check(0.50, got.p50_ms);
  check(0.95, got.p95_ms);
  check(0.99, got.p99_ms);
  EXPECT_EQ(got.slowest_ms, all.back());
}

TEST(SearchFigures, TakeTimesBeyondTheirScale) {
  const ManualClock clock{Time{}};
  SearchFigures figures(clock);
  figures.note(SearchKind::rrf, took(0ns));
  figures.note(SearchKind::rrf, took(-5ms));
  EXPECT_LE(figures.last_hour().total.p99_ms, 0.1);
  figures.note(SearchKind::rrf, took(3h));
  EXPECT_EQ(figures.last_hour().total.slowest_ms, 10'800'000);
  EXPECT_GT(figures.last_hour().total.p99_ms, 10'000);
}

TEST(SearchFigures, ForgetAfterAnHourAndSurviveAClockThatIsSetBack) {
  ManualClock clock(Time{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}});
  SearchFigures figures(clock);
  figures.note(SearchKind::keyword, took(1ms));
  clock.advance(30min);
  figures.note(SearchKind::keyword, took(1ms));
  clock.advance(29min);
  EXPECT_EQ(figures.last_hour().total.asked, 2U);
  clock.advance(1min);
  EXPECT_EQ(figures.last_hour().total.asked, 1U);
  clock.advance(24h);
  EXPECT_EQ(figures.last_hour().total.asked, 0U);
  figures.note(SearchKind::keyword, took(1ms));
  clock.advance(-2h);
  EXPECT_EQ(figures.last_hour().total.asked, 0U) << "of a time that is not yet";
  figures.note(SearchKind::keyword, took(1ms));
  EXPECT_EQ(figures.last_hour().total.asked, 1U);
}

TEST(SearchFigures, LoseNothingBetweenThreads) {
  const ManualClock clock{Time{}};
  SearchFigures figures(clock);
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < 8; ++t)
    threads.emplace_back([&figures, t] {
      for (int i = 0; i < 1'000; ++i) figures.note(static_cast<SearchKind>(t), took(1ms));
    });
  threads.clear();
  EXPECT_EQ(figures.last_hour().total.asked, 8'000U);
}

TEST(SearchFigures, NameEveryKind) {
  for (std::size_t i = 0; i < search_kinds; ++i) EXPECT_FALSE(name(static_cast<SearchKind>(i)).empty());
}

}  // namespace
}  // namespace cdx::serve
