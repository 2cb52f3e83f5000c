#include "contract/store_contract.h"

#include <atomic>
#include <ostream>
#include <thread>

namespace cdx {

using std::chrono::hours;

void PrintTo(const StoreTwin& twin, std::ostream* out) { *out << twin.name; }

bool operator==(const RawRecord& a, const RawRecord& b) {
  return a.source == b.source && a.key == b.key && a.layout == b.layout && a.body == b.body &&
         a.terms == b.terms;
}

void StoreContract::reopen() {
  store_.reset();
  auto opened = GetParam().open(folder_.path().string());
  ASSERT_TRUE(opened) << opened.error().message;
  store_ = std::move(*opened);
}

Time StoreContract::day(int number) { return Time(hours(24 * (20'000 + number))); }

Provenance StoreContract::provenance(int number) {
  Provenance origin{
      "file:" + std::to_string(number % 7),  day(number), {},
      "basis " + std::to_string(number % 3), "CC0",       static_cast<std::uint32_t>(1 + number % 2)};
  if (number % 2 == 0) origin.expires_at = day(number + 365);
  return origin;
}

RawRecord StoreContract::record(int number) {
  const auto text = std::to_string(number);
  return {"source " + std::to_string(number % 3), "row " + text, "layout " + std::to_string(number % 2),
          "body " + text, provenance(number)};
}

Account StoreContract::account(int number) {
  const auto text = std::to_string(number);
  Account account;
  account.platform = static_cast<Platform>(static_cast<std::size_t>(number) % platform_count);
  account.user_id = "user" + text;
  account.id = account_id(account.platform, account.user_id);
  const auto first = account.origin(provenance(number));
  const auto second = account.origin(provenance(number + 1));
  account.handle = Sourced<std::string>{"handle" + text, first};
  account.bio = Sourced<std::string>{"Grüße 🎬 \xd8\xb3 " + text, second};
  account.followers = Sourced<std::int64_t>{number * 1000, first};
  account.engagement_rate = Sourced<double>{0.001 * number, second};
  account.links = Sourced<std::vector<std::string>>{{"https://a.example/" + text, ""}, first};
  account.verified = Sourced<bool>{number % 2 == 0, first};
  account.last_post_at = Sourced<Time>{day(number), second};
  return account;
}

CreatorId StoreContract::creator_of(int number) { return creator_id(account(number).id); }

Creator StoreContract::creator(int number, std::vector<int> accounts) {
  Creator creator;
  creator.id = creator_of(number);
  for (const int linked : accounts)
    creator.links.push_back({account(linked).id, "first_account", "words", 0.5});
  creator.name = "Name " + std::to_string(number);
  creator.primary_niche = "fitness";
  creator.secondary_niches = {"food", ""};
  creator.judgements = {{"niche", "fitness", 0.8, {{"bio", "yoga"}}}, {"risk", "alcohol", 0.6, {}}};
  creator.judged = {"words 3", Time{std::chrono::milliseconds(1'700'000'000'000)}, 42};
  creator.risks = {"alcohol"};
  creator.emerging = 0.7;
  creator.growth_trend = -0.01;
  creator.views_per_follower = 0.2;
  creator.posts_per_week = 3.5;
  creator.credibility = Credibility{0.8, 0.6, 0.9};
  creator.total_followers = -number;
  creator.growth_rate_30d = -0.25;
  creator.last_post_at = day(number);
  creator.verified = true;
  creator.quality = 0.75;
  creator.rules_version = 4'000'000'000;
  return creator;
}

ContentItem StoreContract::item(int number, int of_account, std::optional<Time> published) {
  ContentItem item;
  item.id = content_id(Platform::youtube, std::to_string(number));
  item.account = account(of_account).id;
  item.type = ContentType::short_video;
  item.title = "Title " + std::to_string(number);
  item.published_at = published;
  item.views = number;
  item.origin = provenance(number);
  return item;
}

MetricSnapshot StoreContract::snapshot(int of_account, Metric metric, int at, double value) {
  return {account(of_account).id, metric, day(at), value, 2, provenance(at)};
}

Quarantined StoreContract::quarantined(const std::string& source, int number, const std::string& column) {
  const auto text = std::to_string(number);
  return {source, "row " + text, column, "reason " + text, "body " + text, day(number), "hash" + text};
}

ChangeSet StoreContract::one(int number, Revision based_on) {
  ChangeSet changes;
  changes.based_on = based_on;
  changes.accounts = {{account(number), creator_of(number), {{"handle", std::to_string(number)}}}};
  changes.creators = {creator(number, {number})};
  return changes;
}

Revision StoreContract::now() {
  const auto revision = store().revision(call_);
  EXPECT_TRUE(revision);
  return revision.value_or(Revision{});
}

Revision StoreContract::commit(const ChangeSet& changes) {
  const auto revision = store().commit(call_, changes);
  EXPECT_TRUE(revision) << revision.error().message;
  return revision.value_or(Revision{});
}

std::vector<Profile> StoreContract::profile(int number, std::size_t max_items) {
  const std::vector ids = {creator_of(number)};
  auto found = store().profiles(call_, ids, max_items);
  EXPECT_TRUE(found) << found.error().message;
  return found.value_or(std::vector<Profile>{});
}

std::vector<Change> StoreContract::feed(Revision since, std::size_t page) {
  std::vector<Change> all;
  for (;;) {
    const auto got = store().changes(call_, since, page);
    EXPECT_TRUE(got);
    if (!got) return all;
    EXPECT_LE(got->changes.size(), page);
    all.insert(all.end(), got->changes.begin(), got->changes.end());
    if (!got->more) return all;
    EXPECT_GT(got->reached, since);
    since = got->reached;
  }
}

// --- raw records

TEST_P(StoreContract, StartsEmpty) {
  EXPECT_EQ(now(), Revision{0});
  EXPECT_TRUE(feed({}, 10).empty());
  const auto page = store().read_raw(call_, 0, 10);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->records.empty());
  EXPECT_EQ(page->next, 0U);
  EXPECT_EQ(*store().checkpoint(call_, "none"), std::nullopt);
  const auto counts = store().counts(call_);
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->raw + counts->accounts + counts->creators + counts->items + counts->snapshots +
                counts->quarantined + counts->vectors,
            0U);
}

TEST_P(StoreContract, FindsNoFaultInWhatItWrote) {
  std::vector<RawRecord> records;
  for (int i = 0; i < 10; ++i) records.push_back(record(i));
  ASSERT_TRUE(store().append_raw(call_, records));
  const auto faults = store().check(call_);
  ASSERT_TRUE(faults);
  EXPECT_TRUE(faults->empty());
}

TEST_P(StoreContract, AppendsEachContentOnce) {
  std::vector<RawRecord> records;
  for (int i = 0; i < 10; ++i) records.push_back(record(i));
  const auto first = store().append_raw(call_, records);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->fresh, 10U);
  const auto again = store().append_raw(call_, records);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->fresh, 0U);
  EXPECT_EQ(again->end, first->end);
  // Known, equal within the span, and new ones mixed.
  const std::vector mixed = {record(3), record(20), record(20), record(4), record(21), record(20)};
  const auto third = store().append_raw(call_, mixed);
  ASSERT_TRUE(third);
  EXPECT_EQ(third->fresh, 2U);
  EXPECT_EQ(store().counts(call_)->raw, 12U);
  const auto rest = store().read_raw(call_, first->end, 10);
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->records.size(), 2U);
  EXPECT_TRUE(rest->records[0] == record(20));
  EXPECT_TRUE(rest->records[1] == record(21));
  EXPECT_EQ(rest->offsets.back(), third->end);
  EXPECT_EQ(rest->next, third->end);
  EXPECT_EQ(store().append_raw(call_, std::vector{record(99)})->end, third->end + 1);
}

