#include "io/section_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "io/section_format.h"
#include "support/scratch.h"
#include "support/simulated_disk.h"

namespace cdx {
namespace {

using Random = std::mt19937_64;
using Contents = std::vector<std::byte>;
using Named = std::vector<std::pair<std::string, std::string>>;

constexpr auto path = "/sections";

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string some_bytes(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  std::string out(size, '\0');
  for (auto& c : out) c = static_cast<char>(random());
  return out;
}

// Sizes around the borders of blocks and of alignment, empty ones first, last and in between.
Named all_sizes() {
  Named out;
  for (const std::size_t size :
       {0U, 1U, 63U, 64U, 65U, 4'095U, 4'096U, 4'097U, 0U, 8'191U, 8'192U, 8'193U, 3U, 12'288U, 100'000U, 0U})
    out.emplace_back("section-" + std::to_string(out.size()), some_bytes(size, out.size()));
  return out;
}

Named few() {
  return {
      {"empty", ""}, {"short", some_bytes(100, 1)}, {"long", some_bytes(9'000, 2)}, {"z", some_bytes(5, 3)}};
}

// In pieces of the given size; 0: each section at once.
Status write_sections(Disk& disk, const std::string& to, const Named& sections, std::size_t piece = 0) {
  CDX_TRY_LET(const auto writer, SectionFileWriter::create(disk, to));
  for (const auto& [name, bytes] : sections) {
    CDX_TRY(writer->begin(name));
    const auto step = piece == 0 ? std::max<std::size_t>(bytes.size(), 1) : piece;
    for (std::size_t at = 0; at < bytes.size(); at += step)
      CDX_TRY(writer->write(std::as_bytes(std::span(bytes)).subspan(at, std::min(step, bytes.size() - at))));
  }
  CDX_TRY(writer->finish());
  const auto written = writer->size_bytes();
  CDX_TRY_LET(const auto mapped, disk.map(to));
  EXPECT_EQ(written, mapped->bytes().size());
  return {};
}

Contents file_of(const Named& sections) {
  SimulatedDisk disk;
  EXPECT_TRUE(write_sections(disk, path, sections));
  return disk.bytes(path);
}

Result<std::unique_ptr<Sections>> open_bytes(Contents bytes) {
  SimulatedDisk disk;
  disk.put(path, std::move(bytes));
  return open_section_file(disk, path);
}

// Where the bytes lie in the file; they are random, so they lie there once.
std::size_t place_of(const Contents& file, std::string_view bytes) {
  const auto found = text_of(file).find(bytes);
  EXPECT_NE(found, std::string::npos);
  return found;
}

TEST(SectionFile, GivesBackSectionsOfAnySizeWrittenInAnyPieces) {
  const auto sections = all_sizes();
  for (const std::size_t piece : {0U, 1U, 7U, 4'095U, 4'096U, 4'097U, 5'000U, 65'536U}) {
    SimulatedDisk disk;
    ASSERT_TRUE(write_sections(disk, path, sections, piece));
    EXPECT_TRUE(disk.bytes(path) == file_of(sections)) << piece;  // pieces leave no trace
    const auto opened = open_section_file(disk, path);
    ASSERT_TRUE(opened) << opened.error().message;
    for (const auto& [name, bytes] : sections) {
      EXPECT_TRUE((*opened)->has(name));
      const auto section = (*opened)->section(name);
      ASSERT_EQ(section.size(), bytes.size());
      ASSERT_TRUE(text_of(section.part(0, bytes.size())) == bytes) << name;
      if (bytes.empty()) continue;
      const auto place = reinterpret_cast<std::uintptr_t>(section.address(0));
      EXPECT_EQ(place % (bytes.size() > section_block_bytes ? section_block_bytes : section_alignment), 0U);
    }
    EXPECT_FALSE((*opened)->has("section"));
    EXPECT_EQ((*opened)->section("section").size(), 0U);
    ASSERT_TRUE(check_section_file({}, **opened));
    EXPECT_TRUE((*opened)->damage().status());
  }
}

TEST(SectionFile, MayHoldNothing) {
  const auto opened = open_bytes(file_of({}));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_FALSE((*opened)->has(""));
  EXPECT_TRUE(check_section_file({}, **opened));
}

TEST(SectionFile, LivesInARealFolder) {
  const test::Scratch folder;
  const auto real = folder.file("a");
  const auto sections = all_sizes();
  ASSERT_TRUE(write_sections(posix_disk(), real, sections, 1'000));
  const auto opened = open_section_file(posix_disk(), real);
  ASSERT_TRUE(opened);
  std::filesystem::remove_all(folder.path());  // the mapping stays
  for (const auto& [name, bytes] : sections)
    EXPECT_TRUE(text_of((*opened)->section(name).part(0, bytes.size())) == bytes);
  EXPECT_EQ(open_section_file(posix_disk(), real).error().kind, ErrorKind::not_found);
}

TEST(SectionFile, IsCorruptWhenCutAnywhere) {
  const auto whole = file_of(few());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto opened = open_bytes({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    ASSERT_FALSE(opened) << size;
    ASSERT_EQ(opened.error().kind, ErrorKind::corrupt);
    ASSERT_EQ(opened.error().message.rfind("/sections: ", 0), 0U);
    ASSERT_NE(opened.error().message.find("at offset "), std::string::npos);
  }
  auto longer = whole;
  longer.resize(longer.size() + 512);
  EXPECT_EQ(open_bytes(longer).error().kind, ErrorKind::corrupt);
  auto twice = whole;
  twice.insert(twice.end(), whole.begin(), whole.end());
  EXPECT_EQ(open_bytes(twice).error().kind, ErrorKind::corrupt);
}

// Every byte of the file, flipped: in a section it is told on touch, with the offset of its block, and the
// blocks beside it are served; in head, table or foot the file does not open; between sections are only zeros
// that nobody reads.
TEST(SectionFile, TellsEveryFlippedByteOnTouch) {
  const auto sections = few();
  const auto whole = file_of(sections);
  section_format::Foot foot;
  std::memcpy(&foot, whole.data() + whole.size() - sizeof foot, sizeof foot);
  std::map<std::size_t, const std::pair<std::string, std::string>*> places;
  for (const auto& one : sections)
    if (!one.second.empty()) places[place_of(whole, one.second)] = &one;

  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] ^= std::byte{0x10};
    const auto opened = open_bytes(std::move(damaged));
    const bool frame = at < sizeof(section_format::Head) || at >= foot.table_offset;
    if (frame) {
      ASSERT_FALSE(opened) << at;
      ASSERT_EQ(opened.error().kind, ErrorKind::corrupt) << opened.error().message;
      continue;
    }
    ASSERT_TRUE(opened) << at;
    std::size_t told = 0;
    for (const auto& [place, one] : places) {
      const auto section = (*opened)->section(one->first);
      for (std::size_t block = 0; block < one->second.size(); block += section_block_bytes) {
        const auto length = std::min(section_block_bytes, one->second.size() - block);
        const auto part = section.part(block, length);
        if (at < place + block || at >= place + block + length) {
          ASSERT_TRUE(text_of(part) == one->second.substr(block, length));
          continue;
        }
        ++told;
        ASSERT_TRUE(part.empty());
        const auto* zeros = section.at(block, length);
        ASSERT_TRUE(std::all_of(zeros, zeros + length, [](std::byte b) { return b == std::byte{0}; }));
        const auto found = (*opened)->damage().places();
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].file, path);
        EXPECT_EQ(found[0].section, one->first);
        EXPECT_EQ(found[0].offset, place + block);
        EXPECT_EQ((*opened)->damage().status().error().kind, ErrorKind::corrupt);
      }
    }
    ASSERT_EQ((*opened)->damage().any(), told == 1);
  }
}

TEST(SectionFile, IsOpenedWithoutLookingAtItsBlocks) {
  auto damaged = file_of(few());
  damaged[place_of(damaged, few()[2].second)] ^= std::byte{1};
  const auto opened = open_bytes(damaged);
  ASSERT_TRUE(opened);
  EXPECT_FALSE((*opened)->damage().any());
  EXPECT_EQ(text_of((*opened)->section("short").part(0, 100)), few()[1].second);
  EXPECT_FALSE((*opened)->damage().any());
}

TEST(SectionFile, IsCheckedWholeForDamage) {
  const Named sections = {
      {"a", some_bytes(3'000'000, 1)}, {"b", some_bytes(77, 2)}, {"c", some_bytes(999'999, 3)}};
  SimulatedDisk disk;
  ASSERT_TRUE(write_sections(disk, path, sections));
  const auto opened_before = open_section_file(disk, path);
  std::vector<std::uint64_t> blocks;
  const auto whole = disk.bytes(path);
  for (const auto& [name, bytes] : sections)
    for (std::size_t at = 0; at < bytes.size(); at += section_block_bytes)
      blocks.push_back(place_of(whole, bytes.substr(0, 77)) + at);
  Random random(3);
  std::shuffle(blocks.begin(), blocks.end(), random);
  blocks.resize(200);
  for (const auto at : blocks) disk.flip_byte(path, at + random() % 70);
  std::sort(blocks.begin(), blocks.end());

  const auto opened = open_section_file(disk, path);
  ASSERT_TRUE(opened);
  std::uint64_t last = 0, steps = 0, all = 0;
  ASSERT_TRUE(check_section_file({}, **opened, [&](std::uint64_t done, std::uint64_t of) {
    EXPECT_GE(done, last);
    last = done;
    all = of;
    ++steps;
  }));
  EXPECT_EQ(last, 3'000'000U + 77 + 999'999);
  EXPECT_EQ(all, last);
  EXPECT_GE(steps, 4U);
  std::vector<std::uint64_t> found;
  for (const auto& place : (*opened)->damage().places()) found.push_back(place.offset);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, blocks);
  // A second look tells nothing twice; the file as it was before is sound.
  ASSERT_TRUE(check_section_file({}, **opened));
  EXPECT_EQ((*opened)->damage().places().size(), 200U);
  ASSERT_TRUE(check_section_file({}, **opened_before));
  EXPECT_TRUE((*opened_before)->damage().status());
}

TEST(SectionFile, StopsCheckingOnRequest) {
  const auto opened = open_bytes(file_of(few()));
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  EXPECT_EQ(check_section_file(call, **opened).error().kind, ErrorKind::cancelled);
  EXPECT_TRUE(check_section_file({}, MemorySections()));
}

// A hostile table: every number of it replaced by numbers that would lead astray, checksums made right again.
TEST(SectionFile, ReadsNothingOutsideTheFileWhateverTheTableSays) {
  const auto whole = file_of(few());
  const auto foot_at = whole.size() - sizeof(section_format::Foot);
  section_format::Foot right;
  std::memcpy(&right, whole.data() + foot_at, sizeof right);
  const auto seal = [&](Contents& bytes) {
    section_format::Foot foot;
    std::memcpy(&foot, bytes.data() + foot_at, sizeof foot);
    if (foot.table_offset <= foot_at && foot.table_size <= foot_at - foot.table_offset)
      foot.table_sum = section_format::sum_of(std::span(bytes).subspan(foot.table_offset, foot.table_size));
    foot.sum = section_format::foot_sum(foot);
    std::memcpy(bytes.data() + foot_at, &foot, sizeof foot);
  };
  const auto size = whole.size();
  const std::vector<std::uint64_t> numbers = {0,
                                              1,
                                              4,
                                              5,
                                              16,
                                              63,
                                              64,
                                              4'096,
                                              4'160,
                                              8'192,
                                              size - 64,
                                              size,
                                              right.table_offset,
                                              1 << 20,
                                              ~0ULL,
                                              ~0ULL - 1,
                                              ~0ULL - 63,
                                              ~0ULL - 4'095,
                                              1ULL << 63U,
                                              1ULL << 32U,
                                              1ULL << 62U};
  std::size_t opened_anyway = 0;
  const auto try_at = [&](std::size_t at, std::size_t width) {
    for (const auto number : numbers) {
      auto bytes = whole;
      std::memcpy(bytes.data() + at, &number, width);
      seal(bytes);
      const bool same = bytes == whole;
      const auto opened = open_bytes(bytes);
      if (!opened) {
        ASSERT_FALSE(same);
        ASSERT_TRUE(opened.error().kind == ErrorKind::corrupt ||
                    opened.error().kind == ErrorKind::unsupported);
        continue;
      }
      opened_anyway += same ? 0U : 1U;
      ASSERT_TRUE(check_section_file({}, **opened));  // reads every byte it believes in
    }
  };
  for (std::size_t at = 0; at < 4 * sizeof(section_format::Entry); at += 8)
    try_at(right.table_offset + at, 8);
  for (std::size_t at = 0; at < sizeof(section_format::Foot); at += 4) try_at(foot_at + at, 4);
  for (std::size_t at = 0; at < sizeof(section_format::Foot); at += 8) try_at(foot_at + at, 8);
  // Only what changes nothing but the place of an empty section, or a reserved field, may pass.
  EXPECT_LT(opened_anyway, 70U);
}

TEST(SectionFile, RefusesOverlapsAndNamesUsedTwice) {
  auto bytes = file_of({{"one", some_bytes(64, 1)}, {"two", some_bytes(64, 2)}});
  const auto foot_at = bytes.size() - sizeof(section_format::Foot);
  section_format::Foot foot;
  std::memcpy(&foot, bytes.data() + foot_at, sizeof foot);
  const auto with = [&](std::size_t at, std::string_view text) {
    auto changed = bytes;
    std::memcpy(changed.data() + foot.table_offset + at, text.data(), text.size());
    auto sealed = foot;
    sealed.table_sum = section_format::sum_of(std::span(changed).subspan(foot.table_offset, foot.table_size));
    sealed.sum = section_format::foot_sum(sealed);
    std::memcpy(changed.data() + foot_at, &sealed, sizeof sealed);
    return open_bytes(std::move(changed));
  };
  const auto entry = sizeof(section_format::Entry);
  EXPECT_TRUE(with(2 * entry + 3, "six"));
  EXPECT_EQ(with(2 * entry + 3, "one").error().kind, ErrorKind::corrupt);
  const std::uint64_t first_place = 64;
  EXPECT_EQ(with(entry, {reinterpret_cast<const char*>(&first_place), 8}).error().kind, ErrorKind::corrupt);
}

TEST(SectionFile, KnowsANewerVersion) {
  const auto whole = file_of(few());
  const auto refused = [](Contents bytes) {
    const auto opened = open_bytes(std::move(bytes));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::unsupported);
    EXPECT_EQ(opened.error().message,
              "/sections: is a section file of version 2, this program reads version 1: use a newer release");
  };
  auto newer = whole;
  section_format::Head head;
  head.version = 2;
  head.sum = section_format::head_sum(head);
  std::memcpy(newer.data(), &head, sizeof head);
  refused(newer);
  newer = whole;
  section_format::Foot foot;
  std::memcpy(&foot, whole.data() + whole.size() - sizeof foot, sizeof foot);
  foot.version = 2;
  foot.sum = section_format::foot_sum(foot);
  std::memcpy(newer.data() + newer.size() - sizeof foot, &foot, sizeof foot);
  refused(newer);
}

TEST(SectionFile, RefusesRandomBytes) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    auto bytes = some_bytes(seed * 3, seed);
    if (seed % 2 == 0 && bytes.size() >= 16) {
      const auto head = file_of({});
      std::memcpy(bytes.data(), head.data(), 16);
    }
    const auto opened =
        open_bytes({std::as_bytes(std::span(bytes)).begin(), std::as_bytes(std::span(bytes)).end()});
    ASSERT_FALSE(opened);
    ASSERT_EQ(opened.error().kind, ErrorKind::corrupt);
  }
}

// A fault or a crash at every call: no success is told for a file that is not whole and durable, and what is
// found later is whole, recognised as broken, or absent.
TEST(SectionFile, IsWholeWheneverSuccessWasTold) {
  const Named sections = {
      {"a", some_bytes(700, 1)}, {"b", some_bytes(9'000, 2)}, {"c", some_bytes(4'096, 3)}};
  constexpr std::array faults = {Fault::no_space, Fault::io_error, Fault::short_write, Fault::sync_fails};
  SimulatedDisk calm;
  ASSERT_TRUE(write_sections(calm, path, sections));
  const auto calls = calm.calls() - 1;  // but for the look at the size
  const auto whole = calm.bytes(path);
  std::size_t found_whole = 0, found_broken = 0;
  for (std::uint64_t at = 0; at <= calls; ++at) {
    for (std::size_t kind = 0; kind <= faults.size(); ++kind) {
      for (std::uint64_t seed = 0; seed < 30; ++seed) {
        SimulatedDisk disk(seed);
        if (kind < faults.size())
          disk.fail_call(at, faults[kind]);
        else
          disk.stop_after(at);
        const auto written = [&]() -> Status {
          CDX_TRY(write_sections(disk, path, sections));
          return disk.sync_folder("/");
        }();
        const auto after = disk.lose_power(seed);
        const auto opened = open_section_file(*after, path);
        if (written) {
          ASSERT_TRUE(opened) << opened.error().message;
        }
        if (!opened) {
          ASSERT_TRUE(opened.error().kind == ErrorKind::corrupt ||
                      opened.error().kind == ErrorKind::not_found);
          ++found_broken;
          continue;
        }
        ASSERT_TRUE(check_section_file({}, **opened));
        if (written) {
          ASSERT_TRUE(after->bytes(path) == whole);
        }
        // Head, table and foot may have come without a block: then it is told.
        ASSERT_EQ((*opened)->damage().any(), after->bytes(path) != whole);
        ++found_whole;
      }
    }
  }
  EXPECT_GT(found_whole, 50U);
  EXPECT_GT(found_broken, 100U);
}

TEST(SectionFile, GivesTheFirstErrorAgainAndAgain) {
  SimulatedDisk disk;
  const auto writer = SectionFileWriter::create(disk, path);
  ASSERT_TRUE((*writer)->begin("a"));
  disk.fail_call(disk.calls(), Fault::no_space);
  const auto large = some_bytes(10'000, 1);
  const auto failed = (*writer)->write(std::as_bytes(std::span(large)));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "/sections: cannot write: No space left on device");
  EXPECT_EQ((*writer)->write({}).error().message, failed.error().message);
  EXPECT_EQ((*writer)->begin("b").error().message, failed.error().message);
  EXPECT_EQ((*writer)->finish().error().message, failed.error().message);
  EXPECT_EQ(open_section_file(disk, path).error().kind, ErrorKind::corrupt);
}

TEST(SectionFile, FailsToMapByName) {
  SimulatedDisk disk;
  ASSERT_TRUE(write_sections(disk, path, few()));
  disk.fail_call(disk.calls(), Fault::map_fails);
  const auto opened = open_section_file(disk, path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(opened.error().message, "/sections: cannot map: Cannot allocate memory");
}

TEST(SectionFile, IsReadByManyThreads) {
  const auto bytes = some_bytes(2'000'000, 4);
  auto file = file_of({{"a", bytes}});
  const auto begin = place_of(file, bytes.substr(0, 4'096));
  file[begin + 1'000'000] ^= std::byte{1};
  const auto opened = open_bytes(std::move(file));
  const auto section = (*opened)->section("a");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Random random(t);
      for (int i = 0; i < 5'000; ++i) {
        const auto at = random() % (bytes.size() - 100);
        const auto part = section.part(at, 100);
        const bool damaged = at / 4'096 == 1'000'000 / 4'096 || (at + 99) / 4'096 == 1'000'000 / 4'096;
        if (damaged ? !part.empty() : text_of(part) != bytes.substr(at, 100)) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE((*opened)->damage().places().size(), 1U);
}

}  // namespace
}  // namespace cdx
