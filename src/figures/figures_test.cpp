#include "figures/figures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx::figures {
namespace {

using std::chrono::days;

Time now() { return *parse_time("2026-11-21T00:00:00Z"); }

template <class T>
Field<T> known(T value) {
  return Sourced<T>{std::move(value), 0};
}

Account account_on(Platform platform, std::string handle) {
  Account account;
  account.platform = platform;
  account.user_id = handle;
  account.id = account_id(platform, handle);
  account.origin({});
  return account;
}

Profile profile_of_items(std::size_t count) {
  Profile profile;
  profile.accounts.push_back(account_on(Platform::youtube, "handle"));
  profile.items.resize(count);
  for (auto& item : profile.items) item.account = profile.accounts[0].id;
  return profile;
}

Creator measured(const Profile& profile, std::span<const MetricSnapshot> snapshots = {}) {
  Creator creator;
  measure(creator, profile, snapshots, now());
  return creator;
}

TEST(Figures, SumFollowersAndWeighEngagementByThem) {
  Profile profile;
  profile.accounts = {account_on(Platform::youtube, "a"), account_on(Platform::tiktok, "b"),
                      account_on(Platform::x, "c")};
  profile.accounts[0].followers = known<std::int64_t>(1000);
  profile.accounts[0].engagement_rate = known(0.10);
  profile.accounts[1].followers = known<std::int64_t>(3000);
  profile.accounts[1].average_likes = known(50.0);
  profile.accounts[1].average_comments = known(10.0);
  profile.accounts[2].price_usd = known(250.0);
  profile.accounts[2].verified = known(true);
  const auto creator = measured(profile);
  EXPECT_EQ(creator.total_followers, 4000);
  ASSERT_TRUE(creator.engagement_rate);
  EXPECT_NEAR(*creator.engagement_rate, (1000 * 0.10 + 3000 * 0.02) / 4000, 1e-12);
  EXPECT_EQ(creator.price_usd, 250);
  EXPECT_TRUE(creator.verified);
}

MetricSnapshot snapshot(AccountId account, int days_ago, double value, std::uint32_t definition = 1) {
  MetricSnapshot out;
  out.account = account;
  out.at = now() - days(days_ago);
  out.value = value;
  out.definition = definition;
  return out;
}

TEST(Growth, IsScaledToThirtyDays) {
  const AccountId a{1}, b{2};
  const auto growth = [](const std::vector<MetricSnapshot>& snapshots) {
    return measured(Profile{}, snapshots).growth_rate_30d;
  };
  ASSERT_TRUE(growth({snapshot(a, 30, 1000), snapshot(a, 0, 1100)}));
  EXPECT_NEAR(*growth({snapshot(a, 30, 1000), snapshot(a, 0, 1100)}), 0.10, 1e-9);
  EXPECT_NEAR(*growth({snapshot(a, 15, 1000), snapshot(a, 0, 1100)}), 0.21, 1e-9);
  EXPECT_NEAR(*growth({snapshot(a, 30, 1000), snapshot(a, 15, 5), snapshot(a, 0, 1100)}), 0.10, 1e-9)
      << "only the ends count";
  EXPECT_NEAR(
      *growth({snapshot(a, 30, 1000), snapshot(a, 0, 1100), snapshot(b, 30, 3000), snapshot(b, 0, 3000)}),
      0.025, 1e-9);
  EXPECT_FALSE(growth({snapshot(a, 13, 1000), snapshot(a, 0, 1100)})) << "too short";
  EXPECT_FALSE(growth({snapshot(a, 80, 1000), snapshot(a, 0, 1100)})) << "too long ago";
  EXPECT_FALSE(growth({snapshot(a, 30, 1000, 1), snapshot(a, 0, 1100, 2)}))
      << "two definitions cannot be compared";
  EXPECT_FALSE(growth({snapshot(a, 30, 0), snapshot(a, 0, 1100)})) << "growth from nothing has no rate";
  EXPECT_FALSE(growth({snapshot(a, 30, 1000), snapshot(a, -5, 1100)})) << "the future is not known";
  EXPECT_FALSE(growth({snapshot(a, 30, std::nan("")), snapshot(a, 0, 1100)}));
  EXPECT_FALSE(growth({}));
}

TEST(Quality, IsTheSumOfItsPartsAndSharesTheWeightOfUnknownOnes) {
  Creator creator;
  EXPECT_TRUE(quality_parts(creator, now()).empty());
  creator.total_followers = 10'000'000;
  auto parts = quality_parts(creator, now());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_DOUBLE_EQ(parts[0].weight, 1);
  EXPECT_NEAR(parts[0].value, 1, 1e-12);
  creator.engagement_rate = 0.03;
  creator.last_post_at = now() - days(30);
  creator.growth_rate_30d = 0;
  parts = quality_parts(creator, now());
  ASSERT_EQ(parts.size(), 4U);
  double sum = 0, weights = 0;
  for (const auto& part : parts) {
    EXPECT_GE(part.value, 0);
    EXPECT_LE(part.value, 1);
    sum += part.value * part.weight;
    weights += part.weight;
  }
  EXPECT_NEAR(weights, 1, 1e-12);
  EXPECT_NEAR(sum, 0.4 * 0.5 + 0.25 * 0.5 + 0.2 + 0.15 * 0.5, 1e-12);
}

TEST(Quality, DoesNotRewardGrowthThatCameInOneStep) {
  Creator creator;
  creator.growth_rate_30d = 0.3;
  ASSERT_EQ(quality_parts(creator, now()).size(), 1U);
  creator.spikes = {{AccountId{1}, Metric::followers, now() - days(10), 0.3, 40}};
  EXPECT_TRUE(quality_parts(creator, now()).empty());
  creator.spikes[0].change = -0.3;
  EXPECT_EQ(quality_parts(creator, now()).size(), 1U) << "a purge is no gain";
  creator.spikes = {{AccountId{1}, Metric::followers, now() - days(46), 0.3, 40}};
  EXPECT_EQ(quality_parts(creator, now()).size(), 1U) << "long ago";
}

TEST(Measured, ExpiresWithTheStrictestInput) {
  auto profile = profile_of_items(1);
  EXPECT_FALSE(measured(profile).expires_at);
  profile.accounts[0].origins[0].expires_at = now() + days(90);
  profile.items[0].origin.expires_at = now() + days(30);
  auto third = snapshot(profile.accounts[0].id, 3, 100);
  third.origin.expires_at = now() + days(60);
  const std::vector<MetricSnapshot> snapshots = {third};
  EXPECT_EQ(measured(profile, snapshots).expires_at, now() + days(30));
}

TEST(Measured, IgnoresPostsOfTheFuture) {
  auto profile = profile_of_items(2);
  profile.items[0].published_at = now() + days(5);
  profile.items[1].published_at = now() - days(5);
  EXPECT_EQ(measured(profile).last_post_at, now() - days(5));
}

}  // namespace
}  // namespace cdx::figures