TEST_P(StoreContract, KeepsTheFirstCopyOfEqualBytes) {
  auto second = record(1);
  second.source = "elsewhere";
  second.key = "row 99";
  second.terms = provenance(50);
  ASSERT_TRUE(store().append_raw(call_, std::vector{record(1), second}));
  const auto page = store().read_raw(call_, 0, 10);
  ASSERT_EQ(page->records.size(), 1U);
  EXPECT_TRUE(page->records[0] == record(1));
  auto other_layout = record(1);
  other_layout.layout = "another";
  EXPECT_EQ(store().append_raw(call_, std::vector{other_layout})->fresh, 1U)
      << "the layout is part of the content";
}

TEST_P(StoreContract, PagesThroughRawRecordsInOrder) {
  std::vector<RawRecord> records;
  for (int i = 0; i < 57; ++i) records.push_back(record(i));
  ASSERT_TRUE(store().append_raw(call_, records));
  RawOffset at = 0;
  int seen = 0;
  for (;;) {
    const auto page = store().read_raw(call_, at, 10);
    ASSERT_TRUE(page);
    ASSERT_LE(page->records.size(), 10U);
    ASSERT_EQ(page->records.size(), page->offsets.size());
    for (std::size_t i = 0; i < page->records.size(); ++i) {
      EXPECT_TRUE(page->records[i] == record(seen++));
      EXPECT_GT(page->offsets[i], at);
      at = page->offsets[i];
    }
    EXPECT_EQ(page->next, at);
    if (page->records.empty()) break;
  }
  EXPECT_EQ(seen, 57);
  EXPECT_EQ(store().read_raw(call_, 0, 0).error().kind, ErrorKind::invalid);
  EXPECT_TRUE(store().read_raw(call_, ~RawOffset{0}, 10)->records.empty());
}

