// Questions against the plain reference.
#include <gtest/gtest.h>

#include <thread>

#include "inverted/reference.h"

namespace cdx::inverted {
namespace {

using Readings = std::vector<Reference::PlainReading>;

struct Question {
  std::vector<Readings> plain;
  std::vector<Word> words;
};

struct Asked {
  Question question;
  Scoring scoring;
  std::vector<std::uint64_t> allowed;
  std::size_t k = 10;
  float floor = 0;
};

class World {
 public:
  World(std::uint64_t seed, std::size_t rows, std::size_t fields)
      : made_up(seed), reference(fields, cut_ending), fields_(fields) {
    for (std::size_t row = 0; row < rows; ++row) reference.add_row(made_up.texts(fields));
    expected = made_up.scoring(fields);
    build(all_texts(reference), fields, expected, cut_ending, sections);
    index = *Inverted::open(sections, "");
  }

  Question question() {
    Question out;
    for (auto words = 1 + made_up.below(4); words > 0; --words) {
      Readings readings;
      Word word;
      for (auto n = made_up.chance(0.7) ? 1 : 1 + made_up.below(6); n > 0; --n) {
        const auto term = made_up.chance(0.05) ? "everywhere" : cut_ending(made_up.word());
        const auto weight = made_up.between(0.1, 8);
        if (index.find_term(term) != nothing) readings.push_back({term, weight});
        word.readings.push_back({index.find_term(term), weight});
      }
      out.plain.push_back(readings);
      out.words.push_back(word);
    }
    return out;
  }

  Asked ask() {
    Asked out;
    out.question = question();
    out.scoring = expected;
    if (made_up.chance(0.5)) {
      for (auto& field : out.scoring.fields) field.mean_length *= made_up.between(0.3, 3);
    } else if (made_up.chance(0.5)) {
      out.scoring = made_up.scoring(fields_);
    }
    constexpr double shares[] = {0.0, 0.002, 0.05, 0.5, 1.0};
    if (made_up.chance(0.5)) out.allowed = made_up.rows(reference.rows(), shares[made_up.below(5)]);
    constexpr std::size_t depths[] = {0, 1, 3, 10, 31, 33, 100, 1'000, 100'000};
    out.k = depths[made_up.below(9)];
    if (made_up.chance(0.1)) out.floor = static_cast<float>(made_up.between(0, 10));
    return out;
  }

  MadeUp made_up;
  Reference reference;
  Scoring expected;
  MemorySections sections;
  Inverted index;

 private:
  std::size_t fields_;
};

bool is_allowed(const Asked& asked, std::uint32_t row) {
  return asked.allowed.empty() || (asked.allowed[row / 64] >> (row % 64) & 1U) != 0;
}

void check_order(const Best& best) {
  for (std::size_t i = 1; i < best.rows.size(); ++i) {
    const auto &a = best.rows[i - 1], &b = best.rows[i];
    ASSERT_TRUE(a.score > b.score || (a.score == b.score && a.row < b.row)) << "place " << i;
  }
}

// Compares with the reference; scores may differ by a hundred-thousandth.
void check(const World& world, const Asked& asked, const Best& best, bool counted) {
  constexpr double apart = 1e-5;
  const auto scores = world.reference.scores(asked.question.plain, asked.scoring);
  std::vector<double> all;
  for (std::uint32_t row = 0; row < scores.size(); ++row) {
    if (scores[row] > 0 && is_allowed(asked, row)) all.push_back(scores[row]);
  }
  const auto matching = all.size();
  std::sort(all.begin(), all.end(), std::greater<>());
  check_order(best);
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < best.rows.size(); ++i) {
    const auto [row, score] = best.rows[i];
    ASSERT_TRUE(seen.insert(row).second && is_allowed(asked, row));
    ASSERT_NEAR(score, scores[row], apart * scores[row]);
    ASSERT_NEAR(score, all[i], apart * all[i]) << "place " << i;
  }
  auto owed = std::min(asked.k, matching);
  while (owed > 0 && all[owed - 1] < static_cast<double>(asked.floor) * (1 + apart)) --owed;
  ASSERT_GE(best.rows.size(), owed);
  ASSERT_LE(best.at_least, matching);
  ASSERT_GE(best.at_least, best.rows.size());
  ASSERT_TRUE(best.exact || !counted);
  ASSERT_TRUE(best.at_least == matching || !best.exact);
}

bool equal(const Best& a, const Best& b) {
  return a.rows.size() == b.rows.size() &&
         std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(),
                    [](const Scored& x, const Scored& y) { return x.row == y.row && x.score == y.score; });
}

