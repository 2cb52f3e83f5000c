// The part of the store contract about pictures of accounts.
#include <algorithm>

#include "contract/store_contract.h"

namespace cdx {
namespace {

KnownPicture picture(AccountId account, int number, Time at) {
  KnownPicture out;
  out.account = account;
  out.sha256[0] = static_cast<std::uint8_t>(number);
  out.sha256[31] = static_cast<std::uint8_t>(number + 1);
  out.role = static_cast<PictureRole>(number % 3);
  out.url = number % 2 == 0 ? "https://a.example/" + std::to_string(number) : "";
  out.caption = "Grüße " + std::to_string(number);
  out.format = "webp";
  out.width = 640;
  out.height = 4'000'000'000;
  out.bytes = 5'000'000'000;
  out.fingerprint_version = 2;
  out.signature = std::string("\0signature\xff", 11) + std::to_string(number);
  out.origin = {"file:pictures", at, {}, "consent", "CC0", 3};
  return out;
}

std::vector<KnownPicture> bare(std::vector<KnownPicture> pictures) {
  for (auto& one : pictures) one.signature.clear();
  return pictures;
}

}  // namespace

TEST_P(StoreContract, KeepsPicturesWithAllThatIsKnownOfThem) {
  const auto base = commit(one(1));
  const auto owner = account(1).id;
  auto first = picture(owner, 1, day(1)), second = picture(owner, 2, day(2));
  second.origin.expires_at = day(40);
  KnownPicture plain;  // of whom nothing is known but the bytes
  plain.account = owner;
  ChangeSet changes;
  changes.based_on = base;
  changes.pictures = {first, plain, second};
  commit(changes);
  const std::vector newest_first = {second, first, plain};
  EXPECT_EQ(*store().pictures(call_, std::vector{owner}), newest_first);
  EXPECT_EQ(profile(1).at(0).pictures, bare(newest_first));
  EXPECT_EQ(store().counts(call_)->pictures, 3U);
  reopen();
  if (!GetParam().durable) return;
  EXPECT_EQ(*store().pictures(call_, std::vector{owner}), newest_first);
  EXPECT_TRUE(store().check(call_)->empty());
}

TEST_P(StoreContract, PicturesMayComeWithTheirAccount) {
  auto changes = one(1);
  changes.pictures = {picture(account(1).id, 1, day(1))};
  commit(changes);
  EXPECT_EQ(profile(1).at(0).pictures, bare(changes.pictures));
}

TEST_P(StoreContract, PicturesTouchTheCreatorOfTheirAccount) {
  commit(one(1));
  const auto base = commit(one(2, now()));
  ChangeSet changes;
  changes.pictures = {picture(account(1).id, 1, day(1))};
  EXPECT_EQ(store().commit(call_, changes).error().kind, ErrorKind::conflict) << "based on nothing";
  EXPECT_EQ(store().counts(call_)->pictures, 0U);
  changes.based_on = base;
  const auto put = commit(changes);
  auto changed = feed(base, 10);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].creator, creator_of(1));
  EXPECT_EQ(changed[0].revision, put);
  EXPECT_EQ(profile(1).at(0).creator.revision, put);
  ChangeSet dropping;
  dropping.dropped_pictures = {{account(1).id, changes.pictures[0].sha256}};
  EXPECT_EQ(store().commit(call_, dropping).error().kind, ErrorKind::conflict) << "based on nothing";
  dropping.based_on = put;
  const auto dropped = commit(dropping);
  changed = feed(put, 10);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].creator, creator_of(1));
  EXPECT_EQ(changed[0].revision, dropped);
  EXPECT_TRUE(profile(1).at(0).pictures.empty());
  EXPECT_TRUE(store().pictures(call_, std::vector{account(1).id})->empty());
}