TEST_P(StoreContract, KeepsEveryByteAndMegabytes) {
  auto odd = record(1);
  odd.key = std::string("a\0b", 3);
  odd.body = std::string("\0\xff\xfe{\n", 5) + "日本 🎥";
  auto big = record(2);
  big.body.assign(1'000'000, 'x');
  big.body += "end";
  auto empty = record(3);
  empty.body.clear();
  empty.layout.clear();
  empty.source.clear();
  ASSERT_TRUE(store().append_raw(call_, std::vector{odd, big, empty}));
  std::vector<RawRecord> all;
  for (RawOffset at = 0;;) {
    const auto page = store().read_raw(call_, at, 10);
    ASSERT_TRUE(page);
    if (page->records.empty()) break;
    all.insert(all.end(), page->records.begin(), page->records.end());
    at = page->next;
  }
  ASSERT_EQ(all.size(), 3U);
  EXPECT_TRUE(all[0] == odd);
  EXPECT_TRUE(all[1] == big);
  EXPECT_TRUE(all[2] == empty);
}

// --- questions

TEST_P(StoreContract, AcceptsEmptySpans) {
  EXPECT_EQ(store().append_raw(call_, {})->fresh, 0U);
  EXPECT_TRUE(store().accounts(call_, {})->empty());
  EXPECT_TRUE(store().accounts_sharing(call_, {}, 10)->empty());
  EXPECT_TRUE(store().creators(call_, {})->empty());
  EXPECT_TRUE(store().profiles(call_, {}, 10)->empty());
  EXPECT_TRUE(store().snapshots(call_, {})->empty());
  EXPECT_TRUE(store().vectors(call_, {})->empty());
  EXPECT_TRUE(store().keep_vectors(call_, {}));
}

TEST_P(StoreContract, AnswersInTheOrderAskedAndLeavesOutWhatIsAbsent) {
  for (int i = 0; i < 4; ++i) commit(one(i, now()));
  const std::vector ids = {account(3).id, account(77).id, account(0).id, account(2).id};
  const auto accounts = store().accounts(call_, ids);
  ASSERT_TRUE(accounts);
  ASSERT_EQ(accounts->size(), 3U);
  EXPECT_EQ((*accounts)[0].account, account(3));
  EXPECT_EQ((*accounts)[1].account, account(0));
  EXPECT_EQ((*accounts)[2].account, account(2));
  EXPECT_EQ((*accounts)[2].creator, creator_of(2));
  EXPECT_EQ((*accounts)[2].keys, (std::vector<BlockKey>{{"handle", "2"}}));
  const std::vector creator_ids = {creator_of(2), creator_of(78), creator_of(1)};
  const auto creators = store().creators(call_, creator_ids);
  ASSERT_TRUE(creators);
  ASSERT_EQ(creators->size(), 2U);
  EXPECT_EQ((*creators)[0].id, creator_of(2));
  EXPECT_EQ((*creators)[1].name, "Name 1");
}

