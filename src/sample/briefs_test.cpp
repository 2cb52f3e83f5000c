#include "sample/briefs.h"

#include <gtest/gtest.h>

#include <set>

#include "sample/sample.h"

namespace cdx {
namespace {

const std::vector<SampleBrief>& briefs() {
  static const auto all = sample_briefs(1500, 3, 60).value();
  return all;
}

TEST(SampleBriefs, AreTheSameEachTimeAndDifferFromOneAnother) {
  ASSERT_EQ(briefs().size(), 60U);
  const auto again = sample_briefs(1500, 3, 60).value();
  std::set<std::string> texts;
  for (std::size_t i = 0; i < briefs().size(); ++i) {
    EXPECT_EQ(briefs()[i].brief, again[i].brief);
    EXPECT_EQ(briefs()[i].grades, again[i].grades);
    EXPECT_TRUE(
        texts.insert(briefs()[i].brief.product_description + briefs()[i].brief.target_audience).second);
  }
  EXPECT_NE(sample_briefs(1500, 4, 5).value().front().brief, briefs().front().brief);
}

TEST(SampleBriefs, HaveAnAnswerManyShadesAndNoOpenSlot) {
  std::set<int> grades;
  std::size_t niches = 0, bounded = 0;
  for (const auto& one : briefs()) {
    int best = 0;
    for (const auto& [account, grade] : one.grades) {
      best = std::max(best, grade);
      grades.insert(grade);
    }
    EXPECT_EQ(best, 3) << one.id;
    const auto& brief = one.brief;
    for (const auto& text : {brief.product_name, brief.product_description, brief.target_audience}) {
      EXPECT_FALSE(text.empty()) << one.id;
      EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
    }
    EXPECT_GE(brief.total_budget_usd.value_or(0), 500) << one.id;
    if (!brief.product_niche.empty()) ++niches;
    if (brief.min_followers || brief.max_followers) ++bounded;
  }
  EXPECT_EQ(grades, (std::set<int>{1, 2, 3}));
  EXPECT_GT(niches, 20U);
  EXPECT_GT(bounded, 15U);
}

TEST(SampleBriefs, RefuseASetThatCannotBe) {
  EXPECT_EQ(sample_briefs(0, 1, 5).error().kind, ErrorKind::invalid);
  EXPECT_EQ(sample_briefs(sample_creators_limit + 1, 1, 5).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace cdx
