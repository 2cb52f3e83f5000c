#include "io/sqlite.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace cdx {
namespace {

using Kind = SqliteTransaction::Kind;

class SqliteTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("cdx_sqlite_" + std::to_string(::getpid()) + "_" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return (folder_ / "x.db").string(); }
  std::unique_ptr<SqliteDatabase> open(SqliteSettings settings = {}) const {
    auto database = SqliteDatabase::open(path(), settings);
    EXPECT_TRUE(database) << database.error().message;
    return database ? std::move(*database) : nullptr;
  }

  std::filesystem::path folder_;
};

TEST_F(SqliteTest, KeepsEveryKindOfValueExactly) {
  const auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t(a INTEGER, b REAL, c TEXT, d BLOB, e TEXT) STRICT"));
  const std::string odd("z\0\xff\n", 4);
  {
    auto insert = database->prepare("INSERT INTO t VALUES(?,?,?,?,?)");
    ASSERT_TRUE(insert);
    ASSERT_TRUE(insert->put(-5).put_real(0.1).put_text(odd).put_blob(odd).put_null().run());
    ASSERT_TRUE(insert->put(6).put_real(-0.5).put_text({}).put_blob({}).put_text("e").run());
  }
  auto select = database->prepare("SELECT a, b, c, d, e FROM t ORDER BY rowid");
  ASSERT_TRUE(select);
  ASSERT_TRUE(*select->step());
  EXPECT_EQ(select->integer(0), -5);
  EXPECT_EQ(select->real(1), 0.1);
  EXPECT_EQ(select->text(2), odd);
  EXPECT_EQ(select->blob(3), odd);
  EXPECT_TRUE(select->is_null(4));
  ASSERT_TRUE(*select->step());
  EXPECT_FALSE(select->is_null(2)) << "an empty text is not an absent one";
  EXPECT_FALSE(select->is_null(3));
  EXPECT_EQ(select->text(4), "e");
  EXPECT_FALSE(*select->step());
}

TEST_F(SqliteTest, RollsBackWhatIsNotCommitted) {
  const auto database = open();
  ASSERT_TRUE(database->execute("CREATE TABLE t(a INTEGER) STRICT"));
  {
    auto writing = SqliteTransaction::begin(*database, Kind::writing);
    ASSERT_TRUE(writing);
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES(1)"));
  }
  EXPECT_EQ(*database->integer("SELECT count(*) FROM t"), 0);
  {
    auto writing = SqliteTransaction::begin(*database, Kind::writing);
    ASSERT_TRUE(writing);
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES(1)"));
    ASSERT_TRUE(writing->commit());
  }
  EXPECT_EQ(*open()->integer("SELECT count(*) FROM t"), 1);
}

TEST_F(SqliteTest, ABoundedWaitForAnotherWriterEndsAsUnavailable) {
  const auto first = open();
  SqliteSettings hasty;
  hasty.patience = std::chrono::milliseconds(30);
  const auto second = open(hasty);
  auto writing = SqliteTransaction::begin(*first, Kind::writing);
  ASSERT_TRUE(writing);
  const auto refused = SqliteTransaction::begin(*second, Kind::writing);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(refused.error().message.find(path()), std::string::npos);
  EXPECT_NE(refused.error().message.find("another process is writing"), std::string::npos);
  ASSERT_TRUE(writing->commit());
  EXPECT_TRUE(SqliteTransaction::begin(*second, Kind::writing));
}

TEST_F(SqliteTest, WaitsHeedTheCall) {
  const auto first = open();
  const auto second = open();
  const auto writing = SqliteTransaction::begin(*first, Kind::writing);
  ASSERT_TRUE(writing);
  second->obey(Call::within(std::chrono::milliseconds(20)));
  EXPECT_EQ(SqliteTransaction::begin(*second, Kind::writing).error().kind, ErrorKind::timed_out);
  std::stop_source source;
  source.request_stop();
  second->obey(Call{.stop = source.get_token()});
  EXPECT_EQ(SqliteTransaction::begin(*second, Kind::writing).error().kind, ErrorKind::cancelled);
}

TEST_F(SqliteTest, ALongStatementEndsWhenNobodyWantsItsAnswer) {
  const auto database = open();
  database->obey(Call::within(std::chrono::milliseconds(20)));
  const auto endless = database->integer(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n");
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().kind, ErrorKind::timed_out);
  database->obey(Call{});
  EXPECT_EQ(*database->integer("SELECT 41 + 1"), 42);
}

TEST_F(SqliteTest, AQueryOnlyHandleRefusesToWrite) {
  ASSERT_TRUE(open()->execute("CREATE TABLE t(a INTEGER) STRICT"));
  const auto reader = open({.query_only = true});
  EXPECT_FALSE(reader->execute("INSERT INTO t VALUES(1)"));
  EXPECT_EQ(*reader->integer("SELECT count(*) FROM t"), 0);
}

TEST_F(SqliteTest, NamesAFileThatIsNoDatabase) {
  std::ofstream(path()) << std::string(20'000, 'x');
  const auto database = SqliteDatabase::open(path(), {});
  ASSERT_FALSE(database);
  EXPECT_EQ(database.error().kind, ErrorKind::corrupt);
  EXPECT_NE(database.error().message.find(path()), std::string::npos);
}

TEST_F(SqliteTest, LeavesADatabaseOfAnotherProgramAsItIs) {
  ASSERT_TRUE(open()->execute("PRAGMA journal_mode=DELETE;CREATE TABLE notes(text TEXT)"));
  const auto size = std::filesystem::file_size(path());
  const auto refused = SqliteDatabase::open(path(), {.application_id = 77});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
  EXPECT_NE(refused.error().message.find("another program"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path()), size);
  EXPECT_FALSE(std::filesystem::exists(path() + "-wal"));
}

TEST_F(SqliteTest, NamesAMissingFolderAndAFolderInPlaceOfAFile) {
  const auto missing = SqliteDatabase::open((folder_ / "no" / "x.db").string(), {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_NE(missing.error().message.find((folder_ / "no").string()), std::string::npos);
  EXPECT_EQ(SqliteDatabase::open(folder_.string(), {}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(SqliteDatabase::open("", {}).error().kind, ErrorKind::invalid);
}

TEST_F(SqliteTest, ReportsBadStatementsWithTheirText) {
  const auto database = open();
  const auto bad = database->prepare("SELEKT 1");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::internal);
  EXPECT_NE(bad.error().message.find("SELEKT"), std::string::npos);
}

}  // namespace
}  // namespace cdx