TEST_P(StoreContract, FindsAccountsThatShareAKey) {
  ChangeSet changes;
  const BlockKey shared{"link", "https://x.example/ä"};
  for (int i = 0; i < 20; ++i) {
    changes.accounts.push_back({account(i), creator_of(i), {shared, {"handle", std::to_string(i)}}});
  }
  changes.accounts.push_back({account(20), creator_of(20), {{"handle", shared.value}}});
  commit(changes);
  const auto all = store().accounts_sharing(call_, std::vector{shared}, 100);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 20U) << "the kind is part of the key";
  const std::vector both = {shared, BlockKey{"handle", "3"}, shared};
  EXPECT_EQ(store().accounts_sharing(call_, both, 100)->size(), 20U) << "each account once";
  const auto some = store().accounts_sharing(call_, both, 7);
  ASSERT_EQ(some->size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ((*some)[i].account, (*all)[i].account);
  EXPECT_EQ((*some)[0].keys.size(), 2U);
  EXPECT_TRUE(store().accounts_sharing(call_, both, 0)->empty());
  EXPECT_TRUE(store().accounts_sharing(call_, std::vector{BlockKey{"handle", "none"}}, 9)->empty());
}

TEST_P(StoreContract, AccountsThatEnteredFirstComeFirst) {
  const BlockKey shared{"link", "x"};
  for (const int i : {5, 1, 9, 3}) {
    ChangeSet changes;
    changes.accounts = {{account(i), creator_of(i), {shared}}};
    commit(changes);
  }
  ChangeSet again;
  again.accounts = {{account(5), creator_of(5), {shared, {"a", "b"}}}};
  commit(again);
  const auto found = store().accounts_sharing(call_, std::vector{shared}, 3);
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ((*found)[0].account, account(5));
  EXPECT_EQ((*found)[1].account, account(1));
  EXPECT_EQ((*found)[2].account, account(9));
}

TEST_P(StoreContract, ReplacesTheKeysOfAnAccount) {
  commit(one(1));
  auto changes = one(1, now());
  changes.accounts[0].keys = {{"link", "new"}};
  commit(changes);
  EXPECT_TRUE(store().accounts_sharing(call_, std::vector{BlockKey{"handle", "1"}}, 9)->empty());
  EXPECT_EQ(store().accounts_sharing(call_, std::vector{BlockKey{"link", "new"}}, 9)->size(), 1U);
}

TEST_P(StoreContract, ProfilesHoldAccountsInOrderOfLinksAndTheNewestItems) {
  ChangeSet changes;
  for (const int i : {1, 2}) changes.accounts.push_back({account(i), creator_of(1), {}});
  changes.creators = {creator(1, {2, 55, 1})};  // account 55 is not there
  changes.items = {item(1, 1, day(1)), item(2, 1, day(3)), item(3, 1, std::nullopt),
                   item(4, 2, day(2)), item(5, 2, day(3)), item(6, 1, day(2))};
  commit(changes);
  const auto whole = profile(1);
  ASSERT_EQ(whole.size(), 1U);
  ASSERT_EQ(whole[0].accounts.size(), 2U);
  EXPECT_EQ(whole[0].accounts[0], account(2));
  EXPECT_EQ(whole[0].accounts[1], account(1));
  std::vector<std::int64_t> order;
  for (const auto& one : whole[0].items) order.push_back(*one.views);
  EXPECT_EQ(order, (std::vector<std::int64_t>{5, 2, 4, 6, 1, 3})) << "newest first, undated last";
  EXPECT_EQ(whole[0].items[0], item(5, 2, day(3)));
  order.clear();
  const auto bounded = profile(1, 2);
  for (const auto& one : bounded[0].items) order.push_back(*one.views);
  EXPECT_EQ(order, (std::vector<std::int64_t>{5, 2, 4, 6})) << "at most two of each account";
  EXPECT_TRUE(profile(1, 0)[0].items.empty());
  EXPECT_TRUE(profile(2).empty());
}

