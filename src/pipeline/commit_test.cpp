#include "pipeline/commit.h"

#include <gtest/gtest.h>

#include "store/memory/memory_store.h"

namespace cdx {
namespace {

class CommitAccounts : public testing::Test {
 protected:
  AccountUpdate update(Platform platform, const std::string& handle, const std::string& bio,
                       std::int64_t followers, const char* date = "2026-06-01") {
    AccountUpdate out;
    out.account.platform = platform;
    out.account.user_id = handle;
    out.account.id = account_id(platform, handle);
    Provenance terms;
    terms.source = "file:test";
    terms.fetched_at = *parse_time(date);
    const auto origin = out.account.origin(terms);
    out.account.handle = {{handle, origin}};
    out.account.name = {{handle, origin}};
    out.account.bio = {{bio, origin}};
    out.account.followers = {{followers, origin}};
    return out;
  }
  std::vector<Profile> all() {
    const auto page = store_->changes(call_, {}, 1'000);
    std::vector<CreatorId> ids;
    for (const auto& change : page->changes)
      if (!change.removed) ids.push_back(change.creator);
    return *store_->profiles(call_, ids, 20);
  }

  std::unique_ptr<Store> store_ = open_memory_store();
  ManualClock clock_{*parse_time("2026-06-02")};
  Call call_;
};

TEST_F(CommitAccounts, AccountsThatLinkToEachOtherAreOneCreatorAlsoAcrossBatches) {
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_,
                              {update(Platform::youtube, "anatv", "IG: @ana.dances", 100)}, {}));
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_,
                              {update(Platform::instagram, "ana.dances", "youtube.com/@anatv", 50),
                               update(Platform::tiktok, "stranger", "", 7)},
                              {}));
  const auto profiles = all();
  ASSERT_EQ(profiles.size(), 2U);
  for (const auto& profile : profiles) {
    if (profile.accounts.size() == 1) continue;
    EXPECT_EQ(profile.creator.total_followers, 150);
    EXPECT_EQ(profile.creator.links[1].rule, "reciprocal_link");
    EXPECT_FALSE(profile.creator.links[1].evidence.empty());
  }
}

TEST_F(CommitAccounts, JoinsWithinOneBatchToo) {
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_,
                              {update(Platform::youtube, "anatv", "IG: @ana.dances", 100),
                               update(Platform::instagram, "ana.dances", "youtube.com/@anatv", 50)},
                              {}));
  EXPECT_EQ(all().size(), 1U);
}

TEST_F(CommitAccounts, AnUpdateKeepsTheCreatorAndTakesNewerFields) {
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_, {update(Platform::x, "a", "old", 1)}, {}));
  const auto before = all();
  ASSERT_TRUE(
      commit_accounts(call_, *store_, clock_, {update(Platform::x, "a", "new", 2, "2026-06-02")}, {}));
  const auto after = all();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].creator.id, before[0].creator.id);
  EXPECT_EQ(after[0].creator.links, before[0].creator.links);
  EXPECT_EQ(after[0].accounts[0].bio->value, "new");
  EXPECT_EQ(after[0].creator.total_followers, 2);
}

TEST_F(CommitAccounts, EqualAccountsInOneBatchBecomeOne) {
  ASSERT_TRUE(commit_accounts(
      call_, *store_, clock_,
      {update(Platform::x, "a", "first", 1), update(Platform::x, "a", "second", 2, "2026-06-02")}, {}));
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all()[0].accounts[0].bio->value, "second");
}

TEST_F(CommitAccounts, TheSourcesOwnKeyJoinsAndOutlivesOtherUpdates) {
  auto one = update(Platform::youtube, "one", "", 1), two = update(Platform::tiktok, "two", "", 1);
  one.declared_key = two.declared_key = "file:test/7";
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_, {one}, {}));
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_,
                              {update(Platform::youtube, "one", "again", 2, "2026-06-02")}, {}));
  ASSERT_TRUE(commit_accounts(call_, *store_, clock_, {two}, {}));
  EXPECT_EQ(all().size(), 1U);
}

// Finds everybody fake.
class Suspicious final : public figures::FakeModel {
 public:
  const std::string& name() const override { return name_; }
  Result<std::vector<double>> probabilities(const Call& call,
                                            std::span<const figures::FakeFeatures> accounts) const override {
    CDX_TRY(call.check());
    return std::vector<double>(accounts.size(), 1.0);
  }

 private:
  std::string name_ = "suspicious";
};

TEST_F(CommitAccounts, AModelOfFakeAccountsIsHeardOnCredibility) {
  const auto value = [&](const char* handle, const figures::FakeModel* fakes) {
    auto one = update(Platform::instagram, handle, "samba", 10'000);
    one.account.following = {{100, 0}};
    CommitExtras extras;
    extras.fakes = fakes;
    EXPECT_TRUE(commit_accounts(call_, *store_, clock_, {one}, extras));
    for (const auto& profile : all())
      if (profile.creator.handle == handle && profile.creator.credibility)
        return profile.creator.credibility->high;
    return -1.0;
  };
  const Suspicious model;
  EXPECT_NEAR(value("ana", nullptr), 1, 1e-9);
  EXPECT_NEAR(value("bea", &model), 1 - 0.2 / 1.2, 1e-9) << "the weight of the model is lost";
}

}  // namespace
}  // namespace cdx
