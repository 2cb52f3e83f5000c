#include "base/section.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace cdx {
namespace {

// A section of whole numbers with checksums, as one from a disk has them.
class CheckedSection : public testing::Test {
 protected:
  static constexpr std::size_t count = 3 * section_block_bytes / 4 + 10;

  void SetUp() override {
    numbers_.resize(count);
    std::iota(numbers_.begin(), numbers_.end(), 0U);
    const auto bytes = std::as_bytes(std::span(numbers_));
    for (std::size_t at = 0; at < bytes.size(); at += section_block_bytes)
      sums_.push_back(block_sum(bytes.subspan(at, std::min(section_block_bytes, bytes.size() - at))));
    checks_.file = "file";
    checks_.section = "numbers";
    checks_.file_offset = 64;
    checks_.sums = sums_;
    checks_.seen = std::vector<std::atomic<std::uint64_t>>(1);
    checks_.damage = &damage_;
    section_ = Section(bytes, &checks_);
  }

  std::vector<std::uint32_t> numbers_;
  std::vector<std::uint32_t> sums_;
  Damage damage_;
  SectionChecks checks_;
  Section section_;
};

TEST_F(CheckedSection, GivesPartsRowsAndValues) {
  EXPECT_EQ(section_.count<std::uint32_t>(), count);
  EXPECT_EQ(section_.all_of<std::uint32_t>().back(), count - 1);
  EXPECT_EQ(section_.part_of<std::uint32_t>(1'020, 10)[9], 1'029U);  // over the border of two blocks
  EXPECT_EQ(section_.row<std::uint32_t>(1'020, 10)[9], 1'029U);
  EXPECT_EQ(section_.value<std::uint32_t>(count - 1), count - 1);
  EXPECT_TRUE(section_.part(section_.size(), 0).empty());
  EXPECT_FALSE(damage_.any());
  EXPECT_TRUE(damage_.status());
}

TEST_F(CheckedSection, NeverHandsOutADamagedBlockAndTellsItOnce) {
  numbers_[1'500] ^= 1U;  // in the second block
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(section_.value<std::uint32_t>(1'501), 0U);
    EXPECT_TRUE(section_.part_of<std::uint32_t>(1'000, 100).empty());
    EXPECT_TRUE(section_.all_of<std::uint32_t>().empty());
  }
  EXPECT_EQ(section_.value<std::uint32_t>(1'023), 1'023U);
  EXPECT_EQ(section_.value<std::uint32_t>(2'048), 2'048U);
  ASSERT_EQ(damage_.places().size(), 1U);
  EXPECT_EQ(damage_.places()[0].offset, 64U + section_block_bytes);
  const auto status = damage_.status();
  EXPECT_EQ(status.error().kind, ErrorKind::corrupt);
  EXPECT_EQ(status.error().message,
            "file: section numbers, the block at offset 4160 does not match its checksum");
}

// Numbers read from sections lead to others; a wild one must neither read elsewhere nor come round.
TEST_F(CheckedSection, ReadsNothingOutOfRange) {
  const auto most = ~std::size_t{0};
  for (const auto offset : {section_.size() + 1, most, most - 3, most - 4'095, most / 2}) {
    EXPECT_TRUE(section_.part(offset, 8).empty());
    EXPECT_EQ(*reinterpret_cast<const std::uint64_t*>(section_.at(offset, 8)), 0U) << offset;
  }
  EXPECT_TRUE(section_.part(8, most).empty());
  EXPECT_TRUE(section_.part(8, most - 7).empty());
  for (const auto first : {count, most, most / 4 + 1, most / 4 + 2, most / 2 + 3}) {
    EXPECT_EQ(section_.value<std::uint32_t>(first), 0U);
    EXPECT_TRUE(section_.part_of<std::uint32_t>(first, 1).empty());
    EXPECT_TRUE(section_.part_of<std::uint32_t>(2, first).empty());
  }
  EXPECT_TRUE(damage_.any());
}

class Recorder final : public ReadAhead {
 public:
  using Request = std::pair<std::uint64_t, std::uint64_t>;
  void will_need(std::uint64_t offset, std::uint64_t length) const override {
    requests_.emplace_back(offset, length);
  }
  std::vector<Request> take() const { return std::exchange(requests_, {}); }

 private:
  mutable std::vector<Request> requests_;
};

TEST_F(CheckedSection, AsksForABlockOnceAndForNeighboursTogether) {
  using Requests = std::vector<Recorder::Request>;
  const Recorder disk;
  section_.will_need(0, section_.size());  // nobody to ask
  checks_.ahead = &disk;
  checks_.asked = std::vector<std::atomic<std::uint64_t>>(1);
  section_.will_need(section_block_bytes + 5, 10);
  EXPECT_EQ(disk.take(), (Requests{{64 + section_block_bytes, section_block_bytes}}));
  section_.will_need(0, section_.size());  // 4 blocks, the last short
  EXPECT_EQ(disk.take(),
            (Requests{{64, section_block_bytes}, {64 + 2 * section_block_bytes, section_block_bytes + 40}}));
  section_.will_need(0, section_.size());
  EXPECT_TRUE(disk.take().empty());
  section_.will_need(section_.size(), 1);
  section_.will_need(1, section_.size());
  section_.will_need_of<std::uint64_t>(std::numeric_limits<std::size_t>::max(), 2);
  EXPECT_TRUE(disk.take().empty());
  EXPECT_EQ(section_.requests(), 3U);
}

TEST_F(CheckedSection, ReadsLongPartsAheadAndAnswersAlike) {
  const Recorder disk;
  checks_.ahead = &disk;
  checks_.asked = std::vector<std::atomic<std::uint64_t>>(1);
  EXPECT_EQ(section_.value<std::uint32_t>(0), 0U);  // one block: reading it is asking for it
  EXPECT_TRUE(disk.take().empty());
  EXPECT_EQ(section_.all_of<std::uint32_t>().back(), count - 1);
  const auto requests = disk.take();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].first, 64 + section_block_bytes);
  EXPECT_EQ(section_.all_of<std::uint32_t>().back(), count - 1);
  EXPECT_TRUE(disk.take().empty());
}

TEST(Damage, KeepsEachPlaceOnceInTheOrderOfFinding) {
  Damage damage;
  for (int round = 0; round < 2; ++round)
    for (std::uint64_t i = 0; i < 20'000; ++i) damage.report({"f", "s", (i * 7'919) % 20'000});
  const auto places = damage.places();
  ASSERT_EQ(places.size(), 20'000U);
  EXPECT_EQ(places[0].offset, 0U);
  EXPECT_EQ(places[1].offset, 7'919U);
  damage.report({"other", "s", 0});
  damage.report({"f", "other", 0});
  EXPECT_EQ(damage.places().size(), 20'002U);
  EXPECT_NE(damage.status().error().message.find("and 19994 more"), std::string::npos);
}

TEST(MemorySections, KeepsWhatWasWrittenAligned) {
  MemorySections sections;
  ASSERT_TRUE(sections.add("text", "hello"));
  ASSERT_TRUE(sections.begin("numbers"));
  for (std::uint32_t i = 0; i < 1'000; ++i)
    ASSERT_TRUE(sections.write_all(std::span<const std::uint32_t>(&i, 1)));
  ASSERT_TRUE(sections.begin("empty"));
  EXPECT_EQ(sections.size_bytes(), 4'005U);
  EXPECT_TRUE(sections.has("empty") && !sections.has("nothing"));
  EXPECT_EQ(sections.section("nothing").size(), 0U);
  const auto numbers = sections.section("numbers");
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.address(0)) % section_alignment, 0U);
  EXPECT_EQ(numbers.all_of<std::uint32_t>()[999], 999U);
}

}  // namespace
}  // namespace cdx
