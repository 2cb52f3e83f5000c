#include "inverted/inverted.h"

#include <gtest/gtest.h>

#include "inverted/reference.h"

namespace cdx::inverted {
namespace {

std::set<std::uint32_t> rows_of(const std::vector<std::uint64_t>& bits) {
  std::set<std::uint32_t> out;
  for (std::uint32_t row = 0; row < bits.size() * 64; ++row)
    if ((bits[row / 64] >> (row % 64) & 1U) != 0) out.insert(row);
  return out;
}

void check_words(const Inverted& index, const Reference& reference, const Stem& stem) {
  ASSERT_EQ(index.terms(), reference.terms().size());
  ASSERT_EQ(index.surfaces(), reference.surfaces().size());
  std::uint32_t number = 0;
  for (const auto& [term, rows] : reference.terms()) {
    ASSERT_EQ(index.term(number), term);
    ASSERT_EQ(index.find_term(term), number);
    ASSERT_EQ(index.rows_with_term(number), rows.size());
    std::vector<std::uint64_t> bits((index.rows() + 63) / 64);
    const std::vector<std::vector<std::uint32_t>> alone{{number}};
    ASSERT_TRUE(index.mark_phrase(Call{}, alone, nothing, bits));
    ASSERT_EQ(rows_of(bits), rows);
    ++number;
  }
  number = 0;
  for (const auto& [surface, rows] : reference.surfaces()) {
    ASSERT_EQ(index.surface(number), surface);
    const auto [first, end] = index.surfaces_starting_with(surface);
    ASSERT_EQ(first, number);
    ASSERT_GT(end, number);
    ASSERT_EQ(index.rows_with_surface(number), rows.size());
    ASSERT_EQ(index.term(index.term_of(number)), stem(surface));
    ++number;
  }
}

void check_rows(const Inverted& index, const Reference& reference, std::size_t fields, MadeUp& made_up) {
  ASSERT_EQ(index.rows(), reference.rows());
  for (std::size_t field = 0; field < fields; ++field) {
    ASSERT_EQ(index.total(field).length, reference.total(field).length);
    ASSERT_EQ(index.total(field).documents, reference.total(field).documents);
  }
  std::vector<std::uint32_t> surfaces;
  for (std::uint32_t row = 0; row < index.rows(); ++row) {
    std::set<std::string> owed, got;
    for (std::size_t field = 0; field < fields; ++field) {
      const auto& text = reference.texts(row)[field];
      ASSERT_EQ(index.length(field, row), text.size());
      owed.insert(text.begin(), text.end());
    }
    index.surfaces_of(row, surfaces);
    ASSERT_TRUE(std::is_sorted(surfaces.begin(), surfaces.end()));
    for (const auto surface : surfaces) got.emplace(index.surface(surface));
    ASSERT_EQ(got, owed);
    const auto term = static_cast<std::uint32_t>(made_up.below(index.terms()));
    std::map<std::size_t, std::uint32_t> counts;
    index.counts(term, row, [&](std::size_t field, std::uint32_t count) { counts[field] = count; });
    ASSERT_EQ(counts, reference.counts(std::string(index.term(term)), row));
  }
}

void check_phrases(const Inverted& index, const Reference& reference, std::size_t fields, MadeUp& made_up,
                   int times) {
  std::size_t found = 0;
  for (int i = 0; i < times; ++i) {
    std::vector<std::vector<std::string>> plain;
    const auto& texts = reference.texts(made_up.below(reference.rows()));
    const auto& text = texts[made_up.below(fields)];
    if (text.empty()) continue;
    const auto at = made_up.below(text.size());
    for (std::size_t n = 0; n < 1 + made_up.below(4); ++n) {
      auto& place = plain.emplace_back();
      place.push_back(cut_ending(at + n < text.size() ? text[at + n] : made_up.word()));
      while (made_up.chance(0.3)) place.push_back(cut_ending(made_up.word()));
    }
    std::vector<std::vector<std::uint32_t>> places;
    for (const auto& terms : plain) {
      auto& place = places.emplace_back();
      for (const auto& term : terms) place.push_back(index.find_term(term));
    }
    const auto field = made_up.chance(0.5) ? nothing : static_cast<std::uint32_t>(made_up.below(fields));
    std::vector<std::uint64_t> bits((index.rows() + 63) / 64);
    ASSERT_TRUE(index.mark_phrase(Call{}, places, field, bits));
    const auto owed = reference.phrase(plain, field);
    ASSERT_EQ(rows_of(bits), owed);
    found += owed.size();
  }
  EXPECT_TRUE(times <= 100 || found > 0);
}

void check_all(std::uint64_t seed, std::size_t rows, std::size_t fields, const Stem& stem, int phrases) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  MadeUp made_up(seed);
  Reference reference(fields, stem);
  for (std::size_t row = 0; row < rows; ++row) reference.add_row(made_up.texts(fields));
  MemorySections sections;
  build(all_texts(reference), fields, made_up.scoring(fields), stem, sections, "text.");
  const auto index = *Inverted::open(sections, "text.");
  ASSERT_EQ(index.fields(), fields);
  check_words(index, reference, stem);
  if (index.terms() == 0) return;
  check_rows(index, reference, fields, made_up);
  if (phrases > 0) check_phrases(index, reference, fields, made_up, phrases);
}

TEST(Inverted, GivesBackWhatWasAdded) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    check_all(seed, 1 + seed * 5, 1 + seed % 3, cut_ending, 10);
  check_all(99, 3'000, 3, cut_ending, 300);
}

TEST(Inverted, KeepsNoSurfacesWhereTheyAreTheTerms) {
  check_all(5, 1'000, 2, as_written, 0);
  MemorySections sections;
  build({{{"a", "b"}}}, 1, Scoring{1.2, {{}}}, as_written, sections);
  EXPECT_FALSE(sections.has("surfaces.bytes"));
  EXPECT_TRUE(sections.has("terms.bytes"));
}

TEST(Inverted, NoSectionsAreNoRows) {
  const MemorySections sections;
  const auto index = *Inverted::open(sections, "x.");
  EXPECT_EQ(index.rows(), 0U);
  EXPECT_EQ(index.terms(), 0U);
  EXPECT_EQ(index.find_term("a"), nothing);
  const auto best = *index.best(Call{}, std::vector<Word>{{{{0, 1.0}}}}, Scoring{}, {}, 10);
  EXPECT_TRUE(best.rows.empty());
  EXPECT_TRUE(best.exact);
}

TEST(Inverted, NoRowsAndEmptyRowsCanBeWritten) {
  for (const std::size_t rows : {std::size_t{0}, std::size_t{1}, std::size_t{130}}) {
    MemorySections sections;
    build(std::vector<Texts>(rows, Texts(2)), 2, Scoring{1.2, {{}, {}}}, as_written, sections);
    const auto index = *Inverted::open(sections, "");
    EXPECT_EQ(index.rows(), rows);
    EXPECT_EQ(index.terms(), 0U);
    EXPECT_EQ(index.find_term(""), nothing);
    std::vector<std::uint32_t> surfaces{1};
    if (rows > 0) index.surfaces_of(static_cast<std::uint32_t>(rows - 1), surfaces);
    EXPECT_EQ(surfaces.size(), rows > 0 ? 0U : 1U);
  }
}

TEST(Inverted, LengthsOfAnySizeAreExact) {
  for (const std::size_t longest : {std::size_t{255}, std::size_t{256}, std::size_t{70'000}}) {
    std::vector<Texts> rows(300, Texts{{"short"}});
    rows[17] = {std::vector<std::string>(longest, "again")};
    rows[18][0].emplace_back("again");
    MemorySections sections;
    const Scoring scoring{1.2, {{}}};
    build(rows, 1, scoring, as_written, sections);
    const auto index = *Inverted::open(sections, "");
    EXPECT_EQ(index.length(0, 17), longest);
    EXPECT_EQ(index.length(0, 16), 1U);
    std::uint32_t held = 0;
    index.counts(index.find_term("again"), 17, [&](std::size_t, std::uint32_t count) { held = count; });
    EXPECT_EQ(held, longest);
    const std::vector<Word> words{{{{index.find_term("again"), 1.0}}}};
    const auto best = *index.best(Call{}, words, scoring, {}, 10);
    ASSERT_EQ(best.rows.size(), 2U);
    const auto count = static_cast<double>(longest), tf = count / (0.25 + 0.75 * count);
    EXPECT_NEAR(best.rows[0].row == 17 ? best.rows[0].score : best.rows[1].score, tf * 2.2 / (1.2 + tf),
                1e-5);
  }
}

TEST(Inverted, PhrasesAreFoundUpToTheFarPositions) {
  std::vector<std::string> text(65'600, "filler");
  text[65'533] = "first";
  text[65'534] = "second";
  text[65'590] = "third";
  text[65'591] = "fourth";
  MemorySections sections;
  build({{text}}, 1, Scoring{1.2, {{}}}, as_written, sections);
  const auto index = *Inverted::open(sections, "");
  const auto finds = [&](const char* a, const char* b) {
    std::vector<std::uint64_t> bits(1);
    const std::vector<std::vector<std::uint32_t>> places{{index.find_term(a)}, {index.find_term(b)}};
    EXPECT_TRUE(index.mark_phrase(Call{}, places, nothing, bits));
    return bits[0] == 1;
  };
  EXPECT_TRUE(finds("first", "second"));
  EXPECT_FALSE(finds("second", "third"));
  EXPECT_FALSE(finds("third", "fourth"));
  EXPECT_TRUE(finds("filler", "filler"));
}

TEST(Inverted, PrefixesGiveARange) {
  MemorySections sections;
  build({{{"ab", "abc", "abd", "b", "\xC3\xA4", ""}}}, 1, Scoring{1.2, {{}}}, as_written, sections);
  const auto index = *Inverted::open(sections, "");
  const auto range = [&](std::string_view prefix) {
    const auto got = index.terms_starting_with(prefix);
    return std::pair(got.begin, got.end);
  };
  EXPECT_EQ(range("ab"), std::pair(1U, 4U));
  EXPECT_EQ(range("abc"), std::pair(2U, 3U));
  EXPECT_EQ(range(""), std::pair(0U, 6U));
  EXPECT_EQ(range("c"), std::pair(5U, 5U));
  EXPECT_EQ(range("\xC3"), std::pair(5U, 6U));
  EXPECT_EQ(index.find_term(""), 0U);
}

TEST(Inverted, LongWordsAreKept) {
  std::vector<Texts> rows{{{std::string(70'000, 'x'), "b", std::string(200'000, 'y')}}};
  for (char c = 'c'; c < 'x'; ++c) rows[0][0].emplace_back(9'000, c);
  Reference reference(1, as_written);
  reference.add_row(rows[0]);
  MemorySections sections;
  build(rows, 1, Scoring{1.2, {{}}}, as_written, sections);
  check_words(*Inverted::open(sections, ""), reference, as_written);
}

TEST(Inverted, APhraseThatNobodyWaitsForIsGivenUp) {
  MemorySections sections;
  const std::vector<std::string> text{"one", "two"};
  build(std::vector<Texts>(5'000, Texts{text}), 1, Scoring{1.2, {{}}}, as_written, sections);
  const auto index = *Inverted::open(sections, "");
  const std::vector<std::vector<std::uint32_t>> places{{index.find_term("one")}, {index.find_term("two")}};
  std::vector<std::uint64_t> bits((index.rows() + 63) / 64);
  std::stop_source stop;
  stop.request_stop();
  const Call stopped{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(index.mark_phrase(stopped, places, nothing, bits).error().kind, ErrorKind::cancelled);
  const Call late{std::chrono::steady_clock::now() - std::chrono::seconds(1), {}};
  EXPECT_EQ(index.mark_phrase(late, places, nothing, bits).error().kind, ErrorKind::timed_out);
  EXPECT_EQ(rows_of(bits).size(), 0U);
  EXPECT_TRUE(index.mark_phrase(Call{}, places, nothing, bits));
  EXPECT_EQ(rows_of(bits).size(), 5'000U);
}

}  // namespace
}  // namespace cdx::inverted
