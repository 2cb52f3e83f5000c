#include "pipeline/picture_wishes.h"

#include <gtest/gtest.h>

#include <limits>

#include "pipeline/commit.h"
#include "store/memory/memory_store.h"

namespace cdx {
namespace {

constexpr std::size_t all = 1'000'000;

class PictureWishes : public testing::Test {
 protected:
  static AccountId account(int number) {
    return account_id(Platform::instagram, "user" + std::to_string(number));
  }
  static AccountUpdate update(int number, const std::string& image_url,
                              const std::vector<std::string>& posts) {
    AccountUpdate out;
    out.account.platform = Platform::instagram;
    out.account.user_id = "user" + std::to_string(number);
    out.account.id = account(number);
    Provenance terms;
    terms.licence = "licence " + std::to_string(number);
    const auto origin = out.account.origin(terms);
    if (!image_url.empty()) out.account.image_url = {{image_url, origin}};
    for (const auto& url : posts) {
      ContentItem item;
      item.id = content_id(Platform::instagram, url + std::to_string(out.items.size()));
      item.account = out.account.id;
      item.title = "caption of " + url;
      item.image_url = url;
      item.origin = terms;
      out.items.push_back(item);
    }
    return out;
  }
  void import(const std::vector<AccountUpdate>& updates) {
    ASSERT_TRUE(commit_accounts(call_, *store_, clock_, updates, {}));
  }
  void keep(int of, const std::string& url, std::uint8_t number) {
    ChangeSet changes;
    changes.based_on = *store_->revision(call_);
    changes.pictures.resize(1);
    changes.pictures[0].account = account(of);
    changes.pictures[0].url = url;
    changes.pictures[0].sha256[0] = number;
    ASSERT_TRUE(store_->commit(call_, changes));
  }
  std::vector<std::string> urls(const WishOptions& options = {}) {
    std::vector<std::string> out;
    const auto page = *wanted_pictures(call_, *store_, {}, *store_->revision(call_), all, options);
    for (const auto& one : page.wanted) out.push_back(std::string(name(one.role)) + " " + one.url);
    std::sort(out.begin(), out.end());
    return out;
  }

  std::unique_ptr<Store> store_ = open_memory_store();
  SystemClock clock_;
  Call call_;
};

TEST_F(PictureWishes, AddressesOfProfilesAndContentWithTheirTerms) {
  import({update(1, "https://a.example/1", {"https://a.example/p", "", "https://a.example/p"}),
          update(2, "", {})});
  EXPECT_EQ(urls(), (std::vector<std::string>{"content https://a.example/p", "profile https://a.example/1"}));
  EXPECT_EQ(urls({.profiles = false}), std::vector<std::string>{"content https://a.example/p"});
  EXPECT_EQ(urls({.content = false}), std::vector<std::string>{"profile https://a.example/1"});
  const auto page = wanted_pictures(call_, *store_, {}, *store_->revision(call_), all, {});
  for (const auto& one : page->wanted) {
    EXPECT_EQ(one.account, account(1));
    EXPECT_EQ(one.origin.licence, "licence 1");
    EXPECT_EQ(one.caption, one.role == PictureRole::content ? "caption of https://a.example/p" : "");
  }
}

TEST_F(PictureWishes, WhatIsKeptIsNotWantedAgain) {
  import({update(1, "https://a.example/1", {"https://a.example/p"}), update(2, "https://a.example/1", {})});
  keep(1, "https://a.example/1", 1);
  EXPECT_EQ(urls(), (std::vector<std::string>{"content https://a.example/p", "profile https://a.example/1"}))
      << "of account 2";
  keep(2, "https://a.example/1", 1);
  EXPECT_EQ(urls(), std::vector<std::string>{"content https://a.example/p"});
  EXPECT_EQ(urls({.kept_too = true}).size(), 3U);
  import({update(1, "https://a.example/new", {})});
  EXPECT_EQ(urls().size(), 2U) << "another address is another picture";
}

TEST_F(PictureWishes, AlsoOfAccountsWithMorePicturesThanAProfileShows) {
  import({update(1, "https://a.example/first", {})});
  keep(1, "https://a.example/first", 0);
  for (std::uint8_t i = 1; i < 60; ++i) keep(1, "https://a.example/x" + std::to_string(i), i);
  EXPECT_TRUE(urls().empty());
}

TEST_F(PictureWishes, ComeInPagesAndEndAtTheRevisionAskedFor) {
  for (int i = 0; i < 1'300; ++i) import({update(i, "https://a.example/" + std::to_string(i), {})});
  const auto until = *store_->revision(call_);
  std::size_t count = 0, pages = 0;
  Revision since;
  for (bool more = true; more; ++pages) {
    const auto page = wanted_pictures(call_, *store_, since, until, 10, {});
    ASSERT_TRUE(page);
    count += page->wanted.size();
    for (const auto& one : page->wanted) keep(0, one.url + "/kept", 1);  // moves a creator behind the end
    since = page->reached;
    more = page->more;
  }
  EXPECT_GE(pages, 3U);
  EXPECT_GE(count, 1'300U);
  EXPECT_LE(count, 1'302U);
}

TEST_F(PictureWishes, EveryCreatorIsWalkedWithItsSignatures) {
  import({update(1, "", {}), update(2, "", {}), update(3, "", {})});
  keep(1, "", 1);
  keep(3, "", 1);
  keep(3, "", 2);
  std::map<CreatorId, std::size_t> seen;
  ASSERT_TRUE(walk_pictures(call_, *store_, [&](CreatorId id, std::vector<KnownPicture> pictures) -> Status {
    seen[id] += pictures.size();
    return {};
  }));
  EXPECT_EQ(seen,
            (std::map<CreatorId, std::size_t>{{creator_id(account(1)), 1}, {creator_id(account(3)), 2}}));
  EXPECT_EQ(walk_pictures(call_, *store_,
                          [](CreatorId, std::vector<KnownPicture>) -> Status {
                            return fail(ErrorKind::invalid, "enough");
                          })
                .error()
                .message,
            "enough");
}

}  // namespace
}  // namespace cdx
