#include "fetch/schedule.h"

#include <gtest/gtest.h>

namespace cdx::fetch {
namespace {

using std::chrono::seconds;
const Instant start{seconds(1'000)};

TEST(Schedule, HostsTakeTurnsWithinTheirLimits) {
  FetchOptions options;
  options.concurrency = 3;
  options.per_host = 2;
  Schedule schedule(options);
  for (std::uint32_t i = 0; i < 4; ++i) schedule.add("a", {i});
  schedule.add("b", {10});
  EXPECT_EQ(schedule.next(start)->url, 0U);
  EXPECT_EQ(schedule.next(start)->url, 10U);
  EXPECT_EQ(schedule.next(start)->url, 1U);
  EXPECT_FALSE(schedule.next(start)) << "three are in flight";
  schedule.ended("b", false, start);
  EXPECT_FALSE(schedule.next(start)) << "two of one host are in flight";
  schedule.ended("a", false, start);
  EXPECT_EQ(schedule.next(start)->url, 2U);
  EXPECT_EQ(schedule.waiting(), 1U);
  EXPECT_EQ(schedule.in_flight(), 2U);
}

TEST(Schedule, ARetryWaitsForItsTime) {
  FetchOptions options;
  Schedule schedule(options);
  schedule.add("a", {7});
  ASSERT_TRUE(schedule.next(start));
  schedule.ended("a", true, start);
  schedule.retry("a", {7, 2}, start + seconds(5));
  EXPECT_FALSE(schedule.next(start + seconds(4)));
  EXPECT_EQ(*schedule.wake(), start + seconds(5));
  const auto job = schedule.next(start + seconds(5));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->attempt, 2);
  EXPECT_EQ(schedule.waiting(), 0U);
}

TEST(Schedule, AHostThatFailsRestsThenTriesOneAndIsGivenUpInTheEnd) {
  FetchOptions options;
  options.breaker_failures = 2;
  options.breaker_rest = seconds(30);
  options.breaker_rests = 2;
  options.per_host = 1;
  Schedule schedule(options);
  for (std::uint32_t i = 0; i < 9; ++i) schedule.add("a", {i});
  schedule.add("b", {100});
  auto now = start;
  const auto fail_one = [&] {
    const auto job = schedule.next(now);
    ASSERT_TRUE(job);
    ASSERT_LT(job->url, 100U);
    schedule.ended("a", true, now);
  };
  fail_one();
  ASSERT_EQ(schedule.next(now)->url, 100U);
  schedule.ended("b", false, now);
  fail_one();
  EXPECT_FALSE(schedule.next(now)) << "the host rests";
  EXPECT_FALSE(schedule.next(now + seconds(29)));
  now += seconds(30);
  fail_one();
  EXPECT_FALSE(schedule.given_up("a"));
  now += seconds(30);
  fail_one();
  EXPECT_TRUE(schedule.given_up("a"));
  EXPECT_EQ(schedule.take_lost("a").size(), 5U);
  EXPECT_EQ(schedule.waiting(), 0U);
  EXPECT_FALSE(schedule.given_up("b"));
}

TEST(Schedule, OneAnswerHealsAHost) {
  FetchOptions options;
  options.breaker_failures = 2;
  Schedule schedule(options);
  for (std::uint32_t i = 0; i < 9; ++i) schedule.add("a", {i});
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(schedule.next(start));
    schedule.ended("a", i % 2 == 0, start);
  }
  EXPECT_TRUE(schedule.next(start));
}

}  // namespace
}  // namespace cdx::fetch
