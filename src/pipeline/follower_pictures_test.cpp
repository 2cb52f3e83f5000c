// A Follower and the pictures of the creators it indexes.
#include <gtest/gtest.h>

#include <filesystem>

#include "embed/hashing/hashing_embedder.h"
#include "pipeline/commit.h"
#include "pipeline/follower.h"
#include "pipeline/pictures.h"
#include "store/memory/memory_store.h"
#include "support/faulty_store.h"
#include "support/made_up_pictures.h"
#include "support/scratch.h"

namespace cdx {
namespace {

// The layout reader under any name: a space of its own.
class NamedReader final : public PictureReader {
 public:
  explicit NamedReader(std::string name) : space_(inner_->space()) {
    space_.name = std::move(name);
    space_.id = picture_space_id(space_.name);
  }
  const PictureSpace& space() const override { return space_; }
  const ModelCard& model() const override { return inner_->model(); }
  Result<Matrix> read_pictures(const Call& call, std::span<const image::Picture> crops) override {
    ++batches;
    largest = std::max(largest, crops.size());
    CDX_TRY_LET(auto rows, inner_->read_pictures(call, crops));
    if (space_.name == "second")
      for (auto& value : rows.values) value = -value;
    return rows;
  }
  Result<Matrix> read_texts(const Call& call, std::span<const std::string_view> texts) override {
    return inner_->read_texts(call, texts);
  }
  std::size_t batches = 0, largest = 0;

 private:
  std::unique_ptr<PictureReader> inner_ = make_layout_reader();
  PictureSpace space_;
};

struct Readers final : PictureSpaces {
  std::map<std::string, std::shared_ptr<NamedReader>, std::less<>> known{
      {"first", std::make_shared<NamedReader>("first")}, {"second", std::make_shared<NamedReader>("second")}};
  Result<std::shared_ptr<PictureReader>> wanted(const Call&) override { return known.at("first"); }
  Result<std::shared_ptr<PictureReader>> reader(const Call&, std::string_view space) override {
    const auto found = known.find(space);
    if (found == known.end()) return fail(ErrorKind::not_found, "no such space");
    return found->second;
  }
};

// Another generation takes the place of the first.
struct SwitchingBackend final : SearchBackend {
  explicit SwitchingBackend(const Readers& readers)
      : first(*make_embedded_backend(creator_schema(16, readers.known.at("first")->space()))),
        second(*make_embedded_backend(creator_schema(16, readers.known.at("second")->space()))) {}
  std::unique_ptr<SearchBackend> first, second;
  bool switched = false;
  SearchBackend& now() const { return switched ? *second : *first; }
  Status apply(const Call& call, const IndexBatch& batch) override { return now().apply(call, batch); }
  Result<Revision> applied(const Call& call) const override { return now().applied(call); }
  std::shared_ptr<const SearchView> view() const override { return now().view(); }
  IndexHealth health() const override { return now().health(); }
  Status compact(const Call& call) override { return now().compact(call); }
};

// The index keeps a little less than 32 bits of each number.
void expect_rows(const std::vector<float>& indexed, const std::vector<float>& wanted) {
  ASSERT_EQ(indexed.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(indexed[i], wanted[i], 1e-4F) << i;
}

class FollowerPictures : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<AccountUpdate> updates;
    for (int i = 0; i < 6; ++i) {
      AccountUpdate update;
      update.account.platform = Platform::tiktok;
      update.account.user_id = "user" + std::to_string(i);
      update.account.id = account(i);
      update.account.bio = {{"dances number " + std::to_string(i), update.account.origin({})}};
      updates.push_back(update);
    }
    ASSERT_TRUE(commit_accounts(call_, *store_, clock_, updates, {}));
  }

