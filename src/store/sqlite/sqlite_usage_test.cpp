// What is particular to the SQLite twins of CampaignStore and UsageStore: transactions, busy and damaged
// files, and what doctor finds.
#include <gtest/gtest.h>

#include "contract/campaign_store_contract.h"
#include "contract/usage_store_contract.h"
#include "io/sqlite.h"
#include "store/sqlite/batches.h"
#include "store/sqlite/sqlite_store.h"
#include "support/scratch.h"

namespace cdx {

INSTANTIATE_TEST_SUITE_P(Sqlite, CampaignStoreContract,
                         testing::Values(CampaignStoreTwin{"sqlite",
                                                           [](const std::string& folder) {
                                                             return open_sqlite_campaign_store(
                                                                 {.path = folder + "/dex.db"});
                                                           }}),
                         [](const auto& twin) { return twin.param.name; });

INSTANTIATE_TEST_SUITE_P(Sqlite, UsageStoreContract,
                         testing::Values(UsageStoreTwin{"sqlite",
                                                        [](const std::string& folder) {
                                                          return open_sqlite_usage_store(
                                                              {.path = folder + "/dex.db"});
                                                        }}),
                         [](const auto& twin) { return twin.param.name; });

namespace {

class SqliteUsageTest : public testing::Test {
 protected:
  void SetUp() override {
    const SqliteStoreOptions options{.path = path_, .readers = 2, .patience = std::chrono::milliseconds(200)};
    store_ = *open_sqlite_store(options);
    campaigns_ = *open_sqlite_campaign_store(options);
    usage_ = *open_sqlite_usage_store(options);
    ASSERT_TRUE(campaigns_->put_campaign(call_, crash::campaign()));
    ASSERT_TRUE(campaigns_->put_scores(call_, crash::scores(0)));
    ASSERT_TRUE(campaigns_->put_scores(call_, crash::scores(1)));
    ASSERT_TRUE(usage_->log_questions(call_, crash::questions(0)));
    ASSERT_TRUE(usage_->log_choices(call_, crash::choices(0)));
    ASSERT_TRUE(usage_->put_profile(call_, {"a", "ranking", "{}", "{}", {}}, {}));
    ASSERT_TRUE(usage_->switch_profile(call_, "ranking", "a", {}));
  }
  void execute(const std::string& sql) {
    const auto database = SqliteDatabase::open(path_, {});
    ASSERT_TRUE(database) << database.error().message;
    const auto done = (*database)->execute(sql);
    ASSERT_TRUE(done) << done.error().message;
  }
  // What doctor says, in one piece.
  std::string faults() {
    const auto found = store_->check(call_);
    EXPECT_TRUE(found) << found.error().message;
    std::string all;
    for (const auto& fault : *found) all += fault + "\n";
    return all;
  }
  template <class T>
  void corrupt(const Result<T>& result, const std::string& word) {
    ASSERT_FALSE(result) << word;
    EXPECT_EQ(result.error().kind, ErrorKind::corrupt);
    EXPECT_NE(result.error().message.find(path_), std::string::npos) << result.error().message;
    EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
  }

