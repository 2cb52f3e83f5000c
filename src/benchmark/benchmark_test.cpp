#include "benchmark/benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>

#include "benchmark/creators.h"
#include "benchmark/exhaustive_words.h"
#include "benchmark/join.h"
#include "benchmark/nearest.h"
#include "benchmark/speed.h"

namespace cdx::benchmark {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / (std::string("benchmark_") + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) const {
    auto path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  // Random unit rows as a .npy file.
  std::string write_rows_of(const std::string& name, std::size_t rows, std::size_t columns,
                            unsigned seed) const {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::string head = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(columns) + "), }";
    head.append(117 - head.size(), ' ');
    head += '\n';
    std::string bytes("\x93NUMPY\x01\x00\x76\x00", 10);
    bytes += head;
    for (std::size_t i = 0; i < rows; ++i) {
      std::vector<float> row(columns);
      float sum = 0;
      for (auto& value : row) {
        value = normal(random);
        sum += value * value;
      }
      for (auto& value : row) value /= std::sqrt(sum);
      bytes.append(reinterpret_cast<const char*>(row.data()), columns * sizeof(float));
    }
    return write(name, bytes);
  }
  std::filesystem::path folder_;
};

TEST(Percentile, IsLinearBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(percentile({4, 1, 3, 2}, 50), 2.5);
  EXPECT_DOUBLE_EQ(percentile({4, 1, 3, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(percentile({4, 1, 3, 2}, 100), 4);
  EXPECT_DOUBLE_EQ(percentile({10, 20, 30, 40, 50}, 95), 48);
  EXPECT_DOUBLE_EQ(percentile({7}, 99), 7);
  EXPECT_DOUBLE_EQ(percentile({}, 50), 0);
}

TEST(Recall, CountsWhatOfTheTruthWasFound) {
  const RowMatrix found{2, 2, {1, 2, 3, -1}};
  const RowMatrix truth{2, 3, {2, 9, 5, 3, -1, -1}};
  EXPECT_DOUBLE_EQ(recall(found, truth, 2), 2.0 / 3);  // 2 of {2, 9}, 3 of {3}
  EXPECT_DOUBLE_EQ(recall(found, truth, 1), 1);
  EXPECT_DOUBLE_EQ(recall({1, 1, {-1}}, {1, 1, {-1}}, 1), 1);
}

TEST(SpeedOfQueries, AsksEachOnceToWarmUpAndThreeTimesUnderTheClock) {
  for (const std::size_t threads : {1U, 3U}) {
    std::vector<std::atomic<int>> asked(40);
    const auto speed = measure_speed({}, asked.size(), threads, [&](std::size_t query) -> Status {
      ++asked[query];
      return {};
    });
    ASSERT_TRUE(speed.has_value());
    for (const auto& one : asked) EXPECT_EQ(one, 4);
    EXPECT_EQ(speed->queries, 40U);
    EXPECT_EQ(speed->threads, threads);
    EXPECT_GT(speed->qps_wall, 0);
    EXPECT_LE(speed->p50_ms, speed->p95_ms);
    EXPECT_LE(speed->p95_ms, speed->p99_ms);
  }
}

TEST(SpeedOfQueries, TheFirstErrorEndsIt) {
  std::atomic<int> asked{0};
  const auto speed = measure_speed({}, 1'000, 2, [&](std::size_t query) -> Status {
    ++asked;
    return query == 10 ? Status(fail(ErrorKind::corrupt, "broken")) : Status();
  });
  ASSERT_FALSE(speed.has_value());
  EXPECT_EQ(speed.error().message, "broken");
  EXPECT_LT(asked, 1'000);
}

TEST(SpeedOfQueries, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const auto speed = measure_speed({std::chrono::steady_clock::time_point::max(), stop.get_token()}, 5, 1,
                                   [](std::size_t) -> Status { return {}; });
  ASSERT_FALSE(speed.has_value());
  EXPECT_EQ(speed.error().kind, ErrorKind::cancelled);
}

TEST_F(Files, ExactNearestEqualsThePlainOne) {
  const auto base = FloatMatrix::open(write_rows_of("b.npy", 1'100, 24, 1));
  const auto query = FloatMatrix::open(write_rows_of("q.npy", 37, 24, 2));
  ASSERT_TRUE(base && query);
  const RowBits odd((base->rows() + 63) / 64, 0xAAAAAAAAAAAAAAAAU);
  const RowBits even((base->rows() + 63) / 64, 0x5555555555555555U);
  const std::vector<std::vector<RowBits>> filters{{}, {odd}, {even, odd}};
  for (const auto& filter : filters)
    for (const std::size_t threads : {1U, 3U}) {
      const auto found = exact_nearest({}, *base, *query, query->rows(), 5, filter, threads);
      ASSERT_TRUE(found.has_value());
      for (std::size_t q = 0; q < query->rows(); ++q) {
        std::vector<std::pair<double, std::int64_t>> all;
        for (std::size_t row = 0; row < base->rows(); ++row) {
          if (filter.size() == 1 && row % 2 == 0) continue;
          if (filter.size() == 2 && row % 2 != q % 2) continue;
          double product = 0;
          for (std::size_t d = 0; d < base->columns(); ++d)
            product += static_cast<double>(base->row(row)[d]) * static_cast<double>(query->row(q)[d]);
          all.emplace_back(-product, static_cast<std::int64_t>(row));
        }
        std::sort(all.begin(), all.end());
        for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(found->row(q)[i], all[i].second);
      }
    }
}

TEST_F(Files, ExactNearestFillsUpWithMinusOne) {
  const auto base = FloatMatrix::open(write_rows_of("b.npy", 3, 4, 1));
  const std::vector<RowBits> one{{0b010}};
  const auto found = exact_nearest({}, *base, *base, 1, 3, one, 1);
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->values, ElementsAre(1, -1, -1));
}

TEST_F(Files, ReadsCreators) {
  const auto file = read_creators(write("c.tsv",
                                        "0\tann lee\tloves tea\ta b\tyoutube\t1200\tn7\tc0\t0.03125\n"
                                        "1\tbo\t\t\tx\t5\tn1\tc9\t0\n"));
  ASSERT_TRUE(file.has_value()) << file.error().message;
  ASSERT_EQ(file->rows.size(), 2U);
  EXPECT_EQ(file->rows[0].bio, "loves tea");
  EXPECT_EQ(file->rows[0].followers, 1200);
  EXPECT_EQ(file->rows[0].engagement, 0.03125);
  EXPECT_EQ(file->rows[1].tags, "");
  EXPECT_EQ(file->rows[1].country, "c9");
}

TEST_F(Files, ABadCreatorIsNamedWithLineAndReason) {
  const std::string good = "0\ta\tb\tc\tx\t1\tn1\tc1\t0.5\n";
  for (const auto& [bad, why] : std::vector<std::pair<std::string, std::string>>{
           {"1\ta\tb\n", ":2: has 3 columns, 9 are needed"},
           {"7\ta\tb\tc\tx\t1\tn1\tc1\t0.5\n", ":2: the id is \"7\", but must be 1"},
           {"1\ta\tb\tc\tx\tmany\tn1\tc1\t0.5\n", ":2: followers is \"many\""},
           {"1\ta\tb\tc\tx\t1\tn1\tc1\t\n", ":2: engagement is \"\""}}) {
    const auto read = read_creators(write("c.tsv", good + bad));
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().kind, ErrorKind::invalid);
    EXPECT_THAT(read.error().message, HasSubstr("c.tsv" + why));
  }
  EXPECT_FALSE(read_creators(write("c.tsv", "")).has_value());
}

TEST_F(Files, QuestionsAreLinesWithWords) {
  EXPECT_THAT(*read_questions(write("q.txt", "one two\n\n  \nthree")), ElementsAre("one two", "three"));
  EXPECT_FALSE(read_questions(write("q.txt", "\n\n")).has_value());
}

TEST(ExhaustiveWordsOf, OneFieldIsPlainBm25) {
  ExhaustiveWords words({{1, 0.75}}, {{"tea", "sun"}});
  words.add({{"tea", "tea", "cup"}});
  words.add({{"sun"}});
  words.add({{"moon", "tea"}});
  const auto scores = words.scores({"tea"});
  const double rarity = std::log(1 + (3 - 2 + 0.5) / (2 + 0.5)), mean = 2;
  EXPECT_NEAR(scores[0], rarity * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)), 1e-12);
  EXPECT_EQ(scores[1], 0);
  EXPECT_NEAR(scores[2], rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2 / mean)), 1e-12);
  EXPECT_THAT(best_of(scores, {true, true, true}, 10), ElementsAre(0, 2));
  EXPECT_THAT(best_of(scores, {false, true, true}, 10), ElementsAre(2));
}

