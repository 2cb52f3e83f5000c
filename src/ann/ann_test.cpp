#include "ann/ann.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "ann/made_up.h"

namespace cdx::ann {
namespace {

struct Built {
  Rows rows;
  std::vector<std::uint32_t> owners;
  std::size_t documents = 0;
  MemorySections sections;
  Field field;
};

void build(Built& out, const Options& options) {
  ASSERT_TRUE(write_field({}, source_of(out.rows, out.owners, out.documents), options, out.sections, "v."));
  auto field = Field::open(out.sections, "v.");
  ASSERT_TRUE(field) << field.error().message;
  out.field = *std::move(field);
}

void build_plain(Built& out, std::size_t count, std::size_t dimension, const Options& options) {
  out.rows = clustered(count, dimension, 1);
  out.owners = source_of(out.rows).owners;
  out.documents = count;
  build(out, options);
}

double mean_recall(const Built& built, const Rows& questions, std::size_t k,
                   const std::vector<std::uint64_t>& allowed = {}) {
  double sum = 0;
  for (const auto& question : questions) {
    const auto wanted = exact(built.rows, built.owners, question, k, allowed);
    const auto answer = ask(built.field, question, k, allowed);
    EXPECT_EQ(answer.best.size(), wanted.size());
    sum += recall(answer.best, wanted);
  }
  return sum / static_cast<double>(questions.size());
}

class EveryDimension : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryDimension, ScansFindTheNearest) {
  Built built;
  build_plain(built, 700, GetParam(), {});
  EXPECT_FALSE(built.field.has_graph());
  EXPECT_GE(mean_recall(built, clustered(30, GetParam(), 1, 1), 10), 0.995);
}

// Long enough that sketches narrow it first: rows in clusters, and rows that lie anywhere.
TEST_P(EveryDimension, LongListsFindTheNearest) {
  for (const std::size_t clusters : {30U, 6'000U}) {
    Built built;
    built.rows = clustered(6'000, GetParam(), 1, 0, clusters);
    built.owners = source_of(built.rows).owners;
    built.documents = built.rows.size();
    build(built, {});
    EXPECT_FALSE(built.field.has_graph());
    std::set<std::uint32_t> most;
    for (std::uint32_t i = 0; i < built.documents; ++i)
      if (i % 5 != 0) most.insert(i);
    const auto questions = clustered(20, GetParam(), 1, 1, clusters);
    for (const std::size_t k : {1U, 10U, 200U}) {
      EXPECT_GE(mean_recall(built, questions, k), 0.99) << clusters << " clusters, k " << k;
      EXPECT_GE(mean_recall(built, questions, k, bits_of(most, built.documents)), 0.99) << clusters;
    }
  }
}

TEST_P(EveryDimension, WalksFindTheNearest) {
  Built built;
  build_plain(built, 3000, GetParam(), with_graph());
  const auto questions = clustered(60, GetParam(), 1, 1);
  EXPECT_EQ(ask(built.field, questions[0], 10).way, Answer::Way::graph);
  EXPECT_GE(mean_recall(built, questions, 10), 0.985);
}

INSTANTIATE_TEST_SUITE_P(Of, EveryDimension, testing::Values(1, 5, 100, 384, 512, 768, 1536));

TEST(Field, SimilaritiesAreThoseOfTheFullRows) {
  Built built;
  build_plain(built, 2000, 384, with_graph());
  for (const auto& question : clustered(10, 384, 1, 1)) {
    const auto all = exact(built.rows, built.owners, question, built.rows.size());
    for (const auto& one : ask(built.field, question, 20).best) {
      const auto truth =
          std::find_if(all.begin(), all.end(), [&](const auto& of) { return of.document == one.document; });
      EXPECT_NEAR(one.similarity, truth->similarity, 2e-5);
    }
  }
}

TEST(Field, GivesBackItsRowsTo16Bits) {
  Built built;
  build_plain(built, 50, 384, {});
  for (std::uint32_t i = 0; i < 50; ++i) {
    const auto rows = built.field.rows_of(i);
    ASSERT_EQ(rows.size(), 1U);
    std::vector<float> copy(384);
    built.field.copy_row(i, copy.data());
    EXPECT_EQ(copy, rows[0]);
    EXPECT_EQ(built.field.owner(i), i);
    for (std::size_t j = 0; j < 384; ++j) EXPECT_NEAR(copy[j], built.rows[i][j], 1e-5);
  }
  EXPECT_TRUE(built.field.rows_of(50).empty());
}

class EveryFilter : public testing::TestWithParam<double> {};

TEST_P(EveryFilter, HoldsRecallAndCount) {
  Built built;
  build_plain(built, 6000, 64, with_graph());
  std::mt19937 random(3);
  std::set<std::uint32_t> allowed;
  for (std::uint32_t i = 0; i < built.documents; ++i)
    if (std::uniform_real_distribution<double>()(random) < GetParam()) allowed.insert(i);
  if (allowed.empty()) allowed.insert(4711);
  const auto bits = bits_of(allowed, built.documents);
  for (const std::size_t k : {1U, 10U, 100U})
    EXPECT_GE(mean_recall(built, clustered(40, 64, 1, 1), k, bits), 0.985) << "k " << k;
}

INSTANTIATE_TEST_SUITE_P(Share, EveryFilter, testing::Values(1.0, 0.5, 0.1, 0.03, 0.01, 0.001, 0.0001));

TEST(Filters, MayAllowNothingOneOrAll) {
  Built built;
  build_plain(built, 3000, 32, with_graph());
  const auto question = clustered(1, 32, 1, 1)[0];
  EXPECT_TRUE(ask(built.field, question, 10, bits_of({}, 3000)).best.empty());
  EXPECT_THAT(ask(built.field, question, 10, bits_of({1234}, 3000)).best,
              testing::ElementsAre(testing::Field(&Neighbour::document, 1234U)));
  std::set<std::uint32_t> all;
  for (std::uint32_t i = 0; i < 3000; ++i) all.insert(i);
  EXPECT_EQ(ask(built.field, question, 10, bits_of(all, 3000)).best.size(), 10U);
}

TEST(Filters, ThatFollowTheVectorsHoldRecall) {
  Built built;
  build_plain(built, 6000, 64, with_graph());
  for (const double share : {0.2, 0.02}) {
    double near_sum = 0, far_sum = 0;
    const auto questions = clustered(20, 64, 1, 1);
    for (const auto& question : questions) {
      const auto ranked = exact(built.rows, built.owners, question, built.rows.size());
      std::set<std::uint32_t> near, far;
      for (std::size_t i = 0; i < ranked.size(); ++i)
        (static_cast<double>(i) < share * 6000 ? near : far).insert(ranked[i].document);
      for (auto* side : {&near, &far}) {
        const auto bits = bits_of(*side, built.documents);
        const auto wanted = exact(built.rows, built.owners, question, 10, bits);
        const auto found = ask(built.field, question, 10, bits).best;
        ASSERT_EQ(found.size(), 10U);
        (side == &near ? near_sum : far_sum) += recall(found, wanted);
      }
    }
    EXPECT_GE(near_sum / 20, 0.985) << share;
    EXPECT_GE(far_sum / 20, 0.985) << share;
  }
}

// What remains when the nearest are cut off lies far denser than the nearest do: the best by code are not the
// best, and no window is wide enough at once.
class CutOff : public testing::TestWithParam<double> {
 protected:
  static void SetUpTestSuite() {
    built_ = new Built;
    built_->rows = clustered(20'000, 64, 7, 0, 200);
    built_->owners = source_of(built_->rows).owners;
    built_->documents = built_->rows.size();
    build(*built_, with_graph());
  }
  static void TearDownTestSuite() { delete built_; }
  static Built* built_;
};
Built* CutOff::built_ = nullptr;

TEST_P(CutOff, WhatIsNextIsFoundAtThePriceOfAScan) {
  const auto rows = built_->rows.size();
  const auto questions = clustered(40, 64, 7, 1, 200);
  double sum = 0;
  for (const auto& question : questions) {
    const auto ranked = exact(built_->rows, built_->owners, question, rows);
    const auto cut = static_cast<std::size_t>(GetParam() * static_cast<double>(rows));
    std::set<std::uint32_t> rest;
    for (std::size_t i = cut; i < rows; ++i) rest.insert(ranked[i].document);
    const auto answer = ask(built_->field, question, 10, bits_of(rest, built_->documents));
    const std::vector<Neighbour> wanted(ranked.begin() + static_cast<std::ptrdiff_t>(cut),
                                        ranked.begin() + static_cast<std::ptrdiff_t>(cut) + 10);
    ASSERT_EQ(answer.best.size(), 10U);
    sum += recall(answer.best, wanted);
    // Twice, where the first scan shows that it kept too little, and a walk that was given up before.
    EXPECT_LT(answer.compared, 2.3 * static_cast<double>(rows));
  }
  EXPECT_GE(sum / static_cast<double>(questions.size()), 0.985);
}

INSTANTIATE_TEST_SUITE_P(Share, CutOff, testing::Values(0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6));

TEST(Filters, NeverReturnWhatIsNotAllowed) {
  Built built;
  build_plain(built, 4000, 48, with_graph());
  std::set<std::uint32_t> allowed;
  for (std::uint32_t i = 0; i < 4000; i += 3) allowed.insert(i);
  const auto bits = bits_of(allowed, 4000);
  for (const auto& question : clustered(20, 48, 1, 2))
    for (const auto& one : ask(built.field, question, 50, bits).best)
      EXPECT_TRUE(allowed.contains(one.document));
}

TEST(Documents, MayHaveManyRowsOrNone) {
  for (const bool graph : {false, true}) {
    Built built;
    std::mt19937 random(5);
    for (std::uint32_t document = 0; document < 900; ++document)
      for (auto left = random() % 6; left > 0; --left) built.owners.push_back(document);
    built.documents = 900;
    built.rows = clustered(built.owners.size(), 64, 1);
    build(built, graph ? with_graph() : Options{});
    for (const std::size_t k : {1U, 10U, 60U})
      EXPECT_GE(mean_recall(built, clustered(40, 64, 1, 1), k), 0.985) << k;
    std::set<std::uint32_t> allowed;
    for (std::uint32_t i = 0; i < 900; i += 4) allowed.insert(i);
    EXPECT_GE(mean_recall(built, clustered(40, 64, 1, 1), 10, bits_of(allowed, 900)), 0.985);

    const auto question = clustered(1, 64, 1, 1)[0];
    std::vector<std::uint32_t> documents;
    for (std::uint32_t i = 0; i < 900; ++i) documents.push_back(i);
    std::vector<float> out(900);
    built.field.similarities(question, documents, out.data());
    const auto truth = exact(built.rows, built.owners, question, 900);
    std::vector<float> wanted(900, std::nanf(""));
    for (const auto& one : truth) wanted[one.document] = one.similarity;
    for (std::uint32_t i = 0; i < 900; ++i) {
      EXPECT_EQ(std::isnan(out[i]), std::isnan(wanted[i])) << i;
      if (!std::isnan(wanted[i])) {
        EXPECT_NEAR(out[i], wanted[i], 2e-5);
      }
      EXPECT_EQ(built.field.rows_of(i).size(),
                static_cast<std::size_t>(std::count(built.owners.begin(), built.owners.end(), i)));
    }
  }
}

TEST(Documents, FewWithVeryManyRowsAreFoundByWalks) {
  Built built;
  for (std::uint32_t document = 0; document < 60; ++document)
    built.owners.insert(built.owners.end(), 100, document * 50);
  built.documents = 3000;  // most without a row
  built.rows = clustered(built.owners.size(), 32, 1);
  build(built, with_graph());
  EXPECT_GE(mean_recall(built, clustered(30, 32, 1, 1), 3), 0.985);
  EXPECT_EQ(ask(built.field, built.rows[0], 60).best.size(), 60U);
}

TEST(Documents, OfOneRowEachMayBeSparse) {
  Built built;
  built.rows = clustered(500, 32, 1);
  for (std::uint32_t i = 0; i < 500; ++i) built.owners.push_back(7 * i + 3);
  built.documents = 5000;
  build(built, with_graph());
  EXPECT_GE(mean_recall(built, clustered(30, 32, 1, 1), 10), 0.985);
  EXPECT_EQ(ask(built.field, built.rows[0], 600).best.size(), 500U);
}

TEST(Ties, GoToTheSmallerDocument) {
  Built built;
  const auto row = clustered(1, 96, 1)[0];
  built.rows.assign(400, row);
  built.owners = source_of(built.rows).owners;
  built.documents = 400;
  build(built, {});
  const auto best = ask(built.field, row, 400).best;
  ASSERT_EQ(best.size(), 400U);
  for (std::uint32_t i = 0; i < 400; ++i) EXPECT_EQ(best[i].document, i);
}

TEST(Ties, AmongManyEqualRowsDoNotHideTheOthers) {
  Built built;
  built.rows = clustered(4000, 96, 1);
  for (std::size_t i = 500; i < 1200; ++i) built.rows[i] = built.rows[500];
  for (std::size_t i = 1500; i < 1600; ++i) built.rows[i].assign(96, 0);  // no direction at all
  built.owners = source_of(built.rows).owners;
  built.documents = 4000;
  build(built, with_graph());
  EXPECT_EQ(ask(built.field, built.rows[0], 10).way, Answer::Way::graph);
  EXPECT_GE(mean_recall(built, clustered(60, 96, 1, 1), 10), 0.985);
  EXPECT_GE(mean_recall(built, {built.rows[500], built.rows[3], built.rows[1900]}, 10), 0.985);
}

TEST(Search, AsksForMoreThanThereIs) {
  Built built;
  build_plain(built, 300, 32, with_graph());
  EXPECT_EQ(ask(built.field, built.rows[0], 1000).best.size(), 300U);
  EXPECT_TRUE(ask(built.field, built.rows[0], 0).best.empty());
}

TEST(Search, OfAFieldWithoutRowsFindsNothing) {
  MemorySections sections;
  ASSERT_TRUE(write_field({}, source_of(Rows{}), {}, sections, "v."));
  auto field = Field::open(sections, "v.");
  ASSERT_TRUE(field);
  EXPECT_EQ(field->rows(), 0U);
  EXPECT_FALSE(field->has_graph());
  EXPECT_TRUE(ask(*field, {1, 0}, 10).best.empty());
  EXPECT_TRUE(field->rows_of(0).empty());
  EXPECT_EQ(Field().rows(), 0U);
}

TEST(Search, SurvivesVectorsThatAreNoDirection) {
  Built built;
  build_plain(built, 3000, 32, with_graph());
  EXPECT_EQ(ask(built.field, std::vector<float>(32, 0), 10).best.size(), 10U);
  EXPECT_EQ(ask(built.field, std::vector<float>(32, std::nanf("")), 10).best.size(), 10U);
  EXPECT_EQ(ask(built.field, std::vector<float>(32, INFINITY), 10).best.size(), 10U);
}

TEST(Search, WorksHarderWhenAsked) {
  Built built;
  build_plain(built, 6000, 64, with_graph());
  const auto questions = clustered(20, 64, 1, 1);
  std::size_t little = 0, much = 0;
  for (const auto& question : questions) {
    little += ask(built.field, question, 10, {}, 10).compared;
    much += ask(built.field, question, 10, {}, 200).compared;
  }
  EXPECT_GT(2 * much, 3 * little);
}

bool same(const Answer& a, const Answer& b) {
  return a.way == b.way && a.compared == b.compared &&
         std::equal(a.best.begin(), a.best.end(), b.best.begin(), b.best.end(),
                    [](const Neighbour& x, const Neighbour& y) {
                      return x.document == y.document && x.similarity == y.similarity;
                    });
}

TEST(Answers, AreEqualOnEveryThreadAndInstructionSet) {
  Built built;
  build_plain(built, 5000, 200, with_graph());
  const auto questions = clustered(50, 200, 1, 1);
  std::set<std::uint32_t> half;
  for (std::uint32_t i = 0; i < 5000; i += 2) half.insert(i);
  const auto bits = bits_of(half, 5000);
  std::vector<Answer> expected, filtered;
  for (const auto& question : questions) {
    expected.push_back(ask(built.field, question, 10));
    filtered.push_back(ask(built.field, question, 10, bits));
  }
  const auto check = [&] {
    for (std::size_t i = 0; i < questions.size(); ++i) {
      EXPECT_TRUE(same(ask(built.field, questions[i], 10), expected[i])) << i;
      EXPECT_TRUE(same(ask(built.field, questions[i], 10, bits), filtered[i])) << i;
    }
  };
  for (const auto set : instruction_sets()) {
    SCOPED_TRACE(set);
    use_instruction_set(set);
    check();
  }
  use_instruction_set("");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(check);
}

std::string all_bytes(const MemorySections& sections) {
  std::string out;
  for (const auto* name : {"mean", "upper", "upper_factors", "lower", "both_factors", "full", "owners",
                           "firsts", "links", "rows", "slots", "meta"}) {
    const auto section = sections.section(std::string("v.") + name);
    const auto bytes = section.part(0, section.size());
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return out;
}

TEST(Writing, GivesTheSameBytesWhateverTheThreads) {
  const auto rows = clustered(3000, 40, 1);
  std::set<std::string> seen;
  for (const std::size_t threads : {1U, 1U, 3U}) {
    auto options = with_graph();
    options.threads = threads;
    MemorySections sections;
    ASSERT_TRUE(write_field({}, source_of(rows), options, sections, "v."));
    seen.insert(all_bytes(sections));
  }
  EXPECT_EQ(seen.size(), 1U);
}

TEST(Writing, RefusesWhatDoesNotFit) {
  const auto rows = clustered(3, 8, 1);
  const auto kind = [&](Source source, Options options = {}) {
    MemorySections sections;
    const auto status = write_field({}, source, options, sections, "v.");
    return status ? ErrorKind::internal : status.error().kind;
  };
  auto source = source_of(rows);
  source.dimension = 0;
  EXPECT_EQ(kind(source), ErrorKind::invalid);
  source.dimension = most_dimensions + 1;
  EXPECT_EQ(kind(source), ErrorKind::invalid);
  EXPECT_EQ(kind(source_of(rows, {0, 2, 1}, 3)), ErrorKind::invalid);
  EXPECT_EQ(kind(source_of(rows, {0, 1, 3}, 3)), ErrorKind::invalid);
  Options none;
  none.degree = 0;
  EXPECT_EQ(kind(source_of(rows), none), ErrorKind::invalid);
}

TEST(Writing, StopsWhenAsked) {
  const auto rows = clustered(5000, 16, 1);
  std::stop_source stop;
  auto source = source_of(rows);
  std::size_t reads = 0;
  source.read = [&](std::size_t row, float* out) {
    std::copy(rows[row].begin(), rows[row].end(), out);
    if (++reads == 6000) stop.request_stop();  // while the codes are made
  };
  MemorySections sections;
  Call call;
  call.stop = stop.get_token();
  const auto status = write_field(call, source, with_graph(), sections, "v.");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(sections.has("v.meta"));
  EXPECT_LT(reads, 9000U);
}

}  // namespace
}  // namespace cdx::ann
