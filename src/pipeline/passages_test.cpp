#include "pipeline/passages.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cdx {
namespace {

ContentItem item(AccountId account, std::string title, const char* date, std::int64_t likes) {
  ContentItem out;
  out.id = content_id(Platform::tiktok, title);
  out.account = account;
  out.title = std::move(title);
  out.published_at = parse_time(date);
  out.likes = likes;
  return out;
}

Profile profile() {
  Profile out;
  Account account;
  account.platform = Platform::tiktok;
  account.id = account_id(Platform::tiktok, "1");
  const auto origin = account.origin({});
  account.name = {{"Ana", origin}};
  account.bio = {{"samba", origin}};
  out.items = {item(account.id, "new", "2026-06-01", 0), item(account.id, "old", "2026-03-03", 0),
               item(account.id, "liked", "2026-06-01", 999)};
  out.accounts.push_back(std::move(account));
  return out;
}

TEST(Passages, BioComesFirstAndContentWeighsByAgeAndReactions) {
  const auto passages = passages_of(profile());
  ASSERT_EQ(passages.size(), 2U);
  EXPECT_EQ(passages[0].field, "tiktok_bio");
  EXPECT_EQ(passages[0].texts, std::vector<std::string>{"Ana. samba"});
  EXPECT_EQ(passages[1].field, "tiktok_content");
  EXPECT_NEAR(passages[1].weights[0], 1, 1e-9);
  EXPECT_NEAR(passages[1].weights[1], 0.5, 1e-9);  // 90 days older
  EXPECT_NEAR(passages[1].weights[2], 4, 1e-9);    // 1 + log10(1000)
}

TEST(Passages, OnlyTheNewestItemsSpeak) { EXPECT_EQ(passages_of(profile(), 2)[1].texts.size(), 2U); }

TEST(Pooled, IsAUnitMeanAndWaitsForEveryText) {
  Passage passage{"f", {"a", "b"}, {3, 4}};
  TextVectors vectors{{hash64("a"), {1, 0}}};
  EXPECT_TRUE(pooled(passage, vectors).empty());
  vectors[hash64("b")] = {0, 1};
  const auto mean = pooled(passage, vectors);
  EXPECT_NEAR(mean[0], 0.6F, 1e-6F);
  EXPECT_NEAR(mean[1], 0.8F, 1e-6F);
}

}  // namespace
}  // namespace cdx
