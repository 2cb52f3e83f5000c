#include "base/steps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace cdx {
namespace {

StepTable write(const std::vector<std::string>& strings, MemorySections& sections) {
  StepList list;
  for (const auto& one : strings) list.add(one);
  EXPECT_TRUE(list.write(sections, "steps"));
  return {sections, "steps"};
}

TEST(Steps, TellWhereNeighboursPartAndHowTheyGoOn) {
  MemorySections sections;
  const std::string nought("ab\0c", 4), far(300, 'z');
  const auto table = write({"", "ab", nought, "abcdefg", "abcdz", "abcdz", far, far + "y"}, sections);
  const auto steps = table.part(0, 8);
  EXPECT_EQ(std::vector<int>(steps.shared.begin(), steps.shared.end()),
            (std::vector<int>{0, 0, 2, 2, 4, 5, 0, 255}));
  EXPECT_EQ(steps.next[0], 0U);
  EXPECT_EQ(steps.next[1], 0x6261U);      // "ab" and the end
  EXPECT_EQ(steps.next[2], 0xFFFFFFFFU);  // a zero of its own is not an end
  EXPECT_EQ(steps.next[3], 0x66656463U);
  EXPECT_EQ(steps.next[4], 0x7AU);
  EXPECT_EQ(steps.next[5], 0U);
  EXPECT_TRUE(table.fits(8));
  EXPECT_FALSE(table.fits(7));
  EXPECT_TRUE(StepTable(sections, "others").fits(7));  // an older index has none
  EXPECT_TRUE(StepTable(sections, "others").part(0, 7).shared.empty());
  EXPECT_TRUE(table.part(1, 8).shared.empty());
  EXPECT_EQ(table.part(3, 2).shared[1], 4U);
}

TEST(Steps, FindTheFirstThatSharesLess) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint8_t> shared(random() % 300);
    for (auto& one : shared)
      one = static_cast<std::uint8_t>(random() % 40 == 0 ? random() % 6 : 5 + random() % 251);
    const Steps steps{shared, {}};
    for (std::size_t from = 0; from <= shared.size(); ++from) {
      const std::size_t bytes = random() % 300;
      auto want = from;
      if (bytes <= most_shared)
        while (want < shared.size() && shared[want] >= bytes) ++want;
      EXPECT_EQ(steps.first_below(from, bytes), want);
    }
  }
}

}  // namespace
}  // namespace cdx
