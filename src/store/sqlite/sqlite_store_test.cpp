#include "store/sqlite/sqlite_store.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "contract/store_contract.h"
#include "io/file.h"
#include "io/sqlite.h"
#include "store/sqlite/batches.h"
#include "store/sqlite/schema.h"
#include "support/scratch.h"

namespace cdx {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         testing::Values(StoreTwin{"sqlite",
                                                   [](const std::string& folder) {
                                                     return open_sqlite_store({.path = folder + "/dex.db"});
                                                   }}),
                         [](const auto& twin) { return twin.param.name; });

namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  // A test may have taken the right to write away.
  ~SqliteStoreTest() override {
    std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all);
  }
  std::unique_ptr<Store> open(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    auto opened = open_sqlite_store({.path = path_, .readers = 2, .patience = patience});
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  std::unique_ptr<SqliteDatabase> raw_database() {
    auto database = SqliteDatabase::open(path_, {});
    EXPECT_TRUE(database) << database.error().message;
    return std::move(*database);
  }
  // By each of the three that open such a file.
  void refused(ErrorKind kind, const std::string& word) {
    refused(open_sqlite_store({.path = path_}), kind, word);
    refused(open_sqlite_campaign_store({.path = path_}), kind, word);
    refused(open_sqlite_usage_store({.path = path_}), kind, word);
  }
  template <class Opened>
  void refused(const Opened& opened, ErrorKind kind, const std::string& word) {
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
    EXPECT_NE(opened.error().message.find(path_), std::string::npos) << opened.error().message;
    EXPECT_NE(opened.error().message.find(word), std::string::npos) << opened.error().message;
  }

  test::Scratch folder_;
  std::string path_ = folder_.file("dex.db");
  Call call_;
};

TEST_F(SqliteStoreTest, AFailureHalfWayThroughACommitUndoesAllOfIt) {
  const auto store = open();
  ASSERT_TRUE(store->commit(call_, crash::change_batch(0)));
  const auto before = *store->counts(call_);
  for (const std::string table :
       {"accounts", "items", "snapshots", "creators", "checkpoints", "account_keys", "pictures"}) {
    ASSERT_TRUE(raw_database()->execute("CREATE TRIGGER injected BEFORE INSERT ON " + table +
                                        " BEGIN SELECT RAISE(ABORT, 'injected failure'); END"));
    auto changes = crash::change_batch(1);
    changes.accounts[0].account.origin({"source never seen " + table, {}, {}, "", "", 1});
    const auto failed = store->commit(call_, changes);
    ASSERT_FALSE(failed) << table;
    EXPECT_NE(failed.error().message.find("injected failure"), std::string::npos);
    EXPECT_EQ(store->counts(call_)->accounts, before.accounts);
    EXPECT_EQ(store->counts(call_)->items, before.items);
    EXPECT_EQ(store->counts(call_)->creators, before.creators);
    EXPECT_EQ(store->counts(call_)->pictures, before.pictures);
    EXPECT_EQ(store->revision(call_)->value, 20U);
    ASSERT_TRUE(raw_database()->execute("DROP TRIGGER injected"));
  }
  // Numbers of shared rows that were rolled back must not be used again.
  auto changes = crash::change_batch(1);
  changes.accounts[0].account.origin({"source never seen accounts", {}, {}, "", "", 1});
  ASSERT_TRUE(store->commit(call_, changes));
  const std::vector ids = {changes.accounts[0].account.id};
  EXPECT_EQ((*store->accounts(call_, ids))[0].account, changes.accounts[0].account);
}

