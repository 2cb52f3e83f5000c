#include "image/cache.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>
#include <vector>

namespace cdx::image {
namespace {

namespace fs = std::filesystem;

class PictureCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("creatordex-cache-" + std::to_string(getpid()) + "-" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::unique_ptr<PictureCache> open(std::uint64_t max_bytes = 1 << 20) const {
    auto out = PictureCache::open({folder_.string(), max_bytes});
    EXPECT_TRUE(out) << out.error().message;
    return std::move(*out);
  }
  static PictureCache::Key key(int number, std::string kind = "clip", int version = 1) {
    return {sha256(std::to_string(number)), std::move(kind), version};
  }
  static std::string content(int number, std::size_t bytes = 1000) {
    std::mt19937 random(static_cast<unsigned>(number));
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(random()));
    return out;
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      if (entry.is_regular_file()) out.push_back(entry.path());
    return out;
  }

  fs::path folder_;
};

TEST_F(PictureCacheTest, GivesBackWhatWasPutAlsoAfterAStart) {
  {
    const auto cache = open();
    EXPECT_FALSE(cache->get(key(1)));
    ASSERT_TRUE(cache->put(key(1), content(1)));
    ASSERT_TRUE(cache->put(key(2), ""));
    EXPECT_EQ(cache->get(key(1)), content(1));
    EXPECT_EQ(cache->get(key(2)), "");
  }
  const auto cache = open();
  EXPECT_EQ(cache->get(key(1)), content(1));
  EXPECT_FALSE(cache->get(key(1, "thumb-256"))) << "another kind";
  EXPECT_FALSE(cache->get(key(1, "clip", 2))) << "another version";
  EXPECT_FALSE(cache->get(key(3)));
}

TEST_F(PictureCacheTest, KeepsToItsLimitAndThrowsOutWhatWasNotAskedFor) {
  const auto cache = open(20'000);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(cache->put(key(i), content(i)));
  for (int round = 0; round < 30; ++round) {
    EXPECT_TRUE(cache->get(key(3))) << "asked for all the time";
    ASSERT_TRUE(cache->put(key(100 + round), content(100 + round)));
    std::uint64_t on_disk = 0;
    for (const auto& file : files()) on_disk += fs::file_size(file);
    EXPECT_LE(on_disk, 20'000U);
    EXPECT_EQ(on_disk, cache->bytes());
  }
  EXPECT_FALSE(cache->get(key(0)));
  EXPECT_EQ(cache->get(key(129)), content(129));
}

TEST_F(PictureCacheTest, ASmallerLimitIsKeptToFromTheStart) {
  {
    const auto cache = open();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(cache->put(key(i), content(i)));
  }
  EXPECT_LE(open(10'000)->bytes(), 10'000U);
  EXPECT_LE(files().size(), 9U);
}

TEST_F(PictureCacheTest, WhatIsTooLargeIsNotKeptAndThrowsNothingOut) {
  const auto cache = open(10'000);
  ASSERT_TRUE(cache->put(key(1), content(1)));
  ASSERT_TRUE(cache->put(key(2), content(2, 9'000)));
  EXPECT_FALSE(cache->get(key(2)));
  EXPECT_TRUE(cache->get(key(1)));
}

TEST_F(PictureCacheTest, DamagedFilesAreAbsentWhereverTheDamageIs) {
  const auto cache = open();
  ASSERT_TRUE(cache->put(key(1), content(1, 100)));
  const auto path = files().at(0);
  std::string whole(124, '\0');
  std::ifstream(path, std::ios::binary).read(whole.data(), 124);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    std::ofstream(path, std::ios::binary) << damaged;
    EXPECT_FALSE(cache->get(key(1))) << "byte " << at;
    EXPECT_FALSE(fs::exists(path)) << "a damaged file is in the way";
  }
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    std::ofstream(path, std::ios::binary) << whole.substr(0, length);
    EXPECT_FALSE(cache->get(key(1))) << "cut to " << length;
  }
  std::ofstream(path, std::ios::binary) << whole << "more";
  EXPECT_FALSE(cache->get(key(1)));
  std::ofstream(path, std::ios::binary) << whole;
  EXPECT_EQ(cache->get(key(1)), content(1, 100));
}

TEST_F(PictureCacheTest, AnEntryUnderAnotherNameIsNotThatEntry) {
  const auto cache = open();
  ASSERT_TRUE(cache->put(key(1), content(1)));
  const auto first = files().at(0);
  ASSERT_TRUE(cache->put(key(2), content(2)));
  for (const auto& file : files())
    if (file != first) fs::copy_file(first, file, fs::copy_options::overwrite_existing);
  EXPECT_FALSE(cache->get(key(2)));
  EXPECT_EQ(cache->get(key(1)), content(1));
}

TEST_F(PictureCacheTest, FilesOfOthersAreLeftAlone) {
  fs::create_directories(folder_ / "ab");
  std::ofstream(folder_ / "notes.txt") << "mine";
  std::ofstream(folder_ / "ab" / "short.clip.v1") << "mine too";
  fs::create_directories(folder_ / "ab" / (std::string(62, 'c') + ".clip.v1"));
  const auto cache = open(100);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(cache->put(key(i), content(i, 0)));
  EXPECT_TRUE(fs::exists(folder_ / "notes.txt"));
  EXPECT_TRUE(fs::exists(folder_ / "ab" / "short.clip.v1"));
}

TEST_F(PictureCacheTest, ErasesEverythingMadeOfOneOriginal) {
  const auto cache = open();
  const auto other = open();  // as another process would have it
  ASSERT_TRUE(cache->put(key(1, "clip"), content(1)));
  ASSERT_TRUE(other->put(key(1, "thumb-256"), content(1)));
  ASSERT_TRUE(cache->put(key(2), content(2)));
  ASSERT_TRUE(cache->erase(key(1).original));
  EXPECT_FALSE(cache->get(key(1, "clip")));
  EXPECT_FALSE(other->get(key(1, "thumb-256")));
  EXPECT_EQ(cache->get(key(2)), content(2));
  EXPECT_EQ(files().size(), 1U);
  EXPECT_TRUE(cache->erase(key(7).original)) << "nothing there is no error";
}

TEST_F(PictureCacheTest, AFolderThatCannotBeMadeIsSaid) {
  std::ofstream(folder_.string()) << "a file where the folder should be";
  const auto cache = PictureCache::open({(folder_ / "below").string(), 1000});
  ASSERT_FALSE(cache);
  EXPECT_EQ(cache.error().kind, ErrorKind::unavailable);
}

TEST_F(PictureCacheTest, AKillAtAnyMomentLeavesWholeEntriesOrNone) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto cache = PictureCache::open({folder_.string(), 200'000});
      for (int i = 0;; ++i) static_cast<void>((*cache)->put(key(i % 40), content(i % 40, 20'000)));
    }
    usleep(static_cast<useconds_t>(2'000 + random() % 20'000));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    const auto cache = open(200'000);
    EXPECT_LE(cache->bytes(), 200'000U);
    for (int i = 0; i < 40; ++i)
      EXPECT_EQ(cache->get(key(i)).value_or(content(i, 20'000)), content(i, 20'000));
  }
}

TEST_F(PictureCacheTest, ManyThreadsMayUseItAtOnce) {
  const auto cache = open(60'000);
  std::atomic<int> wrong = 0, hits = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<unsigned>(t));
      for (int i = 0; i < 300; ++i) {
        const int number = static_cast<int>(random() % 80);
        if (i % 3 == 0 && !cache->put(key(number), content(number))) ++wrong;
        if (const auto found = cache->get(key(number))) ++(*found == content(number) ? hits : wrong);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(hits, 0);
  EXPECT_LE(cache->bytes(), 60'000U);
}

}  // namespace
}  // namespace cdx::image