TEST_P(StoreContract, RefusesAPictureOfAnUnknownAccountWithAllThatCameWithIt) {
  const auto base = commit(one(1));
  ChangeSet changes;
  changes.based_on = base;
  changes.pictures = {picture(account(1).id, 1, day(1)), picture(account(77).id, 2, day(1))};
  const auto refused = store().commit(call_, changes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_NE(refused.error().message.find(account(77).id.text()), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(now(), base);
  EXPECT_EQ(store().counts(call_)->pictures, 0U);
}

TEST_P(StoreContract, DroppingWhatIsNotThereIsNoError) {
  const auto base = commit(one(1));
  ChangeSet changes;
  changes.based_on = base;
  changes.dropped_pictures = {{account(77).id, {}}, {account(1).id, {}}};
  commit(changes);
  changes.based_on = now();
  changes.pictures = {picture(account(1).id, 1, day(1))};
  commit(changes);  // another one than what is dropped
  EXPECT_EQ(profile(1).at(0).pictures.size(), 1U);
}

TEST_P(StoreContract, RefusesPicturesThatBreakAStatedRule) {
  const auto base = commit(one(1));
  const auto refused = [&](const ChangeSet& changes, const std::string& word) {
    const auto result = store().commit(call_, changes);
    ASSERT_FALSE(result) << word;
    EXPECT_EQ(result.error().kind, ErrorKind::invalid);
    EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
  };
  ChangeSet changes;
  changes.based_on = base;
  changes.pictures = {picture(account(1).id, 1, day(1))};
  auto both = changes;
  both.dropped_pictures = {{account(1).id, changes.pictures[0].sha256}};
  refused(both, "dropped");
  auto role = changes;
  role.pictures[0].role = static_cast<PictureRole>(3);
  refused(role, "role");
  auto endless = changes;
  endless.pictures[0].signature.assign(std::size_t{1} << 20U, 'x');
  refused(endless, "signature");
  EXPECT_EQ(now(), base);
}

TEST_P(StoreContract, TheSameBytesAtTwoAccountsAreTwoPictures) {
  auto changes = one(1);
  changes.accounts.push_back({account(2), creator_of(1), {}});
  changes.creators = {creator(1, {1, 2})};
  auto of_first = picture(account(1).id, 1, day(1)), of_second = picture(account(2).id, 1, day(3));
  changes.pictures = {of_first, of_second};
  commit(changes);
  EXPECT_EQ(store().counts(call_)->pictures, 2U);
  EXPECT_EQ(profile(1).at(0).pictures, bare({of_second, of_first})) << "newest first, over all accounts";
  const std::vector asked = {account(2).id, account(9).id, account(1).id};
  EXPECT_EQ(*store().pictures(call_, asked), (std::vector{of_second, of_first}));
  ChangeSet dropping;
  dropping.based_on = now();
  dropping.dropped_pictures = {{account(2).id, of_second.sha256}};
  commit(dropping);
  EXPECT_EQ(*store().pictures(call_, asked), std::vector{of_first});
}

TEST_P(StoreContract, OfEqualPicturesInOneSetTheLastCountsAndALaterOneReplaces) {
  auto changes = one(1);
  auto first = picture(account(1).id, 1, day(1)), second = first, third = first;
  second.caption = "second";
  third.caption = "third";
  third.signature = "";
  third.origin.fetched_at = day(9);
  changes.pictures = {first, second};
  commit(changes);
  EXPECT_EQ(*store().pictures(call_, std::vector{account(1).id}), std::vector{second});
  ChangeSet later;
  later.based_on = now();
  later.pictures = {third};
  commit(later);
  EXPECT_EQ(*store().pictures(call_, std::vector{account(1).id}), std::vector{third});
}

TEST_P(StoreContract, AProfileShowsTheNewestFiftyPicturesOfAllItsAccounts) {
  auto changes = one(1);
  changes.accounts.push_back({account(2), creator_of(1), {}});
  changes.creators = {creator(1, {1, 2})};
  std::vector<KnownPicture> all;
  for (int i = 0; i < 60; ++i) all.push_back(picture(account(1 + i % 2).id, i, day(i)));
  changes.pictures = all;
  commit(changes);
  std::reverse(all.begin(), all.end());
  const auto newest = bare({all.begin(), all.begin() + max_profile_pictures});
  EXPECT_EQ(profile(1, 0).at(0).pictures, newest);
  EXPECT_EQ(store().pictures(call_, std::vector{account(1).id, account(2).id})->size(), 60U);
  // Of one time they come by what identifies them, whoever asks.
  auto equal = one(3, now());
  for (int i = 59; i >= 0; --i) equal.pictures.push_back(picture(account(3).id, i, day(5)));
  commit(equal);
  std::reverse(equal.pictures.begin(), equal.pictures.end());
  EXPECT_EQ(profile(3, 0).at(0).pictures,
            bare({equal.pictures.begin(), equal.pictures.begin() + max_profile_pictures}));
}

TEST_P(StoreContract, PicturesFollowTheirAccountToAnotherCreator) {
  auto changes = one(1);
  changes.pictures = {picture(account(1).id, 1, day(1))};
  commit(changes);
  commit(one(2, now()));
  ChangeSet join;
  join.based_on = now();
  join.accounts = {{account(1), creator_of(2), {}}};
  join.creators = {creator(2, {2, 1})};
  join.removed = {creator_of(1)};
  commit(join);
  EXPECT_EQ(profile(2).at(0).pictures.size(), 1U);
  ChangeSet another;
  another.based_on = now();
  another.pictures = {picture(account(1).id, 2, day(2))};
  const auto put = commit(another);
  EXPECT_EQ(feed(join.based_on, 10).back().creator, creator_of(2));
  EXPECT_EQ(profile(2).at(0).creator.revision, put);
}

TEST_P(StoreContract, KeepsTheAddressOfAnItemsPicture) {
  auto changes = one(1);
  changes.items = {item(1, 1, day(1))};
  changes.items[0].image_url = "https://a.example/thumb.jpg";
  commit(changes);
  EXPECT_EQ(profile(1).at(0).items, changes.items);
}

}  // namespace cdx