TEST_F(SqliteStoreTest, ABusyWriterInAnotherHandleEndsAsUnavailableWhileReadingGoesOn) {
  const auto store = open(std::chrono::milliseconds(30));
  ASSERT_TRUE(store->commit(call_, crash::change_batch(0)));
  const auto other = raw_database();
  {
    const auto writing = SqliteTransaction::begin(*other, SqliteTransaction::Kind::writing);
    ASSERT_TRUE(writing);
    EXPECT_EQ(store->commit(call_, crash::change_batch(1)).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(store->append_raw(call_, crash::raw_batch(1)).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(store->counts(call_)->accounts, 20U);
  }
  EXPECT_TRUE(store->commit(call_, crash::change_batch(1)));
}

TEST_F(SqliteStoreTest, TwoStoresOnOneFileSeeEachOther) {
  const auto first = open(), second = open();
  std::jthread writer([&] {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(first->commit({}, crash::change_batch(i)));
  });
  for (int i = 100; i < 120; ++i) EXPECT_TRUE(second->commit({}, crash::change_batch(i)));
  writer.join();
  EXPECT_EQ(first->counts(call_)->accounts, 800U);
  EXPECT_EQ(*first->revision(call_), *second->revision(call_));
  EXPECT_EQ(first->changes(call_, {}, 1000)->changes.size(), 800U);
}

TEST_F(SqliteStoreTest, ManyMayCreateTheSameStoreAtOnce) {
  std::vector<std::jthread> openers;
  for (int i = 0; i < 6; ++i) {
    openers.emplace_back([&] {
      const auto opened = open_sqlite_store({.path = path_, .readers = 1});
      EXPECT_TRUE(opened) << opened.error().message;
    });
  }
  openers.clear();
  EXPECT_EQ(open()->revision(call_)->value, 0U);
}

TEST_F(SqliteStoreTest, RefusesFilesThatAreNoStore) {
  std::ofstream(path_) << "name,followers\nana,5\n" << std::string(10'000, '.');
  refused(ErrorKind::corrupt, "not a database");
  std::filesystem::remove(path_);
  ASSERT_TRUE(raw_database()->execute("CREATE TABLE notes(text TEXT)"));
  refused(ErrorKind::invalid, "another program");
}

TEST_F(SqliteStoreTest, RefusesAStoreOfANewerReleaseWithAnInstruction) {
  open();
  ASSERT_TRUE(raw_database()->execute("PRAGMA user_version=99"));
  refused(ErrorKind::unsupported, "use that release or a later one");
  EXPECT_EQ(*raw_database()->integer("PRAGMA user_version"), 99);
}

TEST_F(SqliteStoreTest, NamesAMissingFolder) {
  path_ = folder_.file("missing/dex.db");
  refused(ErrorKind::not_found, folder_.file("missing"));
}

TEST_F(SqliteStoreTest, NamesAFolderThatMayNotBeWritten) {
  const auto attempt = [&] {
    const auto child = ::fork();
    if (child == 0) {
      // Root may write anywhere, so the attempt is made as nobody.
      if (::getuid() == 0 && ::setuid(65'534) != 0) ::_exit(2);
      const auto opened = open_sqlite_store({.path = path_});
      const bool right = !opened && opened.error().kind == ErrorKind::unavailable &&
                         opened.error().message.find(path_) != std::string::npos &&
                         opened.error().message.find("must be writable") != std::string::npos;
      ::_exit(right ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
  };
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  EXPECT_EQ(attempt(), 0) << "a new file in a read-only folder";
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  open();
  std::filesystem::permissions(path_, std::filesystem::perms(0444));
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  EXPECT_EQ(attempt(), 0) << "a read-only file";
}

// Everything a reader or writer may ask; every failure must be one that names the file.
void ask_everything(const std::string& path, int& failures) {
  const auto fine = [&](const auto& result) {
    if (result) return;
    ++failures;
    EXPECT_TRUE(result.error().kind == ErrorKind::corrupt || result.error().kind == ErrorKind::invalid ||
                result.error().kind == ErrorKind::unsupported || result.error().kind == ErrorKind::internal)
        << name(result.error().kind) << ": " << result.error().message;
    EXPECT_NE(result.error().message.find(path), std::string::npos) << result.error().message;
  };
  const auto opened = open_sqlite_store({.path = path, .readers = 1});
  fine(opened);
  if (!opened) return;
  auto& store = **opened;
  const Call call;
  const auto batch = crash::change_batch(1);
  std::vector<CreatorId> creators;
  std::vector<AccountId> accounts;
  for (const auto& creator : batch.creators) creators.push_back(creator.id);
  for (const auto& account : batch.accounts) accounts.push_back(account.account.id);
  fine(store.read_raw(call, 0, 100));
  fine(store.profiles(call, creators, 5));
  fine(store.accounts(call, accounts));
  fine(store.accounts_sharing(call, batch.accounts[0].keys, 10));
  fine(store.snapshots(call, accounts));
  fine(store.pictures(call, accounts));
  fine(store.changes(call, {}, 1000));
  fine(store.counts(call));
  fine(store.commit(call, crash::change_batch(1)));
  fine(store.append_raw(call, crash::raw_batch(9)));
  fine(store.check(call));
  const auto campaigns = open_sqlite_campaign_store({.path = path, .readers = 1});
  const auto usage = open_sqlite_usage_store({.path = path, .readers = 1});
  fine(campaigns);
  fine(usage);
  if (!campaigns || !usage) return;
  fine((*campaigns)->campaigns(call, 0, 10));
  fine((*campaigns)->scores(call, crash::campaign().id, 0, 100));
  fine((*campaigns)->score_history(call, crash::campaign().id, crash::scores(0)[0].creator));
  fine((*campaigns)->put_campaign(call, crash::campaign()));
  fine((*usage)->questions(call, Time::min(), 100));
  fine((*usage)->choices(call, std::vector{crash::questions(0)[0].id}));
  fine((*usage)->audits(call, 10));
  fine((*usage)->log_questions(call, crash::questions(7)));
  fine((*usage)->forget_questions(call, Time::max()));
}

TEST_F(SqliteStoreTest, ADamagedFileGivesErrorsThatNameItAndNeverMore) {
  {
    const auto store = open();
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(store->append_raw(call_, crash::raw_batch(i)));
      ASSERT_TRUE(store->commit(call_, crash::change_batch(i)));
    }
    const auto campaigns = *open_sqlite_campaign_store({.path = path_, .readers = 1});
    const auto usage = *open_sqlite_usage_store({.path = path_, .readers = 1});
    ASSERT_TRUE(campaigns->put_campaign(call_, crash::campaign()));
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(campaigns->put_scores(call_, crash::scores(i)));
      ASSERT_TRUE(usage->log_questions(call_, crash::questions(i)));
      ASSERT_TRUE(usage->log_choices(call_, crash::choices(i)));
    }
  }
  const auto whole = *read_file(path_, std::size_t{1} << 24U);
  constexpr std::size_t page = 8192;
  int failures = 0;
  for (std::size_t at = 0; at < whole.size(); at += page) {
    for (const std::size_t within : {std::size_t{0}, page / 2, page - 600}) {
      auto damaged = whole;
      for (std::size_t i = at + within; i < at + within + 600 && i < damaged.size(); ++i) {
        damaged[i] = static_cast<char>(i * 37 + 11);
      }
      ASSERT_TRUE(replace_file(path_, damaged));
      ask_everything(path_, failures);
      std::filesystem::remove(path_ + "-wal");
      std::filesystem::remove(path_ + "-shm");
    }
  }
  for (const std::size_t size : {whole.size() / 2, whole.size() - 100, page, page / 2, std::size_t{50}}) {
    ASSERT_TRUE(replace_file(path_, whole.substr(0, size)));
    ask_everything(path_, failures);
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
  }
  EXPECT_GT(failures, 20) << "the damage went unnoticed";
}

// What the old scripts hold must be found, and what is new must work.
class SqliteMigration : public SqliteStoreTest, public testing::WithParamInterface<int> {};

TEST_P(SqliteMigration, BringsAnOlderStoreUpToThePresent) {
  const auto version = GetParam();
  std::ifstream script(std::string(CDX_SQLITE_TESTDATA) + "/store_v" + std::to_string(version) + ".sql");
  ASSERT_TRUE(script);
  std::stringstream sql;
  sql << script.rdbuf();
  ASSERT_TRUE(raw_database()->execute(sql.str()));
  ASSERT_EQ(*raw_database()->integer("PRAGMA user_version"), version);
  const auto store = open();
  ASSERT_TRUE(store);
  EXPECT_EQ(*raw_database()->integer("PRAGMA user_version"), store_schema_version);
  EXPECT_EQ(store->revision(call_)->value, 2U);
  const auto id = account_id(Platform::youtube, "UC1");
  const auto profiles = store->profiles(call_, std::vector{creator_id(id)}, 5);
  ASSERT_TRUE(profiles) << profiles.error().message;
  ASSERT_EQ(profiles->size(), 1U);
  const auto& profile = (*profiles)[0];
  EXPECT_EQ(profile.creator.name, "Ana Dances");
  ASSERT_EQ(profile.accounts.size(), 1U);
  EXPECT_EQ(profile.accounts[0].handle->value, "anadances");
  EXPECT_EQ(profile.accounts[0].origins[0].licence, "CC-BY-4.0");
  EXPECT_EQ(profile.items.at(0).title, "Samba");
  EXPECT_EQ(store->snapshots(call_, std::vector{id})->at(0).value, 1234);
  EXPECT_EQ(store->read_raw(call_, 0, 10)->records.at(0).body, "UC1,anadances");
  EXPECT_EQ(store->quarantine(call_, "", 10)->at(0).reason, "not a number");
  EXPECT_EQ(**store->checkpoint(call_, "cursor"), "row 2");
  EXPECT_EQ(store->accounts_sharing(call_, std::vector{BlockKey{"handle", "anadances"}}, 5)->size(), 1U);
  const auto kept = *store->vectors(call_, std::vector{VectorKey{~std::uint64_t{6}, 9}});
  if (version == 1) {
    EXPECT_TRUE(kept.empty());
  } else {
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].values, (std::vector{1.0F, -0.5F}));
  }
  ASSERT_TRUE(store->keep_vectors(call_, std::vector{KeptVector{{1, 1}, {1.0F}}}));
  EXPECT_EQ(store->vectors(call_, std::vector{VectorKey{1, 1}})->size(), 1U);
  const auto campaigns = open_sqlite_campaign_store({.path = path_});
  const auto usage = open_sqlite_usage_store({.path = path_});
  ASSERT_TRUE(campaigns && usage);
  if (version >= 3) {
    EXPECT_EQ(profile.creator.risks, std::vector<std::string>{"alcohol"});
    EXPECT_EQ((*campaigns)->campaigns(call_, 0, 9)->at(0).brief.product_name, "tea");
    EXPECT_EQ((*campaigns)->scores(call_, CampaignId{5}, 0, 9)->scores.at(0).match, 0.75);
    EXPECT_EQ((*campaigns)->score_history(call_, CampaignId{5}, creator_id(id))->at(0).match, 0.5);
    EXPECT_EQ((*usage)->choices(call_, std::vector{QuestionId{11}})->at(0).action, "save");
    EXPECT_EQ((*usage)->active_profile(call_, "ranking")->name, "learned");
  }
  EXPECT_TRUE((*campaigns)->put_campaign(call_, crash::campaign()));
  EXPECT_TRUE((*campaigns)->put_scores(call_, crash::scores(0)));
  EXPECT_TRUE((*usage)->log_questions(call_, crash::questions(0)));
  EXPECT_TRUE(profile.pictures.empty());
  KnownPicture picture;
  picture.account = id;
  picture.sha256[0] = 7;
  picture.signature = "signature";
  ChangeSet changes;
  changes.based_on = *store->revision(call_);
  changes.pictures = {picture};
  ASSERT_TRUE(store->commit(call_, changes));
  EXPECT_EQ(store->pictures(call_, std::vector{id})->at(0), picture);
  EXPECT_EQ(store->profiles(call_, std::vector{creator_id(id)}, 5)->at(0).items, profile.items);
  EXPECT_TRUE(store->check(call_)->empty());
}

INSTANTIATE_TEST_SUITE_P(Versions, SqliteMigration, testing::Range(1, store_schema_version),
                         testing::PrintToStringParamName());

// A store migrated step by step has the tables of a new one, letter by letter but for blanks.
TEST_P(SqliteMigration, EndsWithTheTablesOfANewStore) {
  const auto tables = [&] {
    std::string all;
    const auto database = raw_database();
    auto select = database->prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
    while (*select->step()) {
      for (const char c : select->text(0))
        if (c != ' ' && c != '\n') all += c;
      all += '\n';
    }
    return all;
  };
  open();
  const auto fresh = tables();
  std::filesystem::remove(path_);
  std::ifstream script(std::string(CDX_SQLITE_TESTDATA) + "/store_v" + std::to_string(GetParam()) + ".sql");
  std::stringstream sql;
  sql << script.rdbuf();
  ASSERT_TRUE(raw_database()->execute(sql.str()));
  open();
  EXPECT_EQ(tables(), fresh);
}

}  // namespace
}  // namespace cdx
