#include "figures/credibility.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figures/figures.h"

namespace cdx::figures {
namespace {

using std::chrono::days;

Time now() { return *parse_time("2026-11-21T00:00:00Z"); }

template <class T>
Field<T> known(T value) {
  return Sourced<T>{std::move(value), 0};
}

Account instagram(std::int64_t followers, std::uint64_t id = 1) {
  Account account;
  account.id = AccountId{id};
  account.platform = Platform::instagram;
  account.followers = known(followers);
  return account;
}
Profile with(Account account) {
  Profile profile;
  profile.accounts.push_back(std::move(account));
  return profile;
}
const CredibilityPart* part(const std::vector<CredibilityPart>& parts, std::string_view name) {
  for (const auto& one : parts)
    if (one.name == name) return &one;
  return nullptr;
}
double value(const Profile& profile, std::string_view name) {
  const auto parts = credibility_parts(profile, {}, now());
  const auto* one = part(parts, name);
  return one ? one->value : -1;
}

TEST(Credibility, IsAbsentWhereNothingIsKnown) {
  EXPECT_TRUE(credibility_parts(Profile{}, {}, now()).empty());
  EXPECT_FALSE(credibility({}));
  auto account = instagram(10'000);
  account.bio = known<std::string>("Samba");
  const auto parts = credibility_parts(with(account), {}, now());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_FALSE(credibility(parts)) << "a bio alone says next to nothing";
}

TEST(Credibility, BandIsTheWiderTheLessIsKnown) {
  auto account = instagram(10'000);
  account.following = known<std::int64_t>(100);
  const auto little = credibility(credibility_parts(with(account), {}, now()));
  account.engagement_rate = known(0.05);
  account.content_count = known<std::int64_t>(300);
  account.created_at = known(now() - days(2000));
  const auto more = credibility(credibility_parts(with(account), {}, now()));
  ASSERT_TRUE(little && more);
  EXPECT_NEAR(little->high - little->low, 0.85, 1e-9);
  EXPECT_NEAR(more->high - more->low, 0.45, 1e-9);
  EXPECT_NEAR(more->value, 0.775, 1e-9) << "all that is known is good: the band ends at 1";
  EXPECT_NEAR(more->high, 1, 1e-9);
  for (const auto& one : {*little, *more}) {
    EXPECT_LE(one.low, one.value);
    EXPECT_LE(one.value, one.high);
  }
}

TEST(Credibility, EngagementMayBeTooLowAndTooHigh) {
  const auto of = [](double rate, std::int64_t followers, Platform platform = Platform::instagram) {
    auto account = instagram(followers);
    account.platform = platform;
    account.engagement_rate = known(rate);
    return value(with(account), "engagement");
  };
  EXPECT_EQ(of(0.05, 10'000), 1);
  EXPECT_LT(of(0.0005, 10'000), 0.1) << "bought followers do not react";
  EXPECT_LT(of(0.9, 10'000), 0.5) << "arranged reactions";
  EXPECT_EQ(of(0.005, 5'000'000), 1) << "usual at this size";
  EXPECT_LT(of(0.005, 5'000), 0.7) << "not at this";
  EXPECT_EQ(of(0.9, 10'000, Platform::tiktok), 1) << "shown beyond the followers";
  EXPECT_EQ(of(0.05, 10'000, Platform::twitch), -1) << "nothing is known of what is usual";
  EXPECT_EQ(of(0, 10'000), 0);
}

TEST(Credibility, CommentsFollowingPostsAndAgeSpeak) {
  const auto comments = [](double likes, double said) {
    auto account = instagram(10'000);
    account.average_likes = known(likes);
    account.average_comments = known(said);
    return value(with(account), "comments");
  };
  EXPECT_EQ(comments(1000, 30), 1);
  EXPECT_LT(comments(10'000, 2), 0.5);
  EXPECT_EQ(comments(1000, 0), -1) << "closed comments look the same";
  EXPECT_EQ(comments(1000, 700), 0);
  EXPECT_EQ(comments(3, 1), -1) << "too few to say";
  const auto following = [](std::int64_t followers, std::int64_t followed) {
    auto account = instagram(followers);
    account.following = known(followed);
    return value(with(account), "following");
  };
  EXPECT_EQ(following(10'000, 100), 1);
  EXPECT_NEAR(following(1000, 1000), 0.5, 1e-9);
  EXPECT_EQ(following(100, 7000), 0);
  EXPECT_EQ(following(100, 0), 1);
  EXPECT_EQ(following(0, 10), -1);
  const auto posts = [](std::int64_t followers, std::int64_t count) {
    auto account = instagram(followers);
    account.content_count = known(count);
    return value(with(account), "posts");
  };
  EXPECT_EQ(posts(100'000, 3), 0);
  EXPECT_EQ(posts(100'000'000, 60), 1) << "stars post rarely for their size";
  EXPECT_EQ(posts(500, 6), 1);
  auto young = instagram(100);
  young.created_at = known(now() - days(73));
  EXPECT_NEAR(value(with(young), "age"), 0.1, 1e-9);
  young.created_at = known(now() + days(73));
  EXPECT_EQ(value(with(young), "age"), -1) << "a time to come is no age";
}

std::vector<MetricSnapshot> weekly(AccountId account, double jump) {
  std::vector<MetricSnapshot> out;
  double value = 20'000;
  for (int week = 0; week <= 20; ++week) {
    MetricSnapshot one;
    one.account = account;
    one.at = now() - days(7 * (20 - week));
    value *= 1.001 + 0.0001 * (week % 3) + (week == 10 ? jump : 0);
    one.value = std::round(value);
    out.push_back(one);
  }
  return out;
}

TEST(Credibility, SpikesCountOnceThereIsHistory) {
  const auto profile = with(instagram(20'000));
  const auto of = [&](const std::vector<MetricSnapshot>& snapshots) {
    const auto parts = credibility_parts(profile, snapshots, now());
    const auto* one = part(parts, "spikes");
    return one ? one->value : -1;
  };
  EXPECT_EQ(of({}), -1);
  EXPECT_EQ(of(weekly({1}, 0)), 1);
  EXPECT_NEAR(of(weekly({1}, 0.15)), 0.5, 0.02);
  EXPECT_EQ(of(weekly({1}, 0.5)), 0);
  EXPECT_EQ(of(weekly({2}, 0)), -1) << "somebody else's history";
}

TEST(Credibility, AccountsWeighByTheirFollowersAndSilenceCostsWeight) {
  Profile profile;
  profile.accounts = {instagram(30'000, 1), instagram(10'000, 2)};
  profile.accounts[0].following = known<std::int64_t>(300);
  const auto one = credibility_parts(profile, {}, now());
  ASSERT_EQ(one.size(), 1U);
  EXPECT_NEAR(one[0].weight, 0.15 * 0.75, 1e-9);
  EXPECT_EQ(one[0].value, 1);
  profile.accounts[1].following = known<std::int64_t>(100'000);
  const auto both = credibility_parts(profile, {}, now());
  EXPECT_NEAR(both[0].weight, 0.15, 1e-9);
  EXPECT_NEAR(both[0].value, 0.75, 1e-9);
}

TEST(Credibility, AModelIsOneMorePart) {
  auto account = instagram(10'000);
  account.following = known<std::int64_t>(100);
  const auto profile = with(account);
  const auto without = credibility_parts(profile, {}, now());
  const auto parts = credibility_parts(profile, {}, now(), {{AccountId{1}, 0.9}});
  ASSERT_EQ(parts.size(), without.size() + 1);
  EXPECT_EQ(parts.back().name, "model");
  EXPECT_NEAR(parts.back().value, 0.1, 1e-9);
  EXPECT_NEAR(parts[0].weight, without[0].weight / 1.2, 1e-9);
  EXPECT_EQ(credibility_parts(profile, {}, now(), {{AccountId{9}, 0.9}}).size(), without.size());
  EXPECT_EQ(credibility_parts(profile, {}, now(), {{AccountId{1}, std::nan("")}}).size(), without.size());
}

TEST(Credibility, WeightsNeverExceedOneAndEveryPartHasWords) {
  auto account = instagram(20'000);
  account.following = known<std::int64_t>(100);
  account.engagement_rate = known(0.05);
  account.average_likes = known(900.0);
  account.average_comments = known(40.0);
  account.content_count = known<std::int64_t>(300);
  account.created_at = known(now() - days(2000));
  account.bio = known<std::string>("Samba");
  account.image_url = known<std::string>("https://x.example/a.jpg");
  const auto parts = credibility_parts(with(account), weekly({1}, 0), now(), {{AccountId{1}, 0.01}});
  EXPECT_EQ(parts.size(), 8U);
  double weights = 0;
  for (const auto& one : parts) {
    weights += one.weight;
    EXPECT_GE(one.value, 0);
    EXPECT_LE(one.value, 1);
    EXPECT_FALSE(one.words.empty()) << one.name;
  }
  EXPECT_NEAR(weights, 1, 1e-9);
  const auto all = credibility(parts);
  ASSERT_TRUE(all);
  EXPECT_NEAR(all->high - all->low, 0, 1e-9) << "all is known";
}

}  // namespace
}  // namespace cdx::figures
