#include "io/file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cdx {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("cdx_file_" + std::to_string(::getpid()) + "_" + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

TEST_F(FileTest, ReplacesTheWholeFileOrNothing) {
  ASSERT_TRUE(replace_file(path("a"), "first"));
  {
    auto draft = ReplacingFile::open(path("a"));
    ASSERT_TRUE(draft);
    ASSERT_TRUE(draft->append("never finished"));
    EXPECT_EQ(*read_file(path("a"), 100), "first");
  }
  EXPECT_EQ(*read_file(path("a"), 100), "first");
  EXPECT_EQ(files(), 1U);
  ASSERT_TRUE(replace_file(path("a"), "second"));
  EXPECT_EQ(*read_file(path("a"), 100), "second");
  EXPECT_EQ(files(), 1U);
}

TEST_F(FileTest, WritesLargeAndSmallPiecesInOrder) {
  std::string expected;
  auto draft = ReplacingFile::open(path("a"));
  ASSERT_TRUE(draft);
  for (std::size_t i = 0; i < 40; ++i) {
    const std::string piece(i * 20'000, static_cast<char>('a' + i % 26));
    expected += piece;
    ASSERT_TRUE(draft->append(piece));
  }
  ASSERT_TRUE(draft->commit());
  EXPECT_TRUE(*read_file(path("a"), expected.size()) == expected);
}

TEST_F(FileTest, RefusesToWriteAfterTheEnd) {
  auto draft = ReplacingFile::open(path("a"));
  ASSERT_TRUE(draft && draft->append("x") && draft->commit());
  EXPECT_EQ(draft->append("y").error().kind, ErrorKind::internal);
  EXPECT_EQ(draft->commit().error().kind, ErrorKind::internal);
}

TEST_F(FileTest, MapsBytesThatOutliveTheirReplacement) {
  ASSERT_TRUE(replace_file(path("a"), "old bytes"));
  const auto mapped = MappedFile::open(path("a"));
  ASSERT_TRUE(mapped);
  ASSERT_TRUE(replace_file(path("a"), "new"));
  EXPECT_EQ(mapped->bytes(), "old bytes");
  const auto again = MappedFile::open(path("a"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->bytes(), "new");
}

TEST_F(FileTest, MapsAnEmptyFileAsNoBytes) {
  ASSERT_TRUE(replace_file(path("a"), ""));
  const auto mapped = MappedFile::open(path("a"));
  ASSERT_TRUE(mapped);
  EXPECT_TRUE(mapped->bytes().empty());
}

TEST_F(FileTest, NamesThePathAndTheReason) {
  const auto absent = MappedFile::open(path("absent"));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::not_found);
  EXPECT_NE(absent.error().message.find(path("absent")), std::string::npos);
  const auto folder = MappedFile::open(folder_.string());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().kind, ErrorKind::invalid);
  EXPECT_EQ(replace_file(path("no/such/folder"), "x").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(replace_file(path("a"), "12345"));
  EXPECT_EQ(read_file(path("a"), 4).error().kind, ErrorKind::invalid);
}

TEST_F(FileTest, LockKeepsOthersOutAndNamesTheHolder) {
  auto held = LockFile::acquire(path("lock"));
  ASSERT_TRUE(held);
  const auto second = LockFile::acquire(path("lock"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos);
  { const LockFile released = std::move(*held); }
  EXPECT_TRUE(LockFile::acquire(path("lock")));
}

TEST_F(FileTest, LockEndsWithTheProcessThatHeldIt) {
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto held = LockFile::acquire(path("lock"));
    ::_exit(held ? 7 : 1);  // no destructor runs
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 7);
  EXPECT_TRUE(LockFile::acquire(path("lock")));
}

}  // namespace
}  // namespace cdx
