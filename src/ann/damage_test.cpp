#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <map>
#include <random>

#include "ann/made_up.h"

namespace cdx::ann {
namespace {

constexpr std::array names{"mean",    "upper",       "upper_factors", "lower",  "both_factors",
                           "full",    "full_steps",  "owners",        "firsts", "links",
                           "entries", "entry_upper", "meta"};

// Sections as a mapped file has them: with checksums, and bytes that may have changed since.
class DiskSections final : public Sections {
 public:
  explicit DiskSections(const MemorySections& from) {
    for (const auto* name : names) {
      const auto section = from.section(std::string("v.") + name);
      if (!from.has(std::string("v.") + name)) continue;
      auto& kept = sections_[std::string("v.") + name];
      const auto bytes = section.part(0, section.size());
      kept.bytes.resize((bytes.size() + 3) / 4);
      kept.size = bytes.size();
      std::memcpy(kept.bytes.data(), bytes.data(), bytes.size());
    }
    sum();
  }
  // Makes the sums fit the bytes as they are now: damage that no checksum sees.
  void sum() {
    for (auto& [name, kept] : sections_) {
      const auto bytes = std::as_bytes(std::span(kept.bytes)).subspan(0, kept.size);
      kept.sums.clear();
      for (std::size_t at = 0; at < bytes.size(); at += section_block_bytes)
        kept.sums.push_back(block_sum(bytes.subspan(at, std::min(section_block_bytes, bytes.size() - at))));
      kept.checks.file = "file";
      kept.checks.section = name;
      kept.checks.sums = kept.sums;
      kept.checks.seen = std::vector<std::atomic<std::uint64_t>>(kept.sums.size() / 64 + 1);
      kept.checks.damage = &damage_;
    }
  }
  std::span<std::byte> bytes(std::string_view name) {
    auto& kept = sections_.at("v." + std::string(name));
    return std::as_writable_bytes(std::span(kept.bytes)).subspan(0, kept.size);
  }
  void cut(std::string_view name) { sections_.at("v." + std::string(name)).size -= 1; }
  void drop(std::string_view name) { sections_.erase("v." + std::string(name)); }

  bool has(std::string_view name) const override { return sections_.contains(std::string(name)); }
  Section section(std::string_view name) const override {
    const auto found = sections_.find(std::string(name));
    if (found == sections_.end()) return {};
    auto& kept = found->second;
    return Section(std::as_bytes(std::span(kept.bytes)).subspan(0, kept.size), &kept.checks);
  }
  const Damage& damage() const override { return damage_; }

 private:
  struct Kept {
    std::vector<std::uint32_t> bytes;  // aligned for what is read from them
    std::size_t size = 0;
    std::vector<std::uint32_t> sums;
    mutable SectionChecks checks;
  };
  std::map<std::string, Kept> sections_;
  Damage damage_;
};

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
  for (const auto* name : names) {
    SCOPED_TRACE(name);
    DiskSections sections(memory_);
    for (auto& byte : sections.bytes(name)) byte ^= std::byte{0x5A};
    const auto field = Field::open(sections, "v.");
    if (field)
      use(*field);
    else
      EXPECT_EQ(field.error().kind, ErrorKind::corrupt);
    EXPECT_TRUE(sections.damage().any());
  }
}

TEST_F(Damaged, BytesThatNoChecksumSeesAreSurvived) {
  std::mt19937_64 random(1);
  for (const auto* name : names) {
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
  for (const auto* name : names) {
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

TEST_F(Damaged, ANewerLayoutIsNamed) {
  DiskSections sections(memory_);
  sections.bytes("meta")[0] = std::byte{2};
  sections.sum();
  const auto field = Field::open(sections, "v.");
  ASSERT_FALSE(field);
  EXPECT_EQ(field.error().kind, ErrorKind::unsupported);
  EXPECT_NE(field.error().message.find('2'), std::string::npos);
}

}  // namespace
}  // namespace cdx::ann