TEST(ExhaustiveWordsOf, FieldsAddTheirFrequenciesBeforeSaturation) {
  ExhaustiveWords words({{2, 0.5}, {1, 0.75}}, {{"tea"}});
  words.add({{"tea"}, {"tea", "x", "y"}});
  words.add({{"x", "y", "z"}, {}});
  // Means: 2 in the first field, 3 in the second, where one document only has words.
  const double frequency = 2 * 1 / (1 + 0.5 * (1.0 / 2 - 1)) + 1 * 1 / (1 + 0.75 * 0);
  const double rarity = std::log(1 + (2 - 1 + 0.5) / (1 + 0.5));
  EXPECT_NEAR(words.scores({"tea"})[0], rarity * frequency * 2.2 / (1.2 + frequency), 1e-12);
}

TEST(JoinByRank, AddsReciprocalRanks) {
  EXPECT_THAT(join_by_rank({{1, 2, 3}, {3, 4}}, 10), ElementsAre(3, 1, 2, 4));  // 2 and 4 are equal
  EXPECT_THAT(join_by_rank({{1, 2}, {2, 1}}, 1), ElementsAre(1));
  EXPECT_TRUE(join_by_rank({{}, {}}, 5).empty());
}

}  // namespace
}  // namespace cdx::benchmark
