// Bytes that are not what was written: with wrong checksums the asker is told, and whatever the bytes say,
// nothing crashes, hangs or reads where it should not (the sanitizers look on).
#include <gtest/gtest.h>

#include <cstring>

#include "inverted/reference.h"

namespace cdx::inverted {
namespace {

// Sections in allocations of just their size, under checksums.
class CheckedSections final : public Sections, public SectionWriter {
 public:
  Status begin(std::string_view name) override {
    open_ = &sections_[std::string(name)];
    return {};
  }
  Status write(std::span<const std::byte> bytes) override {
    open_->written.insert(open_->written.end(), bytes.begin(), bytes.end());
    return {};
  }
  // Ends writing. A flip after it is damage that shows; one before it has right checksums.
  void seal() {
    for (auto& [name, one] : sections_) {
      one.size = one.written.size();
      one.bytes = std::make_unique<std::byte[]>(one.size);
      if (one.size > 0) std::memcpy(one.bytes.get(), one.written.data(), one.size);
      one.sums.clear();
      for (std::size_t at = 0; at < one.size; at += section_block_bytes)
        one.sums.push_back(block_sum(all(one).subspan(at, std::min(section_block_bytes, one.size - at))));
      one.checks = std::make_unique<SectionChecks>();
      one.checks->section = name;
      one.checks->sums = one.sums;
      one.checks->seen = std::vector<std::atomic<std::uint64_t>>(one.sums.size() / 64 + 1);
      one.checks->damage = &damage_;
    }
  }
  void flip_written(MadeUp& made_up) {
    flip(made_up, [](One& one) { return std::span(one.written); });
  }
  void flip_sealed(MadeUp& made_up) {
    flip(made_up, [](One& one) { return all(one); });
  }

  bool has(std::string_view name) const override { return sections_.find(name) != sections_.end(); }
  Section section(std::string_view name) const override {
    const auto found = sections_.find(name);
    if (found == sections_.end()) return {};
    return Section(all(found->second), found->second.checks.get());
  }
  const Damage& damage() const override { return damage_; }

 private:
  struct One {
    std::vector<std::byte> written;
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
    std::vector<std::uint32_t> sums;
    std::unique_ptr<SectionChecks> checks;
  };
  static std::span<std::byte> all(const One& one) { return {one.bytes.get(), one.size}; }
  template <class Of>
  void flip(MadeUp& made_up, const Of& of) {
    auto at = sections_.begin();
    std::advance(at, made_up.below(sections_.size()));
    const auto bytes = of(at->second);
    if (bytes.empty()) return;
    auto& byte = bytes[made_up.below(bytes.size())];
    byte = made_up.chance(0.3) ? std::byte{0xFF} : byte ^ static_cast<std::byte>(1 + made_up.below(255));
  }