  test::Scratch folder_;
  std::string path_ = folder_.file("dex.db");
  Call call_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<CampaignStore> campaigns_;
  std::unique_ptr<UsageStore> usage_;
};

TEST_F(SqliteUsageTest, AFailureHalfWayUndoesAllOfACall) {
  const auto before = campaigns_->scores(call_, crash::campaign().id, 0, 1000)->scores;
  for (const std::string event : {"INSERT ON score_history", "UPDATE ON scores", "INSERT ON scorings"}) {
    // Fails at the last of the batch only.
    const auto when = event == "INSERT ON scorings"
                          ? std::string()
                          : " WHEN NEW.creator=" + std::to_string(crash::scored_per_batch);
    execute("CREATE TRIGGER injected BEFORE " + event + when +
            " BEGIN SELECT RAISE(ABORT, 'injected failure'); END");
    auto scores = crash::scores(2);
    scores.back().profile = "never seen";
    const auto failed = campaigns_->put_scores(call_, scores);
    ASSERT_FALSE(failed) << event;
    EXPECT_NE(failed.error().message.find("injected failure"), std::string::npos) << failed.error().message;
    EXPECT_EQ(campaigns_->scores(call_, crash::campaign().id, 0, 1000)->scores, before) << event;
    EXPECT_EQ(campaigns_->score_history(call_, crash::campaign().id, before[0].creator)->size(), 1U);
    execute("DROP TRIGGER injected");
  }
  EXPECT_TRUE(campaigns_->put_scores(call_, crash::scores(2)));
}

TEST_F(SqliteUsageTest, AProfileIsNeitherPutNorUsedWithoutItsAuditEntry) {
  execute("CREATE TRIGGER injected BEFORE INSERT ON audits BEGIN SELECT RAISE(ABORT, 'injected'); END");
  EXPECT_FALSE(usage_->put_profile(call_, {"b", "ranking", "{}", "{}", {}}, {}));
  EXPECT_FALSE(usage_->switch_profile(call_, "ranking", "", {}));
  EXPECT_EQ(usage_->profiles(call_, "ranking")->size(), 1U);
  EXPECT_EQ(usage_->active_profile(call_, "ranking")->name, "a");
  execute("DROP TRIGGER injected");
  EXPECT_EQ(usage_->audits(call_, 9)->size(), 2U);
}

TEST_F(SqliteUsageTest, ABusyFileEndsAsUnavailableWhileReadingGoesOn) {
  const auto other = *SqliteDatabase::open(path_, {});
  {
    const auto writing = SqliteTransaction::begin(*other, SqliteTransaction::Kind::writing);
    ASSERT_TRUE(writing);
    EXPECT_EQ(campaigns_->put_scores(call_, crash::scores(2)).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(usage_->audit(call_, {}).error().kind, ErrorKind::unavailable);
    EXPECT_EQ(campaigns_->scores(call_, crash::campaign().id, 0, 0)->total,
              std::size_t{crash::scored_per_batch});
    EXPECT_EQ(usage_->audits(call_, 9)->size(), 2U);
  }
  EXPECT_TRUE(campaigns_->put_scores(call_, crash::scores(2)));
  EXPECT_TRUE(store_->commit(call_, crash::change_batch(0))) << "the three share a file";
}

TEST_F(SqliteUsageTest, ASoundStoreHasNoFaults) { EXPECT_EQ(faults(), ""); }

TEST_F(SqliteUsageTest, DamagedBodiesAreCorruptAndDoctorNamesThem) {
  execute("UPDATE campaigns SET body=x'01ff'");
  corrupt(campaigns_->campaign(call_, crash::campaign().id), crash::campaign().id.text());
  corrupt(campaigns_->campaigns(call_, 0, 1), crash::campaign().id.text());
  const auto question = crash::questions(0)[0].id;
  execute("UPDATE questions SET body=x'' WHERE id=" + std::to_string(question.value));
  corrupt(usage_->questions(call_, Time::min(), 100), question.text());
  const auto said = faults();
  EXPECT_NE(said.find("campaign " + crash::campaign().id.text()), std::string::npos) << said;
  EXPECT_NE(said.find("question " + question.text()), std::string::npos) << said;
}

TEST_F(SqliteUsageTest, DoctorFindsRowsWithoutTheirOwner) {
  execute("DELETE FROM campaigns");
  const auto scored = crash::scores(0)[0].creator.text();
  auto said = faults();
  EXPECT_NE(said.find("score of " + scored), std::string::npos) << said;
  EXPECT_NE(said.find("former one of the score of " + scored), std::string::npos) << said;
  execute("DELETE FROM scorings");
  corrupt(campaigns_->scores(call_, crash::campaign().id, 0, 10), "scoring");
  said = faults();
  EXPECT_NE(said.find("names a scoring that is not there"), std::string::npos) << said;
  const auto question = crash::questions(0)[0].id;
  execute("DELETE FROM questions WHERE id=" + std::to_string(question.value));
  execute("DELETE FROM profiles");
  said = faults();
  EXPECT_NE(said.find("its question " + question.text() + " is not there"), std::string::npos) << said;
  EXPECT_NE(said.find("the ranking profile in use, \"a\", is not there"), std::string::npos) << said;
}

TEST_F(SqliteUsageTest, DoctorStopsAtAPageOfFaultsOfEachKind) {
  std::vector<MatchScore> many(500, crash::scores(0)[0]);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].creator = {1'000 + i};
  ASSERT_TRUE(campaigns_->put_scores(call_, many));
  execute("DELETE FROM campaigns; DELETE FROM score_history");
  EXPECT_EQ(store_->check(call_)->size(), 20U);
}

// Every question a page of the file may be asked by goes through an index: the log may be long.
TEST_F(SqliteUsageTest, ForgettingAndPagesReadNoWholeTable) {
  const auto database = *SqliteDatabase::open(path_, {});
  for (const std::string sql :
       {"SELECT row, id FROM questions WHERE at < 1 ORDER BY at, row LIMIT 1",
        "SELECT id, at, body FROM questions WHERE at >= 1 ORDER BY at, row",
        "DELETE FROM choices WHERE question=1", "DELETE FROM scores WHERE campaign=1",
        "DELETE FROM score_history WHERE campaign=1",
        "SELECT creator FROM scores WHERE campaign=1 ORDER BY overall DESC, creator < 0, creator LIMIT 1",
        "SELECT id FROM campaigns ORDER BY created_at DESC, id < 0, id LIMIT 1"}) {
    auto plan = database->prepare("EXPLAIN QUERY PLAN " + sql);
    ASSERT_TRUE(plan);
    while (*plan->step()) {
      const std::string step(plan->text(3));
      EXPECT_EQ(step.find("TEMP B-TREE"), std::string::npos) << sql << ": " << step;
      if (step.find("SCAN") != std::string::npos) {
        EXPECT_NE(step.find("INDEX"), std::string::npos) << sql << ": " << step;
      }
    }
  }
}

}  // namespace
}  // namespace cdx