  static AccountId account(int number) {
    return account_id(Platform::tiktok, "user" + std::to_string(number));
  }
  static std::string bytes(std::uint32_t seed) { return test::encode_png(test::scene(seed, 64, 48)); }
  void add(int of, std::uint32_t seed) {
    NewPicture picture;
    picture.account = account(of);
    picture.bytes = bytes(seed);
    picture.origin.fetched_at = Time{std::chrono::hours{1'000 + seed}};
    const auto added = keeper_.add(call_, picture);
    ASSERT_TRUE(added) << added.error().message;
  }
  FollowerOptions options() {
    FollowerOptions out;
    out.pictures = &keeper_;
    out.picture_spaces = &readers_;
    return out;
  }
  // The rows of its pictures that the index holds.
  std::vector<float> rows(int of, const SearchBackend& backend) const {
    const auto view = backend.view();
    const auto field = picture_field_of(view->schema());
    const auto all = view->vectors_of(creator_id(account(of)).value);
    return field && *field < all.size() ? all[*field] : std::vector<float>();
  }
  std::size_t count(int of) const { return rows(of, backend_).size() / image::descriptor_dimension; }
  std::vector<float> row_of(std::uint32_t seed, std::string_view space = "first") {
    const std::vector crops{image::clip_crop(*keeper_.decode(call_, bytes(seed)))};
    return readers_.known.find(space)->second->read_pictures(call_, crops)->values;
  }

  test::Scratch folder_;
  std::unique_ptr<Store> store_ = open_memory_store();
  std::unique_ptr<EmbeddingProvider> embedder_ = *open_hashing_embedder({16});
  Readers readers_;
  SwitchingBackend backend_{readers_};
  std::unique_ptr<image::Decoder> decoder_ = image::make_in_process_decoder();
  std::unique_ptr<image::PictureCache> cache_ =
      *image::PictureCache::open({folder_.file("cache"), 64U << 20U});
  ManualClock clock_{Time{std::chrono::hours{500'000}}};
  PictureKeeper keeper_{*store_, *decoder_, *cache_, folder_.file("pictures"), clock_};
  Call call_;
};

TEST_F(FollowerPictures, PicturesComeIntoTheIndexBehindTheTexts) {
  add(0, 1);
  add(0, 2);
  add(1, 1);  // the same bytes at another creator
  Follower follower(*store_, backend_, embedder_.get(), clock_, options());
  while (follower.progress().passages_done < 6) ASSERT_TRUE(*follower.step(call_));
  EXPECT_EQ(follower.progress().pictures, 3U);
  EXPECT_EQ(follower.progress().pictures_done, 0U);
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(follower.progress().pictures_done, 3U);
  auto both = row_of(2);  // the newest first
  const auto older = row_of(1);
  both.insert(both.end(), older.begin(), older.end());
  expect_rows(rows(0, backend_), both);
  expect_rows(rows(1, backend_), older);
  EXPECT_TRUE(rows(2, backend_).empty());
  EXPECT_EQ(readers_.known["first"]->batches, 3U) << "one of the follower, and two of this test";
}

TEST_F(FollowerPictures, APictureThatComesOrGoesLaterIsFollowed) {
  Follower follower(*store_, backend_, embedder_.get(), clock_, options());
  ASSERT_TRUE(follower.catch_up(call_));
  add(0, 1);
  add(0, 2);
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(count(0), 2U);
  ChangeSet drop;
  drop.based_on = *store_->revision(call_);
  drop.dropped_pictures = {{account(0), sha256(bytes(2))}};
  ASSERT_TRUE(store_->commit(call_, drop));
  ASSERT_TRUE(follower.catch_up(call_));
  expect_rows(rows(0, backend_), row_of(1));
  EXPECT_EQ(follower.progress().pictures, 1U);
}

TEST_F(FollowerPictures, ACreatorWithMorePicturesThanABatchGetsThemAll) {
  for (std::uint32_t i = 0; i < 11; ++i) add(0, i);
  add(1, 50);
  auto small = options();
  small.picture_batch = 4;
  Follower follower(*store_, backend_, embedder_.get(), clock_, small);
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(count(0), 11U);
  EXPECT_EQ(count(1), 1U);
  EXPECT_LE(readers_.known["first"]->largest, 4U);
}

TEST_F(FollowerPictures, ALostPictureHoldsNobodyUp) {
  for (std::uint32_t i = 0; i < 5; ++i) add(0, i);
  add(1, 9);
  const auto gone = sha256(bytes(3));
  ASSERT_TRUE(cache_->erase(gone));
  std::filesystem::remove(
      folder_.file("pictures/files/" + hex(gone).substr(0, 2) + "/" + hex(gone) + ".png"));
  Follower follower(*store_, backend_, embedder_.get(), clock_, options());
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(count(0), 4U);
  EXPECT_EQ(count(1), 1U);
  EXPECT_EQ(follower.progress().pictures, 6U);
  EXPECT_EQ(follower.progress().pictures_done, 5U);
}

TEST_F(FollowerPictures, WithoutAReaderKeptVectorsArePickedUp) {
  add(0, 1);
  for (auto* embedder : {embedder_.get(), static_cast<EmbeddingProvider*>(nullptr)}) {
    SwitchingBackend fresh(readers_);
    Follower follower(*store_, fresh, embedder, clock_);
    ASSERT_TRUE(follower.catch_up(call_));
    if (embedder != nullptr) {
      EXPECT_TRUE(rows(0, fresh).empty());
      const std::vector all{account(0)};
      ASSERT_EQ(*embed_pictures(call_, *store_, keeper_, *readers_.known["first"], all), 1U);
    }
    clock_.advance(std::chrono::seconds(5));
    ASSERT_TRUE(follower.catch_up(call_));
    expect_rows(rows(0, fresh), row_of(1));
    EXPECT_EQ(follower.progress().pictures_done, 1U);
  }
}

TEST_F(FollowerPictures, ASpaceThatNobodyHereReadsLeavesTheRestWorking) {
  add(0, 1);
  readers_.known.erase("first");
  Follower follower(*store_, backend_, embedder_.get(), clock_, options());
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(follower.progress().passages_done, 6U);
  EXPECT_EQ(follower.progress().pictures_done, 0U);
  readers_.known["first"] = std::make_shared<NamedReader>("first");  // installed meanwhile
  clock_.advance(std::chrono::minutes(2));
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(follower.progress().pictures_done, 1U);
}

TEST_F(FollowerPictures, AFollowerOfAnOldIndexBringsWhatItLacks) {
  for (std::uint32_t i = 0; i < 3; ++i) add(static_cast<int>(i), i);
  {
    Follower first(*store_, backend_, embedder_.get(), clock_);  // nobody reads pictures
    ASSERT_TRUE(first.catch_up(call_));
  }
  EXPECT_EQ(count(0), 0U);
  const std::vector some{account(0)};
  ASSERT_TRUE(embed_pictures(call_, *store_, keeper_, *readers_.known["first"], some));
  Follower second(*store_, backend_, embedder_.get(), clock_, options());
  ASSERT_TRUE(second.catch_up(call_));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(count(i), 1U) << i;
  EXPECT_EQ(second.progress().pictures_done, 3U);
  EXPECT_EQ(second.progress().passages_done, 6U);
}

TEST_F(FollowerPictures, AnotherSpaceIsFilledWithItsOwnVectors) {
  add(0, 1);
  Follower follower(*store_, backend_, embedder_.get(), clock_, options());
  ASSERT_TRUE(follower.catch_up(call_));
  backend_.switched = true;  // behind the store, and empty
  ASSERT_TRUE(follower.catch_up(call_));
  expect_rows(rows(0, backend_), row_of(1, "second"));
  EXPECT_EQ(follower.progress().indexed, 6U);
  EXPECT_EQ(follower.progress().pictures_done, 1U);
  EXPECT_EQ(follower.progress().passages_done, 6U);
  backend_.switched = false;  // back to one that is as new as the store
  ASSERT_TRUE(follower.catch_up(call_));
  expect_rows(rows(0, backend_), row_of(1, "first"));
  EXPECT_EQ(follower.progress().pictures_done, 1U);
  add(0, 2);
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(count(0), 2U);
}

TEST_F(FollowerPictures, AnIndexWithoutAPlaceForThemHasNone) {
  add(0, 1);
  const auto plain = *make_embedded_backend(creator_schema(16));
  Follower follower(*store_, *plain, embedder_.get(), clock_, options());
  ASSERT_TRUE(follower.catch_up(call_));
  EXPECT_EQ(follower.progress().pictures, 0U);
  EXPECT_EQ(follower.progress().indexed, 6U);
}

TEST_F(FollowerPictures, WhateverFailsAndRepeatsTheIndexEqualsThatOfACalmRun) {
  for (std::uint32_t i = 0; i < 14; ++i) add(static_cast<int>(i % 5), i);
  Follower calm(*store_, backend_, embedder_.get(), clock_, options());
  ASSERT_TRUE(calm.catch_up(call_));
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto stormy_store = open_memory_store();
    test::FaultyStore faulty(*stormy_store, seed, 0.2);
    PictureKeeper keeper(faulty, *decoder_, *cache_, folder_.file("pictures"), clock_);
    std::vector<CreatorId> ids;
    for (int i = 0; i < 6; ++i) ids.push_back(creator_id(account(i)));
    SwitchingBackend backend(readers_);
    auto stormy = options();
    stormy.pictures = &keeper;
    stormy.picture_batch = 3;
    stormy.change_batch = 2;
    Follower follower(faulty, backend, embedder_.get(), clock_, stormy);
    const auto profiles = *store_->profiles(call_, ids, 9);
    for (const auto& profile : profiles) {
      AccountUpdate update;
      update.account = profile.accounts.at(0);
      while (!commit_accounts(call_, faulty, clock_, {update}, {})) {
      }
      for (const auto& one : profile.pictures) {
        NewPicture picture;
        picture.account = one.account;
        picture.origin = one.origin;
        picture.bytes = *keeper_.file(call_, one.sha256);
        while (!keeper.add(call_, picture)) {
        }
        (void)follower.step(call_);
      }
    }
    for (;;) {
      const auto worked = follower.step(call_);
      if (worked && !*worked) break;
    }
    for (int i = 0; i < 6; ++i) EXPECT_EQ(rows(i, backend), rows(i, backend_)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace cdx