TEST_P(StoreContract, UpsertsItemsAlsoIntoAnotherAccount) {
  auto changes = one(1);
  changes.accounts.push_back({account(2), creator_of(2), {}});
  changes.creators.push_back(creator(2, {2}));
  changes.items = {item(1, 1, day(1))};
  commit(changes);
  ChangeSet moved;
  moved.based_on = now();
  moved.items = {item(1, 2, day(9))};
  moved.items[0].title = "changed";
  commit(moved);
  EXPECT_TRUE(profile(1)[0].items.empty());
  ASSERT_EQ(profile(2)[0].items.size(), 1U);
  EXPECT_EQ(profile(2)[0].items[0].title, "changed");
  EXPECT_EQ(store().counts(call_)->items, 1U);
}

TEST_P(StoreContract, SnapshotsComeByAccountMetricAndTimeAndLaterOnesReplace) {
  auto changes = one(1);
  changes.accounts.push_back({account(2), creator_of(2), {}});
  changes.snapshots = {snapshot(1, Metric::total_views, 2, 7), snapshot(1, Metric::followers, 3, 1.5),
                       snapshot(1, Metric::followers, 1, -2), snapshot(2, Metric::followers, 1, 9),
                       snapshot(1, Metric::followers, 3, 1e300)};
  commit(changes);
  const std::vector ids = {account(2).id, account(66).id, account(1).id};
  const auto found = store().snapshots(call_, ids);
  ASSERT_TRUE(found);
  const std::vector expected = {snapshot(2, Metric::followers, 1, 9), snapshot(1, Metric::followers, 1, -2),
                                snapshot(1, Metric::followers, 3, 1e300),
                                snapshot(1, Metric::total_views, 2, 7)};
  EXPECT_EQ(*found, expected);
}

TEST_P(StoreContract, QuarantineKeepsOneEntryByRecordAndColumn) {
  ChangeSet changes;
  changes.quarantine = {quarantined("a.csv", 1, "followers"), quarantined("a.csv", 1, ""),
                        quarantined("b.csv", 2, ""), quarantined("a.csv", 1, "followers")};
  changes.quarantine[3].reason = "said better";
  commit(changes);
  commit(changes);
  const auto all = store().quarantine(call_, "", 100);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[0].reason, "said better");
  EXPECT_EQ((*all)[0].column, "followers");
  EXPECT_EQ((*all)[2].body, "body 2");
  EXPECT_EQ((*all)[2].at, day(2));
  EXPECT_EQ((*all)[2].record, "hash2");
  EXPECT_EQ(store().quarantine(call_, "a.csv", 100)->size(), 2U);
  EXPECT_EQ(store().quarantine(call_, "", 2)->size(), 2U);
  EXPECT_TRUE(store().quarantine(call_, "c.csv", 2)->empty());
  EXPECT_EQ(store().counts(call_)->quarantined, 3U);
}

TEST_P(StoreContract, QuarantineWithoutARecordIsKnownByItsPlaceAndBodiesAreCut) {
  ChangeSet changes;
  changes.quarantine = {quarantined("a.csv", 1, ""), quarantined("a.csv", 2, ""),
                        quarantined("b.csv", 1, "")};
  for (auto& entry : changes.quarantine) entry.record.clear();
  changes.quarantine[0].body.assign(100'000, 'y');
  commit(changes);
  commit(changes);
  const auto all = store().quarantine(call_, "", 100);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ((*all)[0].body, std::string(65'536, 'y'));
}

// --- vectors

TEST_P(StoreContract, VectorsAreACacheThatMakesNoRevision) {
  const auto before = now();
  const KeptVector a{{1, 2}, {0.5F, -1.0F, 1e-30F}};
  const KeptVector b{{~std::uint64_t{0}, std::uint64_t{1} << 63U}, {1.0F}};
  ASSERT_TRUE(store().keep_vectors(call_, std::vector{a, b}));
  ASSERT_TRUE(store().keep_vectors(call_, std::vector{a}));
  EXPECT_EQ(now(), before);
  const std::vector keys = {b.key, VectorKey{2, 1}, a.key};
  const auto found = store().vectors(call_, keys);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  for (const auto& vector : *found) {
    EXPECT_EQ(vector.values, vector.key == a.key ? a.values : b.values);
  }
  EXPECT_EQ(store().counts(call_)->vectors, 2U);
  const KeptVector newer{{1, 2}, {2.0F}};
  ASSERT_TRUE(store().keep_vectors(call_, std::vector{newer}));
  EXPECT_EQ((*store().vectors(call_, std::vector{a.key}))[0].values, newer.values);
}

// --- threads and reopening

TEST_P(StoreContract, ReadersSeeWholeCommitsWhileOthersWrite) {
  const auto version = [](int number) {
    auto changes = one(1, Revision{~std::uint64_t{0}});
    changes.accounts[0].account.followers->value = number;
    changes.creators[0].total_followers = number;
    changes.items = {item(1, 1, day(number))};
    return changes;
  };
  commit(version(0));
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0, reads = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      const std::vector ids = {creator_of(1)};
      do {
        const auto found = store().profiles(Call{}, ids, 5);
        const bool whole =
            found && found->size() == 1 &&
            (*found)[0].creator.total_followers == (*found)[0].accounts[0].followers->value &&
            (*found)[0].items[0].published_at == day(static_cast<int>((*found)[0].creator.total_followers));
        if (!whole) ++torn;
        ++reads;
      } while (!done);
    });
  }
  for (int i = 1; i <= 60; ++i) commit(version(i));
  done = true;
  readers.clear();
  EXPECT_EQ(torn, 0);
  EXPECT_GE(reads, 3);
  EXPECT_EQ(profile(1)[0].creator.total_followers, 60);
}

