#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "ann/disk_sections.h"
#include "ann/made_up.h"

namespace cdx::ann {
namespace {

class Damaged : public testing::Test {
 protected:
  void SetUp() override {
    rows_ = clustered(5000, 40, 1);
    for (std::uint32_t i = 0; i < rows_.size(); ++i) owners_.push_back(i / 2);
    ASSERT_TRUE(write_field({}, source_of(rows_, owners_, 2500), with_graph(), memory_, "v."));
  }
  // Everything a field can be asked for: it must come to an end.
  void use(const Field& field) {
    std::set<std::uint32_t> half;
    for (std::uint32_t i = 0; i < 2500; i += 2) half.insert(i);
    for (const auto& question : clustered(5, 40, 1, 1)) {
      EXPECT_LE(ask(field, question, 10).best.size(), 10U);
      EXPECT_LE(ask(field, question, 300, bits_of(half, 2500)).best.size(), 300U);
      EXPECT_LE(ask(field, question, 10, bits_of({1, 2, 3}, 2500)).best.size(), 3U);
      std::vector<std::uint32_t> documents{0, 5, 2499};
      std::vector<float> out(3);
      field.similarities(question, documents, out.data());
    }
    for (std::uint32_t i = 0; i < 2500; i += 100) EXPECT_LE(field.rows_of(i).size(), field.rows());
    std::vector<std::uint32_t> target(2500);
    for (std::uint32_t i = 0; i < 2500; ++i) target[i] = i;
    MemorySections out;
    const auto merged = merge_fields({}, std::vector<Part>{{&field, target}}, 2500, with_graph(), out, "v.");
    EXPECT_TRUE(merged || merged.error().kind == ErrorKind::invalid);
  }
  Rows rows_;
  std::vector<std::uint32_t> owners_;
  MemorySections memory_;
};

TEST_F(Damaged, BlocksAreReportedAndSurvived) {
  for (const auto* name : section_names) {
    SCOPED_TRACE(name);
    DiskSections sections(memory_);
    for (auto& byte : sections.bytes(name)) byte ^= std::byte{0x5A};
    const auto field = Field::open(sections, "v.");
    if (field)
      use(*field);
    else
      EXPECT_EQ(field.error().kind, ErrorKind::corrupt);
    EXPECT_TRUE(sections.damage().any() || name == std::string_view("sketches"));
  }
}

// Of fields that have one row a document, and ask for many of them.
TEST(DamagedSketches, AreReportedAndSurvived) {
  const auto rows = clustered(6000, 40, 1);
  MemorySections memory;
  std::vector<std::uint32_t> owners(rows.size());
  std::iota(owners.begin(), owners.end(), 0U);
  Options scanned;
  scanned.graph_from = rows.size() + 1;
  ASSERT_TRUE(write_field({}, source_of(rows, owners, rows.size()), scanned, memory, "v."));
  std::set<std::uint32_t> half;
  for (std::uint32_t i = 0; i < rows.size(); i += 2) half.insert(i);
  for (const bool summed : {false, true}) {
    DiskSections sections(memory);
    for (auto& byte : sections.bytes("sketches")) byte = std::byte{0xFF};
    if (summed) sections.sum();
    const auto field = Field::open(sections, "v.");
    ASSERT_TRUE(field);
    for (const auto& question : clustered(5, 40, 1, 1))
      EXPECT_EQ(ask(*field, question, 10, bits_of(half, rows.size())).best.size(), 10U);
    EXPECT_EQ(sections.damage().any(), !summed);
  }
}

TEST_F(Damaged, BytesThatNoChecksumSeesAreSurvived) {
  std::mt19937_64 random(1);
  for (const auto* name : section_names) {
    SCOPED_TRACE(name);
    for (const int kind : {0, 1, 2}) {
      DiskSections sections(memory_);
      for (auto& byte : sections.bytes(name))
        byte = kind == 0 ? std::byte{0xFF} : kind == 1 ? std::byte{0} : static_cast<std::byte>(random());
      sections.sum();
      const auto field = Field::open(sections, "v.");
      if (field) use(*field);
    }
  }
}

TEST_F(Damaged, SectionsThatDoNotFitAreRefused) {
  for (const auto* name : section_names) {
    SCOPED_TRACE(name);
    DiskSections shorter(memory_), without(memory_);
    shorter.cut(name);
    shorter.sum();
    without.drop(name);
    for (auto* sections : {&shorter, &without}) {
      const auto field = Field::open(*sections, "v.");
      ASSERT_FALSE(field);
      EXPECT_EQ(field.error().kind, ErrorKind::corrupt);
    }
  }
}

TEST_F(Damaged, AnotherLayoutIsNamed) {
  for (const int other : {2, 4}) {
    DiskSections sections(memory_);
    sections.bytes("meta")[0] = static_cast<std::byte>(other);
    sections.sum();
    const auto field = Field::open(sections, "v.");
    ASSERT_FALSE(field);
    EXPECT_EQ(field.error().kind, ErrorKind::unsupported);
    EXPECT_NE(field.error().message.find(std::to_string(other)), std::string::npos);
  }
}

}  // namespace
}  // namespace cdx::ann