void check_questions(std::uint64_t seed, std::size_t rows, std::size_t fields, int times) {
  World world(seed, rows, fields);
  for (int i = 0; i < times; ++i) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", question " + std::to_string(i));
    const auto asked = world.ask();
    const auto run = [&](bool count) {
      return *world.index.best(Call{}, asked.question.words, asked.scoring, asked.allowed, asked.k,
                               asked.floor, count);
    };
    const auto best = run(false), counted = run(true);
    check(world, asked, best, false);
    if (testing::Test::HasFatalFailure()) return;
    check(world, asked, counted, true);
    if (testing::Test::HasFatalFailure()) return;
    // What is skipped changes no bit of the answer.
    ASSERT_TRUE(equal(best, counted));

    const auto plain = world.reference.scores(asked.question.plain, asked.scoring);
    std::vector<std::uint32_t> some;
    for (std::uint32_t row = 0; row < world.index.rows(); ++row)
      if (world.made_up.chance(0.2)) some.push_back(row);
    std::vector<float> scores(some.size());
    world.index.scores(asked.question.words, asked.scoring, some, scores.data());
    for (std::size_t j = 0; j < some.size(); ++j) {
      const auto owed = plain[some[j]];
      ASSERT_NEAR(scores[j], owed, 1e-5 * owed);
    }
    for (const auto& one : best.rows) {
      const auto at = std::lower_bound(some.begin(), some.end(), one.row);
      if (at == some.end() || *at != one.row) continue;
      ASSERT_EQ(one.score, scores[static_cast<std::size_t>(at - some.begin())]);
    }
  }
}

TEST(Search, AnswersOfFewRowsAreThoseOfTheReference) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) check_questions(seed, seed, 1 + seed % 4, 20);
}
TEST(Search, AnswersOverOneFieldAreThoseOfTheReference) { check_questions(101, 4'000, 1, 500); }
TEST(Search, AnswersOverThreeFieldsAreThoseOfTheReference) { check_questions(102, 4'000, 3, 400); }
TEST(Search, AnswersOfManyRowsAreThoseOfTheReference) { check_questions(103, 30'000, 2, 40); }

TEST(Search, AnswersAreTheSameFromManyThreads) {
  World world(7, 5'000, 2);
  std::vector<Asked> asked;
  std::vector<Best> alone;
  for (int i = 0; i < 100; ++i) asked.push_back(world.ask());
  const auto run = [&](const Asked& one) {
    return *world.index.best(Call{}, one.question.words, one.scoring, one.allowed, one.k, one.floor);
  };
  for (const auto& one : asked) alone.push_back(run(one));
  std::vector<std::thread> threads;
  std::vector<int> differing(4);
  for (std::size_t t = 0; t < differing.size(); ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < asked.size(); ++i) differing[t] += equal(run(asked[i]), alone[i]) ? 0 : 1;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(differing, std::vector<int>(4));
}

TEST(Search, EqualScoresComeByRow) {
  std::vector<Texts> rows(5'000, Texts{{"same", "words"}});
  MemorySections sections;
  build(rows, 1, Scoring{1.2, {{}}}, as_written, sections);
  const auto index = *Inverted::open(sections, "");
  const std::vector<Word> words{{{{index.find_term("same"), 1.0}}}};
  for (const std::size_t k : {std::size_t{7}, std::size_t{700}}) {
    const auto best = *index.best(Call{}, words, Scoring{1.2, {{}}}, {}, k);
    ASSERT_EQ(best.rows.size(), k);
    for (std::uint32_t i = 0; i < k; ++i) ASSERT_EQ(best.rows[i].row, i);
  }
}

TEST(Search, BoundsHoldHoweverTheStatisticsMove) {
  World world(21, 6'000, 2);
  for (const double factor : {1e-3, 0.1, 10.0, 1e3}) {
    auto asked = world.ask();
    asked.allowed.clear();
    asked.floor = 0;
    asked.k = 10;
    for (auto& field : asked.scoring.fields) field.mean_length *= factor;
    check(world, asked, *world.index.best(Call{}, asked.question.words, asked.scoring, {}, 10), false);
  }
}

TEST(Search, StopsWhenToldTo) {
  World world(31, 100, 1);
  std::stop_source stop;
  stop.request_stop();
  const auto asked = world.ask();
  const auto got =
      world.index.best(Call{.stop = stop.get_token()}, asked.question.words, asked.scoring, {}, 10);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace cdx::inverted