TEST_P(StoreContract, WritersTakeTurns) {
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> writers;
    for (int w = 0; w < 4; ++w) {
      writers.emplace_back([&, w] {
        for (int i = 0; i < 15; ++i) {
          const int number = w * 100 + i;
          if (!store().append_raw(Call{}, std::vector{record(number)})) ++failures;
          if (!store().commit(Call{}, one(number))) ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(now(), Revision{60});
  EXPECT_EQ(feed({}, 7).size(), 60U);
  EXPECT_EQ(store().counts(call_)->raw, 60U);
}

TEST_P(StoreContract, HeedsTheCall) {
  std::stop_source source;
  source.request_stop();
  const Call stopped{.stop = source.get_token()};
  EXPECT_EQ(store().commit(stopped, one(1)).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(store().append_raw(stopped, std::vector{record(1)}).error().kind, ErrorKind::cancelled);
  const Call late{.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1)};
  EXPECT_EQ(store().profiles(late, {}, 1).error().kind, ErrorKind::timed_out);
  EXPECT_EQ(store().keep_vectors(late, {}).error().kind, ErrorKind::timed_out);
  EXPECT_EQ(now(), Revision{0});
  EXPECT_EQ(store().counts(call_)->raw, 0U);
}

TEST_P(StoreContract, ReopeningFindsEverythingOrNothing) {
  auto changes = one(1);
  changes.items = {item(1, 1, day(1))};
  changes.snapshots = {snapshot(1, Metric::followers, 1, 5)};
  changes.quarantine = {quarantined("a.csv", 1, "")};
  changes.checkpoints = {{"cursor", "page 2"}};
  const auto revision = commit(changes);
  ASSERT_TRUE(store().append_raw(call_, std::vector{record(1), record(2)}));
  ASSERT_TRUE(store().keep_vectors(call_, std::vector{KeptVector{{1, 2}, {3.0F}}}));
  const auto before = profile(1);
  reopen();
  if (!GetParam().durable) {
    EXPECT_EQ(now(), Revision{0});
    return;
  }
  EXPECT_EQ(now(), revision);
  ASSERT_EQ(profile(1).size(), 1U);
  EXPECT_EQ(profile(1)[0].creator, before[0].creator);
  EXPECT_EQ(profile(1)[0].accounts, before[0].accounts);
  EXPECT_EQ(profile(1)[0].items, before[0].items);
  EXPECT_EQ(*store().checkpoint(call_, "cursor"), "page 2");
  EXPECT_EQ(store().snapshots(call_, std::vector{account(1).id})->size(), 1U);
  EXPECT_TRUE(store().read_raw(call_, 0, 10)->records[1] == record(2));
  EXPECT_EQ(store().append_raw(call_, std::vector{record(2)})->fresh, 0U);
  EXPECT_EQ(store().vectors(call_, std::vector{VectorKey{1, 2}})->size(), 1U);
  EXPECT_EQ(feed({}, 10).size(), 1U);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreContract);

}  // namespace cdx
