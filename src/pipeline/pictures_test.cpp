#include "pipeline/pictures.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "pipeline/commit.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "support/faulty_store.h"
#include "support/made_up_pictures.h"
#include "support/scratch.h"

namespace cdx {
namespace {

namespace fs = std::filesystem;

std::string photo(std::uint32_t seed) { return test::encode_jpeg(test::scene(seed, 400, 300)); }

// Every case on both stores: what is promised here is promised of what is kept.
class Pictures : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam())
      store_ = *open_sqlite_store({.path = folder_.file("dex.db")});
    else
      store_ = open_memory_store();
    cache_ = *image::PictureCache::open({folder_.file("cache"), 64U << 20U});
    for (int i = 0; i < 3; ++i) {
      AccountUpdate update;
      update.account.platform = Platform::tiktok;
      update.account.user_id = "user" + std::to_string(i);
      update.account.id = account(i);
      update.account.handle = {{update.account.user_id, update.account.origin({})}};
      ASSERT_TRUE(commit_accounts(call_, *store_, clock_, {update}, {}));
    }
  }

  static AccountId account(int number) {
    return account_id(Platform::tiktok, "user" + std::to_string(number));
  }
  NewPicture picture(int of, std::string bytes, std::string url = "") const {
    NewPicture out;
    out.account = account(of);
    out.bytes = std::move(bytes);
    out.url = std::move(url);
    out.role = out.url.empty() ? PictureRole::uploaded : PictureRole::profile;
    out.origin.source = "test";
    return out;
  }
  std::vector<KnownPicture> known(int of) { return *store_->pictures(call_, std::vector{account(of)}); }
  std::size_t files() const {
    std::size_t out = 0;
    if (!fs::exists(folder_.file("pictures"))) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.file("pictures")))
      out += entry.is_regular_file() ? 1U : 0U;
    return out;
  }
  std::string path_of(const KnownPicture& one) const {
    return folder_.file("pictures/files/" + hex(one.sha256).substr(0, 2) + "/" + hex(one.sha256) + ".jpg");
  }

  test::Scratch folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<image::Decoder> decoder_ = image::make_in_process_decoder();
  std::unique_ptr<image::PictureCache> cache_;
  ManualClock clock_{Time{std::chrono::hours{500'000}}};
  Call call_;
};
INSTANTIATE_TEST_SUITE_P(Stores, Pictures, testing::Bool(),
                         [](const auto& twin) -> std::string { return twin.param ? "Sqlite" : "Memory"; });

#define KEEPER PictureKeeper keeper(*store_, *decoder_, *cache_, folder_.file("pictures"), clock_)

TEST_P(Pictures, AnAddedPictureIsKnownAndItsFileIsThere) {
  KEEPER;
  const auto bytes = photo(1);
  auto given = picture(0, bytes, "https://a.example/1.jpg");
  given.caption = "samba";
  const auto before = *store_->revision(call_);
  const auto added = keeper.add(call_, given);
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(added->sha256, sha256(bytes));
  EXPECT_EQ(added->role, PictureRole::profile);
  EXPECT_EQ(added->url, given.url);
  EXPECT_EQ(added->caption, "samba");
  EXPECT_EQ(added->format, "jpeg");
  EXPECT_EQ(added->width, 400U);
  EXPECT_EQ(added->height, 300U);
  EXPECT_EQ(added->bytes, bytes.size());
  EXPECT_EQ(added->origin.fetched_at, clock_.now());
  EXPECT_EQ(known(0), std::vector{*added});
  const auto changes = store_->changes(call_, before, 10);
  ASSERT_EQ(changes->changes.size(), 1U);
  EXPECT_EQ(changes->changes[0].creator, creator_id(account(0)));
  EXPECT_EQ(*keeper.file(call_, added->sha256), bytes);
  const auto small = keeper.decode(call_, *keeper.thumbnail(call_, added->sha256));
  ASSERT_TRUE(small);
  EXPECT_EQ(small->width, 256U);
  const auto crop = keeper.crop(call_, added->sha256);
  ASSERT_TRUE(crop);
  EXPECT_EQ(crop->rgb, image::clip_crop(*keeper.decode(call_, bytes)).rgb);
}

TEST_P(Pictures, AKnownPictureIsFoundAgainByWhatIsKeptOfIt) {
  KEEPER;
  const auto bytes = photo(2);
  auto added = *keeper.add(call_, picture(0, bytes));
  const auto kept = fingerprint_of(known(0).at(0));
  ASSERT_TRUE(kept);
  const auto fresh = image::fingerprint(bytes, *keeper.decode(call_, bytes));
  EXPECT_EQ(kept->signature, fresh.signature);
  EXPECT_EQ(kept->hash, fresh.hash);
  EXPECT_EQ(kept->mirrored_hash, fresh.mirrored_hash);
  EXPECT_EQ(kept->sha256, fresh.sha256);
  ++added.fingerprint_version;
  EXPECT_FALSE(fingerprint_of(added));
  --added.fingerprint_version;
  added.signature.pop_back();
  EXPECT_FALSE(fingerprint_of(added));
}

TEST_P(Pictures, BytesThatGiveNoPictureAreToldAndChangeNothing) {
  KEEPER;
  const auto before = *store_->revision(call_);
  const auto whole = photo(3);
  const std::pair<std::string, ErrorKind> cases[] = {
      {"", ErrorKind::invalid},
      {"hello", ErrorKind::unsupported},
      {"<svg xmlns='http://www.w3.org/2000/svg'/>", ErrorKind::unsupported},
      {"%PDF-1.7 and so on", ErrorKind::unsupported},
      {whole.substr(0, 200), ErrorKind::invalid},
      {test::png_header(60'000, 60'000), ErrorKind::invalid},
      {std::string(11'000'000, '\xff'), ErrorKind::invalid},
  };
  for (const auto& [bytes, kind] : cases) {
    const auto refused = keeper.add(call_, picture(0, bytes));
    ASSERT_FALSE(refused) << bytes.substr(0, 20);
    EXPECT_EQ(refused.error().kind, kind) << bytes.substr(0, 20) << refused.error().message;
    EXPECT_FALSE(refused.error().message.empty());
  }
  EXPECT_EQ(*store_->revision(call_), before);
  EXPECT_EQ(files(), 0U);
}

TEST_P(Pictures, AnUnknownAccountKeepsNothing) {
  KEEPER;
  const auto before = *store_->revision(call_);
  EXPECT_EQ(keeper.add(call_, picture(77, photo(1))).error().kind, ErrorKind::not_found);
  EXPECT_EQ(*store_->revision(call_), before);
  EXPECT_EQ(files(), 0U);
}

TEST_P(Pictures, AddingAgainChangesNothingButWhatWasNotKnown) {
  KEEPER;
  const auto first = *keeper.add(call_, picture(0, photo(1)));
  const auto after = *store_->revision(call_);
  clock_.advance(std::chrono::hours(5));
  EXPECT_EQ(*keeper.add(call_, picture(0, photo(1))), first);
  EXPECT_EQ(*store_->revision(call_), after) << "nothing to commit";
  const auto found = *keeper.add(call_, picture(0, photo(1), "https://a.example/x"));
  EXPECT_EQ(found.url, "https://a.example/x");
  EXPECT_EQ(found.role, PictureRole::profile);
  EXPECT_GT(store_->revision(call_)->value, after.value);
  const auto handed_in = *keeper.add(call_, picture(0, photo(1)));
  EXPECT_EQ(handed_in, found) << "an upload without an address takes none away";
  EXPECT_EQ(known(0), std::vector{found});
  EXPECT_EQ(files(), 1U);
}

TEST_P(Pictures, ANewPictureAtAnAddressTakesThePlaceOfTheOldOne) {
  KEEPER;
  const auto other = *keeper.add(call_, picture(0, photo(9), "https://a.example/other"));
  const auto handed_in = *keeper.add(call_, picture(0, photo(8)));
  ASSERT_TRUE(keeper.add(call_, picture(0, photo(1), "https://a.example/me")));
  ASSERT_TRUE(keeper.add(call_, picture(1, photo(1), "https://a.example/me")));
  const auto next = *keeper.add(call_, picture(0, photo(2), "https://a.example/me"));
  auto now = known(0);
  EXPECT_EQ(now.size(), 3U);
  for (const auto& one : {other, handed_in, next})
    EXPECT_NE(std::find(now.begin(), now.end(), one), now.end()) << one.url;
  EXPECT_EQ(known(1).at(0).sha256, sha256(photo(1))) << "of another account: untouched";
}

TEST_P(Pictures, ManyAreAnsweredInTheirOrderAndCommittedTogether) {
  KEEPER;
  const auto before = *store_->revision(call_);
  std::vector<NewPicture> many;
  for (int i = 0; i < 12; ++i) many.push_back(picture(i % 2, photo(static_cast<std::uint32_t>(i))));
  many[3].bytes = "no picture";
  many[5].account = account(77);
  many[7] = many[6];
  const auto done = keeper.add_all(call_, many);
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_EQ(done->size(), many.size());
  for (std::size_t i = 0; i < many.size(); ++i) {
    if (i == 3 || i == 5) {
      EXPECT_EQ((*done)[i].error().kind, i == 3 ? ErrorKind::unsupported : ErrorKind::not_found);
    } else {
      ASSERT_TRUE((*done)[i]) << i;
      EXPECT_EQ((*done)[i]->sha256, sha256(many[i].bytes));
    }
  }
  EXPECT_EQ(store_->counts(call_)->pictures, 9U);
  EXPECT_EQ(store_->revision(call_)->value, before.value + 2) << "one commit that touches two creators";
  EXPECT_TRUE(keeper.add_all(call_, {})->empty());
}

TEST_P(Pictures, AFileThatAKillLeftBehindIsTakenUpOrMended) {
  KEEPER;
  const auto added = *keeper.add(call_, picture(0, photo(1)));
  ChangeSet forget;  // as if the process had ended before the commit
  forget.based_on = *store_->revision(call_);
  forget.dropped_pictures = {{added.account, added.sha256}};
  ASSERT_TRUE(store_->commit(call_, forget));
  const auto written = fs::last_write_time(path_of(added));
  ASSERT_TRUE(keeper.add(call_, picture(0, photo(1))));
  EXPECT_EQ(fs::last_write_time(path_of(added)), written) << "what is whole is not written again";
  fs::resize_file(path_of(added), 100);
  EXPECT_EQ(keeper.file(call_, added.sha256).error().kind, ErrorKind::corrupt);
  ASSERT_TRUE(keeper.add(call_, picture(0, photo(1))));
  EXPECT_EQ(*keeper.file(call_, added.sha256), photo(1));
}

TEST_P(Pictures, WhatTheCacheForgotIsMadeAgainFromTheFile) {
  KEEPER;
  const auto added = *keeper.add(call_, picture(0, photo(1)));
  const auto thumbnail = *keeper.thumbnail(call_, added.sha256);
  const auto crop = keeper.crop(call_, added.sha256)->rgb;
  ASSERT_TRUE(cache_->erase(added.sha256));
  EXPECT_EQ(*keeper.thumbnail(call_, added.sha256), thumbnail);
  EXPECT_TRUE(cache_->get({added.sha256, "thumb-256", 1}));
  ASSERT_TRUE(cache_->erase(added.sha256));
  EXPECT_EQ(keeper.crop(call_, added.sha256)->rgb, crop);
  ASSERT_TRUE(cache_->erase(added.sha256));
  fs::remove(path_of(added));
  EXPECT_FALSE(find_picture_file(folder_.file("pictures"), added.sha256));
  EXPECT_EQ(keeper.thumbnail(call_, added.sha256).error().kind, ErrorKind::not_found);
  EXPECT_EQ(keeper.crop(call_, added.sha256).error().kind, ErrorKind::not_found);
}

TEST_P(Pictures, AStoppedCallKeepsNothing) {
  KEEPER;
  std::stop_source stop;
  stop.request_stop();
  const Call stopped{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(keeper.add(stopped, picture(0, photo(1))).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(keeper.thumbnail(stopped, {}).error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(known(0).empty());
}

TEST_P(Pictures, ManyMayAddToOneAccountAtOnce) {
  KEEPER;
  constexpr std::uint32_t threads = 3, each = 6;
  {
    std::vector<std::jthread> hands;
    for (std::uint32_t t = 0; t < threads; ++t)
      hands.emplace_back([&, t] {
        for (std::uint32_t i = 0; i < each; ++i)
          EXPECT_TRUE(keeper.add(call_, picture(0, test::encode_png(test::scene(t * each + i, 60, 60)))));
      });
  }
  EXPECT_EQ(known(0).size(), threads * each);
}

TEST_P(Pictures, WhateverFailsAndRepeatsTheSameIsKnown) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    test::FaultyStore faulty(*store_, seed, 0.3);
    PictureKeeper keeper(faulty, *decoder_, *cache_, folder_.file("pictures"), clock_);
    const auto reader = make_layout_reader();
    const std::vector<NewPicture> many{picture(0, photo(1)), picture(0, photo(2)), picture(1, photo(1))};
    while (!keeper.add_all(call_, many)) {
    }
    const std::vector both{account(0), account(1)};
    while (!embed_pictures(call_, faulty, keeper, *reader, both)) {
    }
    EXPECT_EQ(store_->counts(call_)->pictures, 3U);
    EXPECT_EQ(store_->counts(call_)->vectors, 2U);
    EXPECT_EQ(known(0).size(), 2U);
  }
}

TEST_P(Pictures, EveryPictureWithoutAVectorGetsOne) {
  KEEPER;
  const auto reader = make_layout_reader();
  std::vector<NewPicture> many;
  for (int i = 0; i < 40; ++i)
    many.push_back(picture(i % 2, test::encode_png(test::scene(static_cast<std::uint32_t>(i), 80, 60))));
  many.push_back(picture(0, many[1].bytes));  // the same bytes at both accounts: one vector
  const auto added = *keeper.add_all(call_, many);
  const std::vector both{account(0), account(1)};
  std::size_t told = 0;
  const auto seen =
      embed_missing_pictures(call_, *store_, keeper, *reader, {}, [&](std::size_t n) { told = n; });
  EXPECT_EQ(*seen, *store_->revision(call_));
  EXPECT_EQ(told, 40U);
  EXPECT_EQ(*embed_pictures(call_, *store_, keeper, *reader, both), 0U);
  const auto later = *keeper.add(call_, picture(1, photo(77)));
  ASSERT_TRUE(embed_missing_pictures(call_, *store_, keeper, *reader, *seen));
  EXPECT_EQ(
      store_->vectors(call_, std::vector{VectorKey{reader->space().id, vector_key(later.sha256)}})->size(),
      1U);
  const VectorKey key{reader->space().id, vector_key(added[7]->sha256)};
  const auto kept = *store_->vectors(call_, std::vector{key});
  ASSERT_EQ(kept.size(), 1U);
  const std::vector crops{*keeper.crop(call_, added[7]->sha256)};
  const auto row = reader->read_pictures(call_, crops);
  EXPECT_EQ(kept[0].values, std::vector<float>(row->row(0).begin(), row->row(0).end()));
}

TEST_P(Pictures, APictureWhoseFileIsGoneIsPassedOverAndTold) {
  KEEPER;
  const auto reader = make_layout_reader();
  const auto gone = *keeper.add(call_, picture(0, photo(1))), here = *keeper.add(call_, picture(0, photo(2)));
  fs::remove(path_of(gone));
  ASSERT_TRUE(cache_->erase(gone.sha256));
  const std::vector all{gone.sha256, here.sha256, gone.sha256};
  const auto done = embed_pictures(call_, *store_, keeper, *reader, std::span<const Digest>(all));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->embedded, 1U);
  EXPECT_EQ(done->lost, std::vector{gone.sha256});
}

}  // namespace
}  // namespace cdx
