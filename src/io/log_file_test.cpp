#include "io/log_file.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <random>

#include "base/hash.h"
#include "support/scratch.h"
#include "support/simulated_disk.h"

namespace cdx {
namespace {

using Records = std::vector<std::string>;
using Random = std::mt19937_64;

constexpr auto path = "/log";
constexpr std::size_t head_bytes = 16, record_head_bytes = 16;

std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
std::vector<std::byte> contents_of(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}
std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
std::size_t stored_bytes(std::size_t record) { return record_head_bytes + (record + 7) / 8 * 8; }

struct Opened {
  Result<LogFile> log;
  Records records;
  LogFile::Replay told;
};

Opened open_log(Disk& disk) {
  Records records;
  LogFile::Replay told;
  auto log = LogFile::open(
      disk, path,
      [&](std::span<const std::byte> record) {
        records.push_back(text_of(record));
        return Status();
      },
      &told);
  return {std::move(log), std::move(records), told};
}

// A log with these records, as it lies on the disk.
std::string log_of(const Records& records) {
  SimulatedDisk disk;
  auto log = LogFile::create(disk, path);
  EXPECT_TRUE(log);
  for (const auto& record : records) EXPECT_TRUE(log->append(as_bytes(record)));
  return text_of(disk.bytes(path));
}

Opened open_bytes(std::string_view bytes) {
  SimulatedDisk disk;
  disk.put(path, contents_of(bytes));
  return open_log(disk);
}

Records first_of(const Records& records, std::size_t count) {
  return {records.begin(), records.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::string random_record(Random& random) {
  constexpr std::array<std::size_t, 8> sizes = {0, 1, 7, 8, 90, 500, 1'500, 6'000};
  std::string out(sizes[random() % sizes.size()] + random() % 5, '\0');
  for (auto& c : out) c = static_cast<char>(random() % 3 == 0 ? 0 : random());
  return out;
}

TEST(LogFile, GivesBackRecordsOfAnySizeInOrder) {
  Records records;
  for (const std::size_t size :
       {0U, 1U, 7U, 8U, 9U, 495U, 496U, 497U, 511U, 512U, 513U, 4'096U, 0U, 0U, 1'000'003U})
    records.emplace_back(size, static_cast<char>('a' + records.size()));
  SimulatedDisk disk;
  {
    auto log = LogFile::create(disk, path);
    ASSERT_TRUE(log);
    EXPECT_EQ(log->size_bytes(), head_bytes);
    for (const auto& record : records) ASSERT_TRUE(log->append(as_bytes(record)));
    EXPECT_EQ(log->size_bytes(), disk.bytes(path).size());
  }
  auto opened = open_log(disk);
  ASSERT_TRUE(opened.log) << opened.log.error().message;
  EXPECT_TRUE(opened.records == records);
  EXPECT_EQ(opened.told.records, records.size());
  EXPECT_EQ(opened.told.bytes, disk.bytes(path).size());
  EXPECT_EQ(opened.told.torn_bytes, 0U);
  ASSERT_TRUE(opened.log->append(as_bytes("one more")));
  records.emplace_back("one more");
  EXPECT_TRUE(open_log(disk).records == records);
}

TEST(LogFile, LivesInARealFolder) {
  const test::Scratch folder;
  const auto real = folder.file("log");
  std::size_t expected = 0;
  for (int round = 0; round < 3; ++round) {
    std::size_t seen = 0;
    const auto count = [&](std::span<const std::byte> record) {
      EXPECT_EQ(record.size(), 100'000 * seen++);
      return Status();
    };
    auto log = round == 0 ? LogFile::create(posix_disk(), real) : LogFile::open(posix_disk(), real, count);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_EQ(seen, expected);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(log->append(as_bytes(std::string(100'000 * expected++, 'x'))));
    std::filesystem::resize_file(real, std::filesystem::file_size(real) + 1'000);  // zeros, as a crash leaves
  }
}

TEST(LogFile, KeepsWholeRecordsOfALogCutAnywhere) {
  const Records records = {"one", "", std::string(700, 'x'), "four", std::string(33, 'y')};
  const auto whole = log_of(records);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::size_t count = 0, end = head_bytes;
    while (count < records.size() && end + stored_bytes(records[count].size()) <= size)
      end += stored_bytes(records[count++].size());
    SimulatedDisk disk;
    disk.put(path, contents_of(whole.substr(0, size)));
    auto opened = open_log(disk);
    ASSERT_TRUE(opened.log) << size << " " << opened.log.error().message;
    ASSERT_TRUE(opened.records == first_of(records, count));
    EXPECT_EQ(opened.told.torn_bytes, size < head_bytes ? size : size - end);
    EXPECT_EQ(disk.bytes(path).size(), end);  // cut, and never longer than the head
    ASSERT_TRUE(opened.log->append(as_bytes("next")));
    EXPECT_EQ(open_log(disk).records.size(), count + 1);
  }
}

// The exact promise about a damaged byte: in the head, or in a record before the last, it is told with the
// offset and nothing is changed; in the last record it looks like a crash, and that record alone is cut.
TEST(LogFile, TellsEveryDamagedByteThatIsNotInTheLastRecord) {
  const Records records = {"first", std::string(20, 'x'), "", std::string(64, '\0'), "last"};
  const auto whole = log_of(records);
  for (const unsigned mask : {0xFFU, 0x01U, 0x80U}) {
    std::size_t begin = head_bytes, number = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      if (at >= head_bytes && at == begin + stored_bytes(records[number].size()))
        begin += stored_bytes(records[number++].size());
      auto damaged = whole;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ mask);
      SimulatedDisk disk;
      disk.put(path, contents_of(damaged));
      const auto opened = open_log(disk);
      if (at >= head_bytes && number + 1 == records.size()) {
        ASSERT_TRUE(opened.log) << at;
        EXPECT_TRUE(opened.records == first_of(records, number));
        EXPECT_EQ(opened.told.torn_bytes, stored_bytes(records.back().size()));
        continue;
      }
      ASSERT_FALSE(opened.log) << at;
      EXPECT_EQ(opened.log.error().kind, ErrorKind::corrupt);
      const auto place = "offset " + std::to_string(at < head_bytes ? 0 : begin);
      EXPECT_NE(opened.log.error().message.find(place), std::string::npos) << opened.log.error().message;
      EXPECT_EQ(opened.log.error().message.rfind("/log: ", 0), 0U);
      EXPECT_TRUE(opened.records == first_of(records, at < head_bytes ? 0 : number));
      EXPECT_EQ(text_of(disk.bytes(path)), damaged);
    }
  }
}

TEST(LogFile, TellsDamageHoweverMuchIsGoneBeforeASoundRecord) {
  const Records records = {"first", std::string(2'000, 'x'), std::string(2'000, 'y'), "last"};
  auto damaged = log_of(records);
  const auto begin = head_bytes + stored_bytes(5);
  std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(begin), stored_bytes(2'000) + 900, '\0');
  const auto opened = open_bytes(damaged);
  ASSERT_FALSE(opened.log);
  EXPECT_EQ(opened.log.error().kind, ErrorKind::corrupt);
  EXPECT_NE(opened.log.error().message.find("offset " + std::to_string(begin) + " "), std::string::npos);
}

TEST(LogFile, TakesNoRecordThatCameToAnotherPlace) {
  const Records records = {"aaaa", "bbbb", "cccc"};
  const auto whole = log_of(records);
  const auto size = stored_bytes(4);
  const auto part = [&](std::size_t i) { return whole.substr(head_bytes + i * size, size); };
  const auto head = whole.substr(0, head_bytes);
  EXPECT_EQ(open_bytes(head + part(0) + part(1) + part(2)).records, records);
  // Swapped: the first record is not where it belongs, the last one is.
  EXPECT_EQ(open_bytes(head + part(1) + part(0) + part(2)).log.error().kind, ErrorKind::corrupt);
  // A stale copy behind the end is no record.
  const auto stale = open_bytes(head + part(0) + part(0));
  ASSERT_TRUE(stale.log);
  EXPECT_EQ(stale.records, Records{"aaaa"});
  EXPECT_EQ(stale.told.torn_bytes, size);
}

// A torn record whose bytes are themselves a log must not be taken for damage before sound records.
TEST(LogFile, IsNotMisledByALogInsideARecord) {
  const auto inner = log_of({"one", "two", std::string(50, 'x')});
  auto whole = log_of({"first", inner + inner + inner});
  whole.resize(whole.size() - 20);
  const auto opened = open_bytes(whole);
  ASSERT_TRUE(opened.log);
  EXPECT_EQ(opened.records, Records{"first"});
}

TEST(LogFile, TakesATornHeadForAnEmptyLog) {
  const auto head = log_of({});
  ASSERT_EQ(head.size(), head_bytes);
  for (std::size_t written = 0; written < head_bytes; ++written) {
    for (const std::size_t zeros : {0U, 1U, 5U, 16U, 600U}) {
      SimulatedDisk disk;
      disk.put(path, contents_of(head.substr(0, written) + std::string(zeros, '\0')));
      auto opened = open_log(disk);
      ASSERT_TRUE(opened.log) << written << " " << zeros;
      EXPECT_EQ(text_of(disk.bytes(path)), head);
      ASSERT_TRUE(opened.log->append(as_bytes("x")));
      EXPECT_EQ(open_log(disk).records, Records{"x"});
    }
  }
}

TEST(LogFile, LeavesStrangeAndNewerFilesAlone) {
  const auto expect = [](const std::string& bytes, ErrorKind kind) {
    SimulatedDisk disk;
    disk.put(path, contents_of(bytes));
    const auto opened = open_log(disk);
    ASSERT_FALSE(opened.log) << bytes;
    EXPECT_EQ(opened.log.error().kind, kind) << opened.log.error().message;
    EXPECT_EQ(text_of(disk.bytes(path)), bytes);
  };
  expect("hello", ErrorKind::corrupt);
  expect("SQLite format 3 and a page or two of it", ErrorKind::corrupt);
  expect(std::string(16, '\0') + log_of({"record"}), ErrorKind::corrupt);
  auto headless = log_of({"record"});
  std::fill_n(headless.begin(), head_bytes, '\0');
  expect(headless, ErrorKind::corrupt);
  auto newer = log_of({"record"});
  newer[8] = 2;
  const auto sum = static_cast<std::uint32_t>(hash64(std::string_view(newer).substr(0, 12)));
  std::memcpy(newer.data() + 12, &sum, sizeof sum);
  expect(newer, ErrorKind::unsupported);
  SimulatedDisk disk;
  EXPECT_EQ(open_log(disk).log.error().kind, ErrorKind::not_found);
}

TEST(LogFile, NeverFailsInUnexpectedWaysOnRandomBytes) {
  Random random(7);
  const auto head = log_of({});
  for (int round = 0; round < 3'000; ++round) {
    auto bytes = random() % 2 == 0 ? head : log_of({random_record(random)});
    const auto more = random() % 300;
    for (std::size_t i = 0; i < more; ++i) bytes += static_cast<char>(random() % 4 == 0 ? random() : 0);
    if (random() % 3 == 0) bytes[random() % bytes.size()] = static_cast<char>(random());
    SimulatedDisk disk;
    disk.put(path, contents_of(bytes));
    const auto opened = open_log(disk);
    if (opened.log) {
      ASSERT_LE(disk.bytes(path).size(), std::max(bytes.size(), head_bytes));
      ASSERT_TRUE(open_log(disk).records == opened.records);
    } else {
      ASSERT_TRUE(opened.log.error().kind == ErrorKind::corrupt);
    }
  }
}

// A length that reaches beyond the file, with its own checksum right, is no record.
TEST(LogFile, BelievesNoLengthBeyondTheFile) {
  for (const std::uint32_t length : {17U, 1U << 20U, 1U << 30U, (1U << 30U) + 1, ~0U}) {
    auto bytes = log_of({}) + std::string(32, '\0');
    std::memcpy(bytes.data() + 16, &length, sizeof length);
    const auto sum = static_cast<std::uint32_t>(
        hash64({reinterpret_cast<const char*>(&length), sizeof length}, head_bytes));
    std::memcpy(bytes.data() + 20, &sum, sizeof sum);
    const auto opened = open_bytes(bytes);
    ASSERT_TRUE(opened.log);
    EXPECT_EQ(opened.told.torn_bytes, 32U);
  }
}

TEST(LogFile, ReturnsTheErrorOfAVisitAndChangesNothing) {
  const auto torn = log_of({"one", "two", "three"}) + "torn";
  SimulatedDisk disk;
  disk.put(path, contents_of(torn));
  int seen = 0;
  const auto opened = LogFile::open(disk, path, [&](std::span<const std::byte>) {
    return ++seen == 2 ? Status(fail(ErrorKind::cancelled, "enough")) : Status();
  });
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "enough");
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(text_of(disk.bytes(path)), torn);
}

TEST(LogFile, RefusesARecordTooLongAndGoesOn) {
  const auto size = LogFile::max_record_bytes + 1;
  void* const empty = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(empty, MAP_FAILED);
  SimulatedDisk disk;
  auto log = LogFile::create(disk, path);
  EXPECT_EQ(log->append({static_cast<const std::byte*>(empty), size}).error().kind, ErrorKind::invalid);
  EXPECT_TRUE(log->append(as_bytes("short")));
  EXPECT_EQ(open_log(disk).records, Records{"short"});
  ::munmap(empty, size);
}

TEST(LogFile, IsClosedForGoodAfterAnError) {
  SimulatedDisk disk;
  auto log = LogFile::create(disk, path);
  ASSERT_TRUE(log->append(as_bytes("kept")));
  const auto size = log->size_bytes();
  disk.fail_call(disk.calls(), Fault::no_space);
  const auto failed = log->append(as_bytes("lost"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "/log: cannot write: No space left on device");
  EXPECT_EQ(log->append(as_bytes("next")).error().message, failed.error().message);
  EXPECT_EQ(log->size_bytes(), size);
  EXPECT_EQ(open_log(disk).records, Records{"kept"});
}

// What must be found: every acknowledged record in order, and at most the one that was under way.
void expect_kept(const Records& found, const Records& acknowledged, const Records& asked) {
  ASSERT_GE(found.size(), acknowledged.size());
  ASSERT_LE(found.size(), std::min(acknowledged.size() + 1, asked.size()));
  ASSERT_TRUE(found == first_of(asked, found.size()));
}

// Appends until the log refuses or `most` are there; what was acknowledged is added.
void append_some(LogFile& log, Random& random, std::size_t most, Records& acknowledged, Records& asked) {
  asked = acknowledged;
  for (std::size_t i = 0; i < most; ++i) {
    asked.push_back(random_record(random));
    if (!log.append(as_bytes(asked.back()))) return;
    acknowledged.push_back(asked.back());
  }
}

std::size_t log_bytes(const SimulatedDisk& disk) {
  return disk.files().empty() ? 0 : disk.bytes(path).size();
}

// Opens after a crash, with up to three crashes on the way; no crash may make the file grow.
std::unique_ptr<SimulatedDisk> recover(std::unique_ptr<SimulatedDisk> disk, Random& random) {
  const auto before = std::max(log_bytes(*disk), head_bytes);
  for (int depth = 0; depth < 3; ++depth) {
    disk->stop_after(random() % 7);
    if (const auto opened = open_log(*disk); !opened.log) {
      EXPECT_EQ(opened.log.error().kind, ErrorKind::unavailable) << opened.log.error().message;
    }
    disk = disk->lose_power(random());
    EXPECT_LE(log_bytes(*disk), before);
  }
  return disk;
}

TEST(LogFile, KeepsEveryAcknowledgedRecordThroughPowerLosses) {
  std::size_t torn = 0, unacknowledged = 0, crashes = 0;
  for (std::uint64_t seed = 0; crashes < 2'000; ++seed) {
    Random random(seed);
    auto disk = std::make_unique<SimulatedDisk>(seed);
    Records acknowledged, asked;
    auto log = std::make_unique<LogFile>(*LogFile::create(*disk, path));
    for (int generation = 0; generation < 4; ++generation, ++crashes) {
      disk->stop_after(disk->calls() + random() % 40);
      append_some(*log, random, 20, acknowledged, asked);
      disk = recover(disk->lose_power(random()), random);
      auto opened = open_log(*disk);
      ASSERT_TRUE(opened.log) << "seed " << seed << ": " << opened.log.error().message;
      expect_kept(opened.records, acknowledged, asked);
      if (HasFatalFailure()) FAIL() << "seed " << seed;
      torn += opened.told.torn_bytes != 0 ? 1U : 0U;
      unacknowledged += opened.records.size() - acknowledged.size();
      acknowledged = opened.records;  // shown once: from now on it must stay
      log = std::make_unique<LogFile>(std::move(*opened.log));
    }
  }
  // The losses were not all harmless ones.
  EXPECT_GT(torn, 50U);
  EXPECT_GT(unacknowledged, 50U);
}

// A process ends between a write and its sync. What the next one reads, and builds on, must not be taken away
// by a loss of power after that; nor may the name of the log.
TEST(LogFile, MakesDurableWhatItShowed) {
  std::size_t unacknowledged = 0;
  for (std::uint64_t stop = 2; stop < 20; ++stop) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      Random random(seed);
      SimulatedDisk first(seed);
      first.stop_after(stop);
      Records acknowledged, asked;
      if (auto log = LogFile::create(first, path)) append_some(*log, random, 5, acknowledged, asked);
      const auto second = first.end_process();
      auto again = open_log(*second);
      ASSERT_TRUE(again.log) << again.log.error().message;
      expect_kept(again.records, acknowledged, asked);
      if (HasFatalFailure()) FAIL() << "stop " << stop << " seed " << seed;
      unacknowledged += again.records.size() - acknowledged.size();
      if (seed % 2 == 0) {
        ASSERT_TRUE(again.log->append(as_bytes("built upon it")));
        again.records.emplace_back("built upon it");
      }
      const auto third = open_log(*second->lose_power(seed));
      ASSERT_TRUE(third.log) << "stop " << stop << " seed " << seed << third.log.error().message;
      ASSERT_TRUE(third.records == again.records) << "stop " << stop << " seed " << seed;
    }
  }
  EXPECT_GT(unacknowledged, 50U);
}

// Every call from the first one on is where the power goes.
TEST(LogFile, IsCreatedWholeOrNotAtAll) {
  for (std::uint64_t stop = 0; stop < 6; ++stop) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      SimulatedDisk disk(seed);
      disk.stop_after(stop);
      const auto made = LogFile::create(disk, path);
      const auto after = disk.lose_power(seed);
      const auto opened = open_log(*after);
      if (made) {
        ASSERT_TRUE(opened.log);
      } else if (!opened.log) {
        ASSERT_EQ(opened.log.error().kind, ErrorKind::not_found) << opened.log.error().message;
      }
      ASSERT_TRUE(opened.records.empty());
    }
  }
}

// A fault at every call, then the process starts again without a power loss, appends more, and then the power
// goes: what was acknowledged before and after the fault is there.
TEST(LogFile, KeepsEveryAcknowledgedRecordThroughFaults) {
  constexpr std::array faults = {Fault::no_space,   Fault::io_error,  Fault::short_write,
                                 Fault::sync_fails, Fault::map_fails, Fault::rename_fails};
  for (std::uint64_t call = 0; call < 30; ++call) {
    for (const auto fault : faults) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        SimulatedDisk first(seed);
        first.fail_call(call, fault);
        Records acknowledged, asked;
        if (auto log = LogFile::create(first, path)) append_some(*log, random, 8, acknowledged, asked);
        const auto second = first.end_process();
        second->fail_call(random() % 8, fault);
        auto again = open_log(*second);
        if (!again.log && again.log.error().kind == ErrorKind::unavailable) again = open_log(*second);
        if (!again.log) {
          ASSERT_EQ(again.log.error().kind, ErrorKind::not_found) << again.log.error().message;
          ASSERT_TRUE(acknowledged.empty());
          continue;
        }
        expect_kept(again.records, acknowledged, asked);
        acknowledged = again.records;
        append_some(*again.log, random, 4, acknowledged, asked);
        const auto third = open_log(*second->lose_power(seed));
        ASSERT_TRUE(third.log) << "call " << call << " seed " << seed << " " << third.log.error().message;
        expect_kept(third.records, acknowledged, asked);
        if (HasFatalFailure()) FAIL() << "call " << call << " seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace cdx