  std::map<std::string, One, std::less<>> sections_;
  One* open_ = nullptr;
  Damage damage_;
};

void ask_words(const Inverted& index, MadeUp& made_up) {
  for (int i = 0; i < 12; ++i) {
    std::vector<Word> words;
    for (auto n = 1 + made_up.below(3); n > 0; --n) {
      auto& word = words.emplace_back();
      for (auto r = 1 + made_up.below(3); r > 0; --r)
        word.readings.push_back(
            {static_cast<std::uint32_t>(made_up.below(index.terms() + 1)), made_up.between(0, 5)});
    }
    const auto scoring = made_up.scoring(index.fields());
    const auto allowed = made_up.chance(0.5) ? made_up.rows(index.rows(), 0.1) : std::vector<std::uint64_t>();
    const auto best =
        index.best(Call{}, words, scoring, allowed, made_up.chance(0.5) ? 10 : 1'000, 0, made_up.chance(0.3));
    ASSERT_TRUE(best);
    for (const auto& one : best->rows) ASSERT_LT(one.row, index.rows());
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < index.rows(); row += 1 + static_cast<std::uint32_t>(made_up.below(9)))
      rows.push_back(row);
    std::vector<float> scores(rows.size());
    index.scores(words, scoring, rows, scores.data());
  }
}

void read_everything(const Inverted& index, MadeUp& made_up) {
  std::vector<std::uint64_t> bits((index.rows() + 63) / 64);
  for (std::uint32_t term = 0; term < index.terms(); ++term) {
    index.find_term(index.term(term));
    index.rows_with_term(term);
    const std::vector<std::vector<std::uint32_t>> alone{{term}};
    EXPECT_TRUE(index.mark_phrase(Call{}, alone, nothing, bits));
  }
  for (std::uint32_t surface = 0; surface < index.surfaces(); ++surface) {
    index.surfaces_starting_with(index.surface(surface));
    index.surface_steps(surface, 1);
    index.term_of(surface);
    index.rows_with_surface(surface);
  }
  std::vector<std::uint32_t> surfaces;
  for (std::uint32_t row = 0; row < index.rows(); ++row) {
    index.surfaces_of(row, surfaces);
    for (std::size_t field = 0; field < index.fields(); ++field) index.length(field, row);
    if (index.terms() > 0)
      index.counts(static_cast<std::uint32_t>(made_up.below(index.terms())), row,
                   [](std::size_t, std::uint32_t) {});
  }
  for (int i = 0; i < 20 && index.terms() > 0; ++i) {
    std::vector<std::vector<std::uint32_t>> places(1 + made_up.below(3));
    for (auto& place : places) place.push_back(static_cast<std::uint32_t>(made_up.below(index.terms())));
    EXPECT_TRUE(index.mark_phrase(Call{}, places, nothing, bits));
  }
  index.terms_starting_with("w1");
}

void use(const CheckedSections& sections, MadeUp& made_up) {
  const auto index = Inverted::open(sections, "");
  if (!index) {
    EXPECT_TRUE(index.error().kind == ErrorKind::corrupt || index.error().kind == ErrorKind::unsupported);
    return;
  }
  read_everything(*index, made_up);
  if (index->fields() == 0) return;
  ask_words(*index, made_up);
  std::vector<std::uint32_t> target;
  std::uint32_t living = 0;
  for (std::size_t row = 0; row < index->rows(); ++row) target.push_back(row % 5 == 0 ? nothing : living++);
  const std::vector<Part> parts{{&*index, target}};
  CheckedSections merged;
  ASSERT_TRUE(merge(Call{}, parts, living, made_up.scoring(index->fields()), merged, ""));
  merged.seal();
  const auto again = Inverted::open(merged, "");
  ASSERT_TRUE(again) << again.error().message;
  read_everything(*again, made_up);
  ask_words(*again, made_up);
}

void fill(CheckedSections& sections, MadeUp& made_up) {
  const auto fields = 1 + made_up.below(3);
  std::vector<Texts> rows;
  for (auto left = 1 + made_up.below(700); left > 0; --left) rows.push_back(made_up.texts(fields));
  build(rows, fields, made_up.scoring(fields), made_up.chance(0.5) ? cut_ending : as_written, sections);
}

TEST(Damage, SoundBytesReportNone) {
  MadeUp made_up(1, 200);
  CheckedSections sections;
  fill(sections, made_up);
  sections.seal();
  use(sections, made_up);
  EXPECT_FALSE(sections.damage().any());
}

TEST(Damage, AFlippedByteIsReportedWhenAllIsRead) {
  std::size_t told = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    MadeUp made_up(seed, 200);
    CheckedSections sections;
    fill(sections, made_up);
    sections.seal();
    for (auto flips = 1 + made_up.below(3); flips > 0; --flips) sections.flip_sealed(made_up);
    use(sections, made_up);
    if (testing::Test::HasFatalFailure()) return;
    told += sections.damage().any() ? 1U : 0U;
    refused += Inverted::open(sections, "") ? 0U : 1U;
  }
  EXPECT_GT(told, 100U);  // a flip may give the same byte, or lie in a section nobody asked about
  EXPECT_GT(refused, 0U);
}

TEST(Damage, BytesThatLieUnderRightChecksumsDoNoHarm) {
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    MadeUp made_up(seed, 200);
    CheckedSections sections;
    fill(sections, made_up);
    for (auto flips = 1 + made_up.below(20); flips > 0; --flips) sections.flip_written(made_up);
    sections.seal();
    use(sections, made_up);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace cdx::inverted
