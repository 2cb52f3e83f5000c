#include "io/disk.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <set>
#include <thread>

#include "support/scratch.h"
#include "support/simulated_disk.h"

namespace cdx {
namespace {

std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string some_text(std::size_t size, std::size_t salt = 0) {
  std::string out(size, ' ');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + (i * 7 + i / 512 + salt) % 26);
  return out;
}

void write_file(Disk& disk, const std::string& path, std::string_view text) {
  auto file = disk.create(path);
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_TRUE((*file)->append(as_bytes(text)));
  ASSERT_TRUE((*file)->sync());
}

std::string read_back(const Disk& disk, const std::string& path) {
  const auto mapped = disk.map(path);
  EXPECT_TRUE(mapped) << mapped.error().message;
  return mapped ? text_of((*mapped)->bytes()) : "";
}

// A disk and a folder of it to play in.
struct World {
  std::unique_ptr<SimulatedDisk> simulated;
  Disk* disk = nullptr;
  std::string folder;
};

// The contract of Disk: every twin is a row.
class DiskContract : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "posix") {
      const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
      const auto name = "cdx_disk_" + std::to_string(::getpid()) + "_" + test.substr(0, test.find('/'));
      world_.folder = (std::filesystem::temp_directory_path() / name).string();
      world_.disk = &posix_disk();
    } else {
      world_.simulated = std::make_unique<SimulatedDisk>();
      world_.folder = "/somewhere/deep";
      world_.disk = world_.simulated.get();
    }
    ASSERT_TRUE(disk().make_folder(world_.folder));
  }
  void TearDown() override {
    if (GetParam() == "posix") std::filesystem::remove_all(world_.folder);
  }
  Disk& disk() { return *world_.disk; }
  std::string path(const std::string& name) const { return world_.folder + "/" + name; }
  // The error has the kind and begins with the path.
  template <class T>
  void expect_error(const Result<T>& result, ErrorKind kind, const std::string& place) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, kind) << result.error().message;
    EXPECT_EQ(result.error().message.rfind(place + ": cannot ", 0), 0U) << result.error().message;
  }

  World world_;
};

TEST_P(DiskContract, GivesBackWhatWasAppendedInPiecesOfAnySize) {
  auto file = disk().create(path("a"));
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->size(), 0U);
  std::string expected;
  for (const std::size_t size : {0U, 1U, 4095U, 100'000U, 262'143U, 262'144U, 262'145U, 3U, 1'500'003U, 7U}) {
    const auto piece = some_text(size, expected.size());
    ASSERT_TRUE((*file)->append(as_bytes(piece)));
    expected += piece;
    EXPECT_EQ((*file)->size(), expected.size());
    if (size % 2 == 0) {
      ASSERT_TRUE((*file)->sync());
      EXPECT_TRUE(read_back(disk(), path("a")) == expected);
    }
  }
  ASSERT_TRUE((*file)->sync());
  EXPECT_TRUE(read_back(disk(), path("a")) == expected);
}

TEST_P(DiskContract, AppendsBehindTheEndOfAnOpenedFile) {
  write_file(disk(), path("a"), "first ");
  auto file = disk().open_end(path("a"));
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->size(), 6U);
  ASSERT_TRUE((*file)->append(as_bytes("second")));
  ASSERT_TRUE((*file)->sync());
  EXPECT_EQ(read_back(disk(), path("a")), "first second");
}

TEST_P(DiskContract, CutsAFileAndGoesOnThere) {
  auto file = disk().create(path("a"));
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->append(as_bytes("0123456789")));
  ASSERT_TRUE((*file)->truncate(4));  // not synced yet: also what waits is cut
  EXPECT_EQ((*file)->size(), 4U);
  ASSERT_TRUE((*file)->append(as_bytes("abc")));
  ASSERT_TRUE((*file)->sync());
  EXPECT_EQ(read_back(disk(), path("a")), "0123abc");
  ASSERT_TRUE((*file)->truncate(0));
  ASSERT_TRUE((*file)->sync());
  EXPECT_EQ(read_back(disk(), path("a")), "");
}

TEST_P(DiskContract, KeepsMappedBytesThroughRemoveRenameAndCreate) {
  write_file(disk(), path("removed"), "removed");
  write_file(disk(), path("replaced"), "replaced");
  write_file(disk(), path("created"), "created again");
  const auto removed = disk().map(path("removed"));
  const auto replaced = disk().map(path("replaced"));
  const auto created = disk().map(path("created"));
  ASSERT_TRUE(removed && replaced && created);
  ASSERT_TRUE(disk().remove(path("removed")));
  write_file(disk(), path("new"), "new");
  ASSERT_TRUE(disk().rename(path("new"), path("replaced")));
  write_file(disk(), path("created"), "x");
  EXPECT_EQ(text_of((*removed)->bytes()), "removed");
  EXPECT_EQ(text_of((*replaced)->bytes()), "replaced");
  EXPECT_EQ(text_of((*created)->bytes()), "created again");
  EXPECT_EQ(read_back(disk(), path("replaced")), "new");
  EXPECT_EQ(read_back(disk(), path("created")), "x");
}

TEST_P(DiskContract, MapsFromAPageBorderAndTakesHints) {
  write_file(disk(), path("a"), some_text(10'000));
  write_file(disk(), path("empty"), "");
  for (const auto* name : {"a", "empty"}) {
    const auto mapped = disk().map(path(name));
    ASSERT_TRUE(mapped);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>((*mapped)->bytes().data()) % 4096, 0U);
    (*mapped)->will_need(0, 5);
    (*mapped)->will_need(9'999, ~std::uint64_t{0});
    (*mapped)->will_need(~std::uint64_t{0}, ~std::uint64_t{0});
    (*mapped)->random_access();
    EXPECT_EQ((*mapped)->bytes().size(), name == std::string("a") ? 10'000U : 0U);
  }
}

TEST_P(DiskContract, ListsFilesSortedAndNoFolders) {
  EXPECT_EQ(*disk().list(world_.folder), std::vector<std::string>());
  for (const auto* name : {"b", "a", "a-10", "a-9"}) write_file(disk(), path(name), name);
  ASSERT_TRUE(disk().make_folder(path("folder")));
  write_file(disk(), path("folder/inside"), "");
  EXPECT_EQ(*disk().list(world_.folder), (std::vector<std::string>{"a", "a-10", "a-9", "b"}));
  EXPECT_EQ(*disk().list(world_.folder + "/"), (std::vector<std::string>{"a", "a-10", "a-9", "b"}));
  EXPECT_EQ(*disk().list(path("folder")), std::vector<std::string>{"inside"});
}

TEST_P(DiskContract, MakesFoldersWithTheirParentsAndAgain) {
  ASSERT_TRUE(disk().make_folder(path("x/y/z")));
  ASSERT_TRUE(disk().make_folder(path("x/y/z")));
  ASSERT_TRUE(disk().make_folder(path("x/y/z/")));
  write_file(disk(), path("x/y/z/file"), "there");
  EXPECT_EQ(read_back(disk(), path("x/y/z/file")), "there");
  expect_error(disk().make_folder(path("x/y/z/file")), ErrorKind::unavailable, path("x/y/z/file"));
}

TEST_P(DiskContract, RenamesOverWhatWasThere) {
  write_file(disk(), path("a"), "a");
  write_file(disk(), path("b"), "b");
  ASSERT_TRUE(disk().rename(path("a"), path("b")));
  ASSERT_TRUE(disk().sync_folder(world_.folder));
  EXPECT_EQ(*disk().list(world_.folder), std::vector<std::string>{"b"});
  EXPECT_EQ(read_back(disk(), path("b")), "a");
  ASSERT_TRUE(disk().rename(path("b"), path("b")));
  EXPECT_EQ(read_back(disk(), path("b")), "a");
}

TEST_P(DiskContract, NamesWhatIsNotThere) {
  const auto gone = path("gone"), lost = path("no/such"), no = path("no");
  expect_error(disk().map(gone), ErrorKind::not_found, gone);
  expect_error(disk().open_end(gone), ErrorKind::not_found, gone);
  expect_error(disk().rename(gone, path("b")), ErrorKind::not_found, gone);
  expect_error(disk().create(lost), ErrorKind::not_found, lost);
  expect_error(disk().list(no), ErrorKind::not_found, no);
  expect_error(disk().sync_folder(no), ErrorKind::not_found, no);
  EXPECT_TRUE(disk().remove(gone));
  EXPECT_TRUE(disk().remove(lost));
}

TEST_P(DiskContract, RefusesToTakeAFolderForAFile) {
  ASSERT_TRUE(disk().make_folder(path("folder")));
  write_file(disk(), path("file"), "");
  EXPECT_FALSE(disk().create(path("folder")));
  EXPECT_FALSE(disk().open_end(path("folder")));
  EXPECT_FALSE(disk().map(path("folder")));
  EXPECT_FALSE(disk().remove(path("folder")));
  EXPECT_FALSE(disk().rename(path("file"), path("folder")));
  EXPECT_TRUE(disk().list(path("folder")));
}

TEST_P(DiskContract, ReplacesAFileAsAWhole) {
  ASSERT_TRUE(replace_file(disk(), path("a"), as_bytes("old")));
  write_file(disk(), path("a.new"), "left by a crash, longer than what follows");
  ASSERT_TRUE(replace_file(disk(), path("a"), as_bytes("new")));
  EXPECT_EQ(read_back(disk(), path("a")), "new");
  EXPECT_EQ(*disk().list(world_.folder), std::vector<std::string>{"a"});
  const auto lost = path("no/such");
  EXPECT_EQ(replace_file(disk(), lost, as_bytes("x")).error().kind, ErrorKind::not_found);
}

TEST_P(DiskContract, ServesManyThreads) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 20; ++i) {
        const auto own = path("file-" + std::to_string(t));
        const auto text = some_text(1'000 * t + i);
        if (!replace_file(disk(), own, as_bytes(text))) ++wrong;
        const auto mapped = disk().map(own);
        if (!mapped || text_of((*mapped)->bytes()) != text) ++wrong;
        if (!disk().list(world_.folder)) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(disk().list(world_.folder)->size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(Twins, DiskContract, testing::Values("posix", "simulated"),
                         [](const auto& row) { return row.param; });

TEST(DiskPaths, NameTheFolderThatKeepsAName) {
  EXPECT_EQ(folder_of("a"), ".");
  EXPECT_EQ(folder_of("/a"), "/");
  EXPECT_EQ(folder_of("/a/b"), "/a");
  EXPECT_EQ(folder_of("a/b/c"), "a/b");
}

// The system refuses to let a file grow beyond a limit: a real write that fails half-way.
TEST(PosixDisk, TellsAFailedWriteAndRefusesTheFileFromThenOn) {
  const test::Scratch folder;
  const auto path = folder.file("a");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  {
    auto file = posix_disk().create(path);
    ASSERT_TRUE(file);
    const rlimit small{1'000'000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto failed = (*file)->append(as_bytes(some_text(1'500'000)));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(failed.error().message, path + ": cannot write: File too large");
    // The limit is gone, the error stays.
    EXPECT_EQ((*file)->append(as_bytes("x")).error().message, failed.error().message);
    EXPECT_EQ((*file)->sync().error().message, failed.error().message);
    EXPECT_EQ((*file)->truncate(0).error().message, failed.error().message);
  }
  (void)std::signal(SIGXFSZ, handler);
  EXPECT_EQ(std::filesystem::file_size(path), 1'000'000U);
}

TEST(PosixDisk, OpensNoDeviceAsAFile) {
  EXPECT_EQ(posix_disk().open_end("/dev/null").error().kind, ErrorKind::invalid);
  EXPECT_EQ(posix_disk().map("/dev/zero").error().kind, ErrorKind::invalid);
}

class SimulatedDiskTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(disk_.make_folder("/d")); }
  SimulatedDisk disk_;
};

TEST_F(SimulatedDiskTest, KeepsWhatWasSyncedThroughAnyPowerLoss) {
  const auto text = some_text(5'000);
  write_file(disk_, "/d/a", text);
  ASSERT_TRUE(disk_.sync_folder("/d"));
  auto file = disk_.open_end("/d/a");
  ASSERT_TRUE((*file)->append(as_bytes(some_text(3'000, 5))));
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto after = disk_.lose_power(seed);
    const auto found = read_back(*after, "/d/a");
    ASSERT_GE(found.size(), text.size());
    ASSERT_LE(found.size(), text.size() + 3'000);
    ASSERT_TRUE(found.substr(0, text.size()) == text);
  }
}

TEST_F(SimulatedDiskTest, LosesKeepsTearsAndReordersWhatWasNot) {
  write_file(disk_, "/d/a", "");
  ASSERT_TRUE(disk_.sync_folder("/d"));
  auto file = disk_.open_end("/d/a");
  for (const char letter : {'a', 'b'}) ASSERT_TRUE((*file)->append(as_bytes(std::string(1024, letter))));
  bool none = false, all = false, torn = false, reordered = false, grown = false;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const auto found = read_back(*disk_.lose_power(seed), "/d/a");
    for (std::size_t at = 0; at < found.size(); at += 512) {
      const auto sector = found.substr(at, 512);  // old or new, never a mixture
      ASSERT_EQ(sector.find_first_not_of(sector[0]), std::string::npos);
      ASSERT_TRUE(sector[0] == '\0' || sector[0] == (at < 1024 ? 'a' : 'b'));
    }
    const bool first = found.find('a') != std::string::npos, second = found.find('b') != std::string::npos;
    none |= found.empty();
    all |= found == std::string(1024, 'a') + std::string(1024, 'b');
    torn |= found.size() >= 1024 && (found[0] == 'a') != (found[512] == 'a');
    reordered |= second && !first;
    grown |= !found.empty() && !first && !second;
  }
  EXPECT_TRUE(none && all && torn && reordered && grown);
}

TEST_F(SimulatedDiskTest, KeepsNamesOnlyOfASyncedFolderAndRenamesAtOnce) {
  write_file(disk_, "/d/a", "old");
  ASSERT_TRUE(disk_.sync_folder("/d"));
  write_file(disk_, "/d/b", "new");
  ASSERT_TRUE(disk_.rename("/d/b", "/d/a"));
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto after = disk_.lose_power(seed);
    std::string all;
    for (const auto& path : after->files()) all += path + "=" + read_back(*after, path) + " ";
    seen.insert(all);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"/d/a=old ", "/d/a=old /d/b=new ", "/d/a=new "}));
  ASSERT_TRUE(disk_.sync_folder("/d"));
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    ASSERT_EQ(read_back(*disk_.lose_power(seed), "/d/a"), "new");
}

TEST_F(SimulatedDiskTest, RemovesAndReplacesByChanceUntilTheFolderIsSynced) {
  write_file(disk_, "/d/a", "old");
  ASSERT_TRUE(disk_.sync_folder("/d"));
  write_file(disk_, "/d/a", "new");
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto after = disk_.lose_power(seed);
    seen.insert(after->files().empty() ? "none" : read_back(*after, "/d/a"));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"none", "old", "new"}));
}

TEST_F(SimulatedDiskTest, LosesForGoodWhatAFailingSyncShouldHaveKept) {
  write_file(disk_, "/d/a", "");
  ASSERT_TRUE(disk_.sync_folder("/d"));
  bool lost = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SimulatedDisk disk(seed);
    ASSERT_TRUE(disk.make_folder("/d"));
    auto file = disk.create("/d/a");
    ASSERT_TRUE((*file)->append(as_bytes("bytes")));
    disk.fail_call(disk.calls(), Fault::sync_fails);
    const auto failed = (*file)->sync();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "/d/a: cannot synchronise: Input/output error");
    EXPECT_EQ((*file)->append(as_bytes("x")).error().message, failed.error().message);
    EXPECT_EQ(read_back(disk, "/d/a"), "bytes");  // still in the cache
    auto again = disk.open_end("/d/a");
    ASSERT_TRUE((*again)->sync());
    ASSERT_TRUE(disk.sync_folder("/d"));
    lost |= read_back(*disk.lose_power(seed), "/d/a") != "bytes";
  }
  EXPECT_TRUE(lost);
}

TEST_F(SimulatedDiskTest, FailsTheCallItWasTold) {
  const auto failing = [&](Fault fault, const std::function<std::string()>& call) {
    disk_.fail_call(disk_.calls(), fault);
    return call();
  };
  const auto message = [](const auto& result) { return result ? "success" : result.error().message; };
  auto file = disk_.create("/d/a");
  const auto text = some_text(2'000);
  EXPECT_EQ(failing(Fault::no_space, [&] { return message((*file)->append(as_bytes(text))); }),
            "/d/a: cannot write: No space left on device");
  file = disk_.open_end("/d/a");
  EXPECT_EQ(failing(Fault::short_write, [&] { return message((*file)->append(as_bytes(text))); }),
            "/d/a: cannot write: Input/output error");
  EXPECT_EQ(failing(Fault::map_fails, [&] { return message(disk_.map("/d/a")); }),
            "/d/a: cannot map: Cannot allocate memory");
  EXPECT_EQ(failing(Fault::rename_fails, [&] { return message(disk_.rename("/d/a", "/d/b")); }),
            "/d/a: cannot rename to /d/b: Input/output error");
  EXPECT_EQ(failing(Fault::map_fails, [&] { return message(disk_.remove("/d/a")); }),
            "/d/a: cannot remove: Input/output error");
  EXPECT_EQ(disk_.files(), std::vector<std::string>{"/d/a"});
  const auto calls = disk_.calls();
  disk_.stop_after(calls + 1);
  EXPECT_TRUE(disk_.map("/d/a"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(message(disk_.map("/d/a")), "/d/a: cannot map: the machine is off");
  EXPECT_EQ(disk_.calls(), calls + 4);
}

TEST_F(SimulatedDiskTest, LeavesABeginningOfAWriteThatFails) {
  bool nothing = false, something = false;
  const auto text = some_text(30);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SimulatedDisk disk(seed);
    auto file = disk.create("/a");
    disk.fail_call(1, Fault::short_write);
    ASSERT_FALSE((*file)->append(as_bytes(text)));
    const auto found = read_back(disk, "/a");
    EXPECT_EQ(found, text.substr(0, found.size()));
    nothing |= found.empty();
    something |= !found.empty();
  }
  EXPECT_TRUE(nothing && something);
}

TEST_F(SimulatedDiskTest, RepeatsItselfForASeed) {
  auto file = disk_.create("/d/a");
  for (std::size_t i = 0; i < 20; ++i) ASSERT_TRUE((*file)->append(as_bytes(some_text(300 * i, i))));
  std::set<std::string> different;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto one = disk_.lose_power(seed), other = disk_.lose_power(seed);
    ASSERT_EQ(one->files(), other->files());
    for (const auto& path : one->files()) {
      ASSERT_TRUE(one->bytes(path) == other->bytes(path));
      different.insert(text_of(one->bytes(path)));
    }
  }
  EXPECT_GT(different.size(), 10U);
}

TEST_F(SimulatedDiskTest, KeepsEverythingWhenOnlyTheProcessEnds) {
  auto file = disk_.create("/d/a");
  ASSERT_TRUE((*file)->append(as_bytes("never synced")));
  disk_.stop_after(disk_.calls());
  const auto after = disk_.end_process();
  EXPECT_EQ(read_back(*after, "/d/a"), "never synced");
  bool lost = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) lost |= after->lose_power(seed)->files().empty();
  EXPECT_TRUE(lost);
}

TEST_F(SimulatedDiskTest, FlipsWhatIsStored) {
  write_file(disk_, "/d/a", "abc");
  ASSERT_TRUE(disk_.sync_folder("/d"));
  disk_.flip_byte("/d/a", 1, 0x20);
  EXPECT_EQ(read_back(disk_, "/d/a"), "aBc");
  EXPECT_EQ(read_back(*disk_.lose_power(1), "/d/a"), "aBc");
  disk_.put("/d/a", {std::byte{'x'}});
  EXPECT_EQ(read_back(*disk_.lose_power(1), "/d/a"), "x");
}

// Whatever fails or wherever the power goes: readers find the old contents or the new ones, and the new ones
// once success was told.
TEST(ReplaceFile, IsOldOrNewWhateverFails) {
  const auto old_text = some_text(3'000, 1), new_text = some_text(5'000, 2);
  const auto prepared = [&](std::uint64_t seed) {
    auto disk = std::make_unique<SimulatedDisk>(seed);
    EXPECT_TRUE(replace_file(*disk, "/a", as_bytes(old_text)));
    return disk;
  };
  const auto calm = prepared(0);
  const auto first = calm->calls();
  ASSERT_TRUE(replace_file(*calm, "/a", as_bytes(new_text)));
  const auto last = calm->calls();
  constexpr std::array faults = {Fault::no_space,   Fault::io_error,  Fault::short_write,
                                 Fault::sync_fails, Fault::map_fails, Fault::rename_fails};
  for (std::uint64_t at = first; at <= last; ++at) {
    for (std::size_t kind = 0; kind <= faults.size(); ++kind) {
      for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const auto disk = prepared(seed);
        if (kind < faults.size())
          disk->fail_call(at, faults[kind]);
        else
          disk->stop_after(at);
        const auto done = replace_file(*disk, "/a", as_bytes(new_text));
        ASSERT_EQ(done.has_value(), at == last);
        const auto running = text_of(disk->bytes("/a"));
        ASSERT_TRUE(running == old_text || running == new_text);
        const auto found = read_back(*disk->lose_power(seed), "/a");
        ASSERT_TRUE(found == new_text || (!done && found == old_text)) << "call " << at << " seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace cdx
