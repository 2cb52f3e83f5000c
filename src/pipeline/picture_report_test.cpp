#include "pipeline/picture_report.h"

#include <gtest/gtest.h>

#include "pipeline/commit.h"
#include "pipeline/pictures.h"
#include "store/memory/memory_store.h"
#include "support/made_up_pictures.h"
#include "support/scratch.h"

namespace cdx {
namespace {

class PictureReportTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<AccountUpdate> updates;
    for (int i = 0; i < 5; ++i) {
      AccountUpdate update;
      update.account.platform = Platform::instagram;
      update.account.user_id = "user" + std::to_string(i);
      update.account.id = account(i);
      const auto origin = update.account.origin({});
      update.account.handle = {{"handle" + std::to_string(i), origin}};
      update.account.name = {{"Name " + std::to_string(i), origin}};
      updates.push_back(update);
    }
    ASSERT_TRUE(commit_accounts(call_, *store_, clock_, updates, {}));
  }
  static AccountId account(int number) {
    return account_id(Platform::instagram, "user" + std::to_string(number));
  }
  void add(int of, std::string bytes, int day) {
    NewPicture picture;
    picture.account = account(of);
    picture.bytes = std::move(bytes);
    picture.origin.fetched_at = Time{std::chrono::hours{24 * day}};
    const auto added = keeper_.add(call_, picture);
    ASSERT_TRUE(added) << added.error().message;
  }

  test::Scratch folder_;
  std::unique_ptr<Store> store_ = open_memory_store();
  std::unique_ptr<image::Decoder> decoder_ = image::make_in_process_decoder();
  std::unique_ptr<image::PictureCache> cache_ =
      *image::PictureCache::open({folder_.file("cache"), 64U << 20U});
  ManualClock clock_{Time{std::chrono::hours{500'000}}};
  PictureKeeper keeper_{*store_, *decoder_, *cache_, folder_.file("pictures"), clock_};
  Call call_;
};

TEST_F(PictureReportTest, FindsWhatSeveralCreatorsShowAndWhoShowedItFirst) {
  const auto original = test::scene(7, 500, 400);
  add(3, test::encode_jpeg(test::packed_anew(test::marked(original), 40)), 9);  // taken, marked, packed anew
  add(1, test::encode_jpeg(original), 2);                                       // the first
  add(2, test::encode_jpeg(original), 5);                                       // the same bytes
  for (int i = 0; i < 5; ++i)
    for (std::uint32_t n = 0; n < 3; ++n)
      add(i, test::encode_jpeg(test::scene(100 + static_cast<std::uint32_t>(i) * 10 + n, 320, 240)), 1);
  const auto report = report_same_pictures(call_, *store_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->pictures, 18U);
  EXPECT_EQ(report->creators, 5U);
  EXPECT_EQ(report->unreadable, 0U);
  ASSERT_EQ(report->groups.size(), 1U);
  const auto& group = report->groups[0];
  ASSERT_EQ(group.pictures.size(), 3U);
  EXPECT_EQ(group.pictures[0].picture.account, account(1));
  EXPECT_EQ(group.pictures[0].creator_name, "Name 1");
  EXPECT_EQ(group.pictures[0].handle, "handle1");
  EXPECT_EQ(group.pictures[0].platform, Platform::instagram);
  EXPECT_EQ(group.pictures[1].picture.account, account(2));
  EXPECT_EQ(group.pictures[2].picture.account, account(3));
  EXPECT_TRUE(group.pictures[0].picture.signature.empty());
  ASSERT_FALSE(group.links.empty());
  EXPECT_EQ(group.links[0].first, 0U);
  EXPECT_EQ(group.links[0].second, 1U);
  EXPECT_EQ(group.links[0].sameness, image::Sameness::exact);
  EXPECT_EQ(group.links.back().sameness, image::Sameness::near);
  EXPECT_GE(group.links.back().edges, image::same_edges);
}

TEST_F(PictureReportTest, WhatOneCreatorShowsTwiceIsNobodysLoss) {
  add(1, test::encode_jpeg(test::scene(7, 500, 400)), 1);
  add(1, test::encode_png(test::scene(7, 250, 200)), 2);
  EXPECT_TRUE(report_same_pictures(call_, *store_)->groups.empty());
}

TEST_F(PictureReportTest, SignaturesOfAnotherVersionAreCountedAndLeftOut) {
  add(1, test::encode_jpeg(test::scene(7, 500, 400)), 1);
  add(2, test::encode_jpeg(test::scene(7, 500, 400)), 2);
  ChangeSet changes;
  changes.based_on = *store_->revision(call_);
  changes.pictures = *store_->pictures(call_, std::vector{account(2)});
  ++changes.pictures[0].fingerprint_version;
  ASSERT_TRUE(store_->commit(call_, changes));
  const auto report = report_same_pictures(call_, *store_);
  EXPECT_EQ(report->pictures, 2U);
  EXPECT_EQ(report->unreadable, 1U);
  EXPECT_TRUE(report->groups.empty());
}

TEST_F(PictureReportTest, IsStoppedOnRequest) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(report_same_pictures({std::chrono::steady_clock::time_point::max(), stop.get_token()}, *store_)
                .error()
                .kind,
            ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx
