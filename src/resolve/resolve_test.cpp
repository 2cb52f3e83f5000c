#include "resolve/resolve.h"

#include <gtest/gtest.h>

namespace cdx::resolve {
namespace {

Account make(Platform platform, std::string handle, std::string bio, std::string name = "Ana Souza") {
  Account out;
  out.platform = platform;
  out.user_id = handle;
  out.id = account_id(platform, handle);
  const auto origin = out.origin({});
  out.handle = {{std::move(handle), origin}};
  out.bio = {{std::move(bio), origin}};
  out.name = {{std::move(name), origin}};
  return out;
}

Candidate candidate(const Account& account) { return {account, creator_id(account.id), block_keys(account)}; }

std::optional<Decision> decided(const Account& account, const std::vector<Candidate>& candidates) {
  return decide(account, block_keys(account), candidates);
}

TEST(ProfileAddress, ReadsTheUsualFormsAndNothingElse) {
  const auto expect = [](const char* url, Platform platform, const char* handle) {
    const auto address = profile_address(url);
    ASSERT_TRUE(address) << url;
    EXPECT_EQ(address->platform, platform) << url;
    EXPECT_EQ(address->handle, handle) << url;
  };
  expect("https://www.tiktok.com/@Ana.Dances?lang=en", Platform::tiktok, "ana.dances");
  expect("instagram.com/anadances/", Platform::instagram, "anadances");
  expect("https://youtube.com/channel/UCabcDEF123", Platform::youtube, "UCabcDEF123");
  expect("https://www.youtube.com/@ana", Platform::youtube, "ana");
  expect("https://twitter.com/ana_", Platform::x, "ana_");
  for (const auto* url :
       {"https://example.com/ana", "https://instagram.com/p/Cxyz", "https://youtube.com/watch?v=1",
        "instagram.com", "", "https://evil-instagram.com/ana", "https://instagram.com.evil.net/ana"})
    EXPECT_FALSE(profile_address(url)) << url;
}

TEST(DeclaredProfiles, FindsLinksAndAnnouncedHandlesButNotItself) {
  const auto account =
      make(Platform::youtube, "ana",
           "samba! IG: @ana.dances | tiktok.com/@anatok. mail ana@example.com youtube.com/@ana");
  const std::vector<ProfileAddress> expected{{Platform::tiktok, "anatok"},
                                             {Platform::instagram, "ana.dances"}};
  EXPECT_EQ(declared_profiles(account), expected);
}

TEST(Decide, ReciprocalLinksJoin) {
  const auto one = make(Platform::youtube, "anatv", "IG: @ana.dances", "Ana TV");
  const auto two = make(Platform::instagram, "ana.dances", "youtube.com/@anatv", "ana");
  const auto decision = decided(one, std::vector{candidate(two)});
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->link.rule, "reciprocal_link");
  EXPECT_EQ(decision->creator, creator_id(two.id));
}

TEST(Decide, OneLinkNeedsAnEqualHandleOrName) {
  const auto target = make(Platform::instagram, "anadances", "samba", "Ana Souza");
  EXPECT_EQ(
      decided(make(Platform::tiktok, "ana.dances", "IG: @anadances", "x"), std::vector{candidate(target)})
          ->link.rule,
      "link_and_handle");
  EXPECT_EQ(
      decided(make(Platform::tiktok, "other", "IG: @anadances", "ana SOUZA"), std::vector{candidate(target)})
          ->link.rule,
      "link_and_name");
  EXPECT_FALSE(decided(make(Platform::tiktok, "agency", "we manage instagram.com/anadances", "Agency"),
                       std::vector{candidate(target)}));
}

TEST(Decide, ImpersonatorsWithoutALinkStayApart) {
  const auto real = make(Platform::instagram, "anadances", "samba every day", "Ana Souza");
  EXPECT_FALSE(decided(make(Platform::tiktok, "anadances", "samba every day", "Ana Souza"),
                       std::vector{candidate(real)}));
  // A fan account of the same platform that links to the original.
  EXPECT_FALSE(decided(make(Platform::instagram, "ana_dances", "fan of instagram.com/anadances", "Ana Souza"),
                       std::vector{candidate(real)}));
}

TEST(Decide, TheSourcesOwnKeyJoins) {
  const auto one = make(Platform::youtube, "anatv", ""), two = make(Platform::tiktok, "zzz", "", "Other");
  const Candidate known{two, creator_id(two.id), block_keys(two, "file:a/7")};
  EXPECT_EQ(decide(one, block_keys(one, "file:a/7"), std::vector{known})->link.rule, "declared_key");
  EXPECT_FALSE(decide(one, block_keys(one, "file:a/8"), std::vector{known}));
}

TEST(BlockKeys, BothEndsOfALinkShareOne) {
  const auto one = block_keys(make(Platform::youtube, "anatv", "IG: @ana.dances"));
  const auto two = block_keys(make(Platform::instagram, "ana.dances", ""));
  EXPECT_TRUE(std::any_of(one.begin(), one.end(), [&](const BlockKey& key) {
    return std::find(two.begin(), two.end(), key) != two.end();
  }));
}

}  // namespace
}  // namespace cdx::resolve
