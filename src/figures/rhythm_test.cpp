#include <gtest/gtest.h>

#include "figures/figures.h"

namespace cdx::figures {
namespace {

using std::chrono::days;

Time now() { return *parse_time("2026-11-21T00:00:00Z"); }

template <class T>
Field<T> known(T value) {
  return Sourced<T>{std::move(value), 0};
}

struct Maker {
  Profile profile;
  explicit Maker(std::int64_t followers = 1000) {
    Account account;
    account.id = AccountId{1};
    account.platform = Platform::youtube;
    account.followers = known(followers);
    profile.accounts.push_back(account);
  }
  Maker& post(double days_ago, std::optional<std::int64_t> views = {}) {
    ContentItem item;
    item.account = AccountId{1};
    item.published_at = now() - std::chrono::minutes(static_cast<int>(days_ago * 24 * 60));
    item.views = views;
    profile.items.push_back(item);
    return *this;
  }
  Creator measured() const {
    Creator creator;
    measure(creator, profile, {}, now());
    return creator;
  }
};

TEST(ViewsPerFollower, TakeTheMedianSoThatOneSuccessIsNotTheRule) {
  Maker maker;
  maker.post(1, 100).post(2, 200);
  EXPECT_FALSE(maker.measured().views_per_follower) << "two posts are too few";
  maker.profile.accounts[0].average_views = known(5000.0);
  EXPECT_DOUBLE_EQ(*maker.measured().views_per_follower, 5) << "then the source's word counts";
  maker.post(3, 1'000'000);
  EXPECT_DOUBLE_EQ(*maker.measured().views_per_follower, 0.2);
  maker.profile.accounts[0].followers = known<std::int64_t>(0);
  EXPECT_FALSE(maker.measured().views_per_follower) << "nothing to divide by";
}

TEST(PostsPerWeek, AreCountedOverAWindowSeenWhole) {
  Maker maker;
  for (int i = 0; i < 9; ++i) maker.post(10 * i + 1);
  maker.post(95);
  EXPECT_NEAR(*maker.measured().posts_per_week, 9 * 7 / 90.0, 1e-9);
}

TEST(PostsPerWeek, AreCountedFromTheOldestPostWhereNoOlderOneIsKnown) {
  Maker maker;
  for (int i = 0; i < 20; ++i) maker.post(i + 1);
  EXPECT_NEAR(*maker.measured().posts_per_week, 19 * 7 / 20.0, 1e-9);
}

TEST(PostsPerWeek, OneBusyDayDoesNotMakeARhythm) {
  Maker maker;
  for (int i = 0; i < 8; ++i) maker.post(10 * i + 1);
  for (int i = 0; i < 12; ++i) maker.post(45.3 + i * 0.01);
  maker.post(95);
  EXPECT_NEAR(*maker.measured().posts_per_week, (8 + 3) * 7 / 90.0, 1e-9);
}

TEST(PostsPerWeek, SayZeroOnlyWhereSilenceIsKnown) {
  Maker maker;
  EXPECT_FALSE(maker.measured().posts_per_week);
  maker.post(10).post(20);
  EXPECT_FALSE(maker.measured().posts_per_week) << "two posts and nothing before";
  Maker silent;
  silent.post(120).post(130);
  EXPECT_DOUBLE_EQ(*silent.measured().posts_per_week, 0);
  silent.profile.items[0].origin.fetched_at = now() - days(100);
  EXPECT_FALSE(silent.measured().posts_per_week) << "nobody has looked for 100 days";
  Maker future;
  future.post(-1).post(-2).post(-3);
  EXPECT_FALSE(future.measured().posts_per_week);
}

}  // namespace
}  // namespace cdx::figures
