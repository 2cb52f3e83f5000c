#include "evaluate/niche.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "evaluate/niche_tables.h"
#include "vocab/vocab.h"

namespace cdx::evaluate {
namespace {

TEST(NicheTables, NameOnlyNichesOfTheTopLevel) {
  for (const auto table : {embedded::evaluate_category_niches(), embedded::evaluate_channel_niches(),
                           embedded::evaluate_topic_niches()})
    for (const auto& row : tsv_rows(table)) {
      ASSERT_EQ(row.size(), 2U) << row[0];
      for (const auto& key : split_keys(row[1])) {
        const auto* niche = vocab::niche(key);
        EXPECT_TRUE(niche && niche->parent.empty()) << row[0] << ": " << key;
      }
    }
}

TEST(NicheExamples, HaveSeveralOfEachNicheAndSomeThatSayNothing) {
  std::map<std::string, int> count;
  for (const auto& one : example_niche_cases()) ++count[one.right.empty() ? "" : one.right.front()];
  EXPECT_GT(count[""], 100);
  for (const auto& niche : vocab::niches()) {
    if (!niche.parent.empty()) continue;
    EXPECT_GE(count[niche.key], 20) << niche.key;
  }
}

NicheCase case_of(const std::string& bio, std::vector<std::string> right, bool held_out) {
  NicheCase out;
  out.profile = profile_of(Platform::youtube, "", "", bio);
  out.right = std::move(right);
  out.source = "test";
  out.held_out = held_out;
  return out;
}

TEST(NicheFigures, AreCountedByHalfAndByWhatIsRight) {
  const std::string yoga = "Yoga teacher. Vinyasa yoga and pranayama";
  const std::vector<NicheCase> cases = {
      case_of(yoga, {"fitness"}, true), case_of(yoga, {"health", "fitness"}, true),
      case_of(yoga, {"cars"}, true), case_of("", {"cars"}, true), case_of(yoga, {"fitness"}, false)};
  const auto rows = measure_niches(cases, nullptr, 0);
  ASSERT_EQ(rows.size(), 2U);
  const auto& held = rows[0].held_out ? rows[0] : rows[1];
  EXPECT_EQ(held.cases, 4U);
  EXPECT_DOUBLE_EQ(held.top1, 0.5) << "any of the right niches";
  EXPECT_DOUBLE_EQ(held.main, 0.25) << "the first alone";
  EXPECT_DOUBLE_EQ(held.answered, 0.75);
  EXPECT_DOUBLE_EQ(held.answered_right, 2.0 / 3);
  const auto& tuned = rows[0].held_out ? rows[1] : rows[0];
  EXPECT_EQ(tuned.cases, 1U);
  EXPECT_DOUBLE_EQ(tuned.top1, 1);
}

TEST(NicheCases, RealOnesAreManyAndHalved) {
  const char* set = std::getenv("CREATORDEX_SHARED");
  const auto folder = (set != nullptr ? std::filesystem::path(set)
                                      : std::filesystem::path(CDX_SOURCE_DIR).parent_path() / "shared") /
                      "data";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "SKIPPED: " << folder << " is missing (set CREATORDEX_SHARED)";
  const auto cases = real_niche_cases(folder.string());
  ASSERT_TRUE(cases) << cases.error().message;
  std::map<std::string, std::pair<int, int>> halves;
  for (const auto& one : *cases) {
    EXPECT_FALSE(one.right.empty());
    ++(one.held_out ? halves[one.source].second : halves[one.source].first);
  }
  EXPECT_EQ(halves.size(), 7U);
  EXPECT_EQ(halves["channels, read by hand"].first + halves["channels, read by hand"].second, 472);
  // The head must stay better than the rules it is built on, without a model at hand.
  for (const auto& row : measure_niches(*cases, enrich::built_in_head(), 0))
    if (row.source == "channels, read by hand" && row.held_out) {
      EXPECT_GE(row.top1, row.model == NicheModel::rules ? 0.70 : 0.75);
    }
}

TEST(NicheCases, AMissingFileIsNamed) {
  const auto cases = real_niche_cases("/nowhere");
  ASSERT_FALSE(cases);
  EXPECT_EQ(cases.error().kind, ErrorKind::not_found);
  EXPECT_NE(cases.error().message.find("/nowhere/"), std::string::npos);
}

}  // namespace
}  // namespace cdx::evaluate
