// The part of the store contract about commits: all or nothing, conflicts, and the feed of changes.
#include <limits>

#include "contract/store_contract.h"

namespace cdx {

TEST_P(StoreContract, CommitGivesTheRevisionThatReadersSee) {
  const auto first = commit(one(1));
  EXPECT_EQ(first, Revision{1});
  EXPECT_EQ(now(), first);
  const auto stored = profile(1);
  ASSERT_EQ(stored.size(), 1U);
  auto expected = creator(1, {1});
  expected.revision = first;
  EXPECT_EQ(stored[0].creator, expected);
  EXPECT_EQ(stored[0].accounts, std::vector{account(1)});
}

TEST_P(StoreContract, EveryCommitMovesTheRevision) {
  ChangeSet only_checkpoint;
  only_checkpoint.checkpoints = {{"cursor", "1"}};
  EXPECT_EQ(commit(only_checkpoint), Revision{1});
  only_checkpoint.checkpoints[0].value = "2";
  EXPECT_EQ(commit(only_checkpoint), Revision{2});
  EXPECT_EQ(*store().checkpoint(call_, "cursor"), "2");
  EXPECT_EQ(*store().checkpoint(call_, "Cursor"), std::nullopt);
  EXPECT_EQ(commit({}), Revision{3});
  EXPECT_TRUE(feed({}, 10).empty());
  EXPECT_EQ(store().changes(call_, {}, 10)->reached, Revision{3});
}

TEST_P(StoreContract, RefusesACommitDecidedOnOldKnowledge) {
  const auto first = commit(one(1));
  const auto second = commit(one(1, first));
  const auto stale = store().commit(call_, one(1, first));
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().kind, ErrorKind::conflict);
  EXPECT_NE(stale.error().message.find(creator_of(1).text()), std::string::npos);
  EXPECT_EQ(now(), second);
  // Another creator has not moved, so that the same old knowledge is good enough for it.
  EXPECT_TRUE(store().commit(call_, one(2, first)));
}

TEST_P(StoreContract, AccountsItemsAndRemovalsConflictToo) {
  commit(one(1));
  ChangeSet by_account;
  by_account.accounts = {{account(9), creator_of(1), {}}};
  EXPECT_EQ(store().commit(call_, by_account).error().kind, ErrorKind::conflict);
  ChangeSet by_item;
  by_item.items = {item(1, 1, day(1))};
  EXPECT_EQ(store().commit(call_, by_item).error().kind, ErrorKind::conflict);
  ChangeSet by_removal;
  by_removal.removed = {creator_of(1)};
  EXPECT_EQ(store().commit(call_, by_removal).error().kind, ErrorKind::conflict);
  // A removed creator has moved as well.
  by_removal.based_on = now();
  commit(by_removal);
  by_account.based_on = by_removal.based_on;
  EXPECT_EQ(store().commit(call_, by_account).error().kind, ErrorKind::conflict);
}

TEST_P(StoreContract, AFailedCommitLeavesNothingBehind) {
  commit(one(1));
  const auto before = now();
  ChangeSet changes;  // based on nothing: the last creator conflicts
  for (int i = 2; i < 40; ++i) {
    changes.accounts.push_back({account(i), creator_of(i), {{"link", "shared"}}});
    changes.creators.push_back(creator(i, {i}));
  }
  changes.items = {item(1, 2, day(1))};
  changes.snapshots = {snapshot(2, Metric::followers, 1, 1)};
  changes.quarantine = {quarantined("a", 1, "")};
  changes.checkpoints = {{"cursor", "moved"}};
  auto conflicting = changes;
  conflicting.creators.push_back(creator(1, {1}));
  auto orphan_item = changes;
  orphan_item.items.push_back(item(2, 77, day(1)));
  auto orphan_snapshot = changes;
  orphan_snapshot.snapshots.push_back(snapshot(77, Metric::followers, 1, 1));
  EXPECT_EQ(store().commit(call_, conflicting).error().kind, ErrorKind::conflict);
  EXPECT_EQ(store().commit(call_, orphan_item).error().kind, ErrorKind::invalid);
  EXPECT_EQ(store().commit(call_, orphan_snapshot).error().kind, ErrorKind::invalid);
  EXPECT_EQ(now(), before);
  const auto counts = store().counts(call_);
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->accounts, 1U);
  EXPECT_EQ(counts->creators, 1U);
  EXPECT_EQ(counts->items + counts->snapshots + counts->quarantined, 0U);
  EXPECT_EQ(*store().checkpoint(call_, "cursor"), std::nullopt);
  EXPECT_TRUE(store().accounts_sharing(call_, std::vector{BlockKey{"link", "shared"}}, 9)->empty());
  EXPECT_EQ(feed({}, 100).size(), 1U);
  EXPECT_TRUE(store().commit(call_, changes)) << "the store goes on as before";
  EXPECT_EQ(store().counts(call_)->accounts, 39U);
}

TEST_P(StoreContract, RefusesWhatBreaksAStatedRule) {
  const auto refused = [&](const ChangeSet& changes, const std::string& word) {
    const auto result = store().commit(call_, changes);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::invalid);
    EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
  };
  auto both = one(1);
  both.removed = {creator_of(1)};
  refused(both, creator_of(1).text());
  auto not_a_number = one(1);
  not_a_number.snapshots = {snapshot(1, Metric::total_views, 1, std::numeric_limits<double>::quiet_NaN())};
  refused(not_a_number, "total_views");
  auto no_origin = one(1);
  no_origin.accounts[0].account.handle->origin = 2;
  refused(no_origin, account(1).id.text());
  EXPECT_EQ(store().changes(call_, {}, 0).error().kind, ErrorKind::invalid);
}

