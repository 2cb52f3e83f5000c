#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "benchmark/benchmark.h"
#include "store/memory/memory_store.h"

namespace cdx::benchmark {
namespace {

SuggestOptions small() {
  SuggestOptions out;
  out.creators = 3'000;
  out.asking.first = 30;
  return out;
}

TEST(MeasureSuggest, AsksEveryKindAndFindsWhoIsAsked) {
  const auto store = open_memory_store();
  const auto report = measure_suggest(Call{}, small(), *store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->creators, 3'000U);
  std::vector<std::string> kinds;
  for (const auto& point : report->points) {
    kinds.push_back(point.kind);
    EXPECT_EQ(point.speed.queries, 30U);
    EXPECT_GT(point.answers, 0);
    EXPECT_LE(point.found, 1 + 1e-9);
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"prefix 1", "prefix 2", "prefix 3", "prefix 4", "prefix 5",
                                             "prefix 6", "name", "typo", "two typos"}));
  EXPECT_GT(report->points[6].found, 0.95);
  EXPECT_GT(report->points[7].found, 0.8);
}

TEST(MeasureSuggest, KeepsAnIndexAndNoneOfSomebodyElse) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "measure_suggest";
  std::filesystem::remove_all(folder);
  auto options = small();
  options.asking.index = folder.string();
  options.segments = 3;
  auto first = open_memory_store(), second = open_memory_store(), third = open_memory_store();
  const auto built = measure_suggest(Call{}, options, *first);
  ASSERT_TRUE(built) << built.error().message;
  EXPECT_TRUE(built->build.built);
  EXPECT_GT(built->build.disk_bytes, 100'000U);
  const auto again = measure_suggest(Call{}, options, *second);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_FALSE(again->build.built);
  EXPECT_EQ(again->points[6].found, built->points[6].found);
  options.seed = 16;
  EXPECT_EQ(measure_suggest(Call{}, options, *third).error().kind, ErrorKind::invalid);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "current") << "1\n";
  EXPECT_EQ(measure_suggest(Call{}, options, *third).error().kind, ErrorKind::invalid);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cdx::benchmark
