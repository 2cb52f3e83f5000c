#include "serve/same_pictures.h"

#include <gtest/gtest.h>

#include "pipeline/pictures.h"
#include "store/memory/memory_store.h"
#include "support/faulty_store.h"
#include "support/made_up_pictures.h"
#include "support/scratch.h"

namespace cdx::serve {
namespace {

class SamePicturesTest : public testing::Test {
 protected:
  SamePicturesTest() {
    cache_ = image::PictureCache::open({scratch_.file("cache")}).value();
    keeper_ = std::make_unique<PictureKeeper>(*store_, *decoder_, *cache_, scratch_.file("pictures"), clock_);
    for (const auto* handle : {"ana", "ben"}) {
      Account account;
      account.id = account_id(Platform::tiktok, handle);
      account.handle = Sourced<std::string>{handle, account.origin({"test", {}, {}, "", "", 1})};
      Creator creator;
      creator.id = creator_id(account.id);
      creator.links = {{account.id, "first_account", "", 1.0}};
      ChangeSet changes;
      changes.based_on = store_->revision({}).value();
      changes.accounts = {{account, creator.id, {}}};
      changes.creators = {creator};
      EXPECT_TRUE(store_->commit({}, changes));
      accounts_.push_back(account.id);
    }
  }

  ShownPicture keep(std::size_t account, const std::string& bytes) {
    NewPicture picture;
    picture.account = accounts_[account];
    picture.bytes = bytes;
    const auto kept = keeper_->add({}, picture);
    EXPECT_TRUE(kept) << kept.error().message;
    return {sha256(bytes), accounts_[account]};
  }
  static std::string scene(std::uint32_t seed) { return test::encode_png(test::scene(seed, 240, 180)); }
  std::vector<std::optional<Digest>> copies(const std::vector<ShownPicture>& shown) {
    return same_.copies({}, shown).value();
  }

  test::Scratch scratch_;
  ManualClock clock_{Time{}};
  std::unique_ptr<Store> store_ = open_memory_store();
  std::unique_ptr<image::Decoder> decoder_ = image::make_in_process_decoder();
  std::unique_ptr<image::PictureCache> cache_;
  std::unique_ptr<PictureKeeper> keeper_;
  std::vector<AccountId> accounts_;
  SamePictures same_{*store_};
};

TEST_F(SamePicturesTest, NameTheFirstOfEachGroupInTheOrderShown) {
  const auto original = test::scene(1, 240, 180);
  const auto a = keep(0, test::encode_png(original));
  const auto smaller = keep(1, test::encode_jpeg(image::resize(original, 160, 120, image::Filter::bicubic)));
  const auto packed = keep(1, test::encode_jpeg(original, {test::JpegKind::colour, 40, 0, {}}));
  const auto other = keep(0, scene(2));
  const auto again = ShownPicture{a.sha256, accounts_[1]};
  using Expected = std::vector<std::optional<Digest>>;
  EXPECT_EQ(copies({a, other, smaller, packed, again}), (Expected{{}, {}, a.sha256, a.sha256, a.sha256}));
  EXPECT_EQ(copies({packed, again, other, a}), (Expected{{}, packed.sha256, {}, packed.sha256}))
      << "from what is remembered";
  EXPECT_EQ(copies({other}), Expected{std::optional<Digest>()});
  EXPECT_TRUE(copies({}).empty());
}

TEST_F(SamePicturesTest, MirroredOnesAreCopiesAndOthersAreNot) {
  const auto original = test::scene(3, 240, 180);
  auto mirrored = original;
  for (std::uint32_t y = 0; y < original.height; ++y)
    for (std::uint32_t x = 0; x < original.width; ++x)
      for (std::uint32_t c = 0; c < 3; ++c)
        mirrored.row(y)[x * 3 + c] = original.row(y)[(original.width - 1 - x) * 3 + c];
  std::vector<ShownPicture> shown{keep(0, test::encode_png(original)), keep(1, test::encode_png(mirrored))};
  for (std::uint32_t seed = 10; seed < 30; ++seed) shown.push_back(keep(seed % 2, scene(seed)));
  const auto found = copies(shown);
  EXPECT_EQ(found[1], shown[0].sha256);
  for (std::size_t i = 2; i < found.size(); ++i) EXPECT_FALSE(found[i]) << i;
}

TEST_F(SamePicturesTest, ColoursAreToldOfWhatWasSeen) {
  const auto known = keep(0, scene(4)), unasked = keep(1, scene(5));
  const ShownPicture gone{sha256("gone"), accounts_[0]};
  EXPECT_TRUE(same_.colours({known}).empty()) << "nothing was seen yet";
  copies({known, gone});
  const auto found = same_.colours({known, gone, unasked});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(known.sha256), image::mean_colours(image::signature(test::scene(4, 240, 180))));
}

TEST_F(SamePicturesTest, WhatTheStoreDoesNotKnowIsEqualOnlyToItself) {
  const auto known = keep(0, scene(4));
  const ShownPicture gone{sha256("gone"), accounts_[0]}, nobodys{sha256("nobody's"), AccountId{}};
  const auto found = copies({gone, known, gone, nobodys, nobodys});
  EXPECT_FALSE(found[0]);
  EXPECT_FALSE(found[1]);
  EXPECT_EQ(found[2], gone.sha256);
  EXPECT_FALSE(found[3]);
  EXPECT_EQ(found[4], nobodys.sha256);
}

TEST_F(SamePicturesTest, AStoreThatFailsIsAnErrorAndKnownOnesNeedNoStore) {
  const std::vector<ShownPicture> shown{keep(0, scene(5)), keep(1, scene(6))};
  test::FaultyStore broken(*store_, 1, 1.0);
  SamePictures same(broken);
  EXPECT_FALSE(same.copies({}, shown));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(same_.copies({{}, stop.get_token()}, shown).error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx::serve