TEST_P(StoreContract, OfEqualIdsInOneSetTheLastCounts) {
  auto changes = one(1);
  changes.accounts.push_back(changes.accounts[0]);
  changes.accounts[1].account.handle->value = "later";
  changes.accounts[1].keys = {{"handle", "later"}};
  changes.creators.push_back(changes.creators[0]);
  changes.creators[1].name = "later";
  changes.items = {item(1, 1, day(1)), item(1, 1, day(2))};
  changes.items[1].title = "later";
  EXPECT_EQ(commit(changes), Revision{1});
  const auto stored = profile(1);
  ASSERT_EQ(stored[0].items.size(), 1U);
  EXPECT_EQ(stored[0].items[0].title, "later");
  EXPECT_EQ(stored[0].creator.name, "later");
  EXPECT_EQ(stored[0].accounts[0].handle->value, "later");
  EXPECT_TRUE(store().accounts_sharing(call_, std::vector{BlockKey{"handle", "1"}}, 9)->empty());
}

TEST_P(StoreContract, TheFeedShowsEachCreatorOnceAtItsLastRevision) {
  for (int i = 1; i <= 3; ++i) commit(one(i, now()));
  const auto middle = now();
  commit(one(1, now()));
  const auto all = feed({}, 100);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].creator, creator_of(2));
  EXPECT_EQ(all[1].creator, creator_of(3));
  EXPECT_EQ(all[2].creator, creator_of(1));
  EXPECT_EQ(all[2].revision, now());
  EXPECT_EQ(profile(1)[0].creator.revision, now());
  const auto late = feed(middle, 100);
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].creator, creator_of(1));
  EXPECT_TRUE(feed(now(), 100).empty());
}

TEST_P(StoreContract, TheFeedPagesThroughOneLargeCommit) {
  ChangeSet changes;
  for (int i = 0; i < 50; ++i) {
    changes.accounts.push_back({account(i), creator_of(i), {}});
    changes.creators.push_back(creator(i, {i}));
  }
  const auto revision = commit(changes);
  for (const std::size_t page : {std::size_t{1}, std::size_t{7}, std::size_t{50}, std::size_t{51}}) {
    const auto all = feed({}, page);
    ASSERT_EQ(all.size(), 50U) << page;
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].revision, all[i].revision);
    EXPECT_EQ(all.back().revision, revision);
  }
  const auto last = store().changes(call_, {}, 50);
  EXPECT_FALSE(last->more);
  EXPECT_EQ(last->reached, revision);
}

TEST_P(StoreContract, TheFeedTellsOfRemovalsAndReturns) {
  commit(one(1));
  commit(one(2, now()));
  ChangeSet removal;
  removal.based_on = now();
  removal.removed = {creator_of(1), creator_of(99)};  // 99 was never there
  commit(removal);
  auto all = feed({}, 100);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_FALSE(all[0].removed);
  EXPECT_EQ(all[1].creator, creator_of(1));
  EXPECT_TRUE(all[1].removed);
  EXPECT_TRUE(profile(1).empty());
  EXPECT_TRUE(store().creators(call_, std::vector{creator_of(1)})->empty());
  EXPECT_EQ(store().accounts(call_, std::vector{account(1).id})->size(), 1U) << "accounts stay";
  EXPECT_EQ(store().counts(call_)->creators, 1U);
  const auto before = now();
  removal.based_on = now();
  commit(removal);
  EXPECT_TRUE(feed(before, 100).empty()) << "removing what is gone is no change";
  commit(one(1, now()));
  all = feed(before, 100);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].removed);
  EXPECT_EQ(profile(1).size(), 1U);
}

TEST_P(StoreContract, TheFeedTellsWhenAccountsOrItemsOfACreatorChange) {
  commit(one(1));
  auto before = now();
  ChangeSet account_only;
  account_only.based_on = before;
  account_only.accounts = {{account(1), creator_of(1), {}}};
  account_only.accounts[0].account.handle->value = "renamed";
  commit(account_only);
  ASSERT_EQ(feed(before, 10).size(), 1U);
  EXPECT_EQ(profile(1)[0].creator.name, "Name 1") << "its own values stay";
  EXPECT_EQ(profile(1)[0].creator.revision, now());
  before = now();
  ChangeSet item_only;
  item_only.based_on = before;
  item_only.items = {item(1, 1, day(1))};
  commit(item_only);
  ASSERT_EQ(feed(before, 10).size(), 1U);
  EXPECT_EQ(profile(1)[0].items.size(), 1U);
}

TEST_P(StoreContract, AStoreOlderThanItsAskerSaysSo) {
  commit(one(1));
  const auto page = store().changes(call_, Revision{500}, 10);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->changes.empty());
  EXPECT_FALSE(page->more);
  EXPECT_EQ(page->reached, Revision{1});
  EXPECT_TRUE(store().changes(call_, Revision{~std::uint64_t{0}}, 10));
}

TEST_P(StoreContract, KeepsAMegabyteInEveryText) {
  const std::string big = std::string(1'000'000, 'm') + "é";
  auto changes = one(1);
  changes.accounts[0].account.bio->value = big;
  changes.accounts[0].keys = {{"link", big}};
  changes.creators[0].summary = big;
  changes.items = {item(1, 1, day(1))};
  changes.items[0].description = big;
  changes.checkpoints = {{"big", big}};
  commit(changes);
  const auto stored = profile(1);
  EXPECT_TRUE(stored[0].accounts[0].bio->value == big);
  EXPECT_TRUE(stored[0].creator.summary == big);
  EXPECT_TRUE(stored[0].items[0].description == big);
  EXPECT_TRUE(*store().checkpoint(call_, "big") == big);
  EXPECT_EQ(store().accounts_sharing(call_, std::vector{BlockKey{"link", big}}, 2)->size(), 1U);
}

}  // namespace cdx
