#include "index/vector_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cdx::engine {
namespace {

TEST(Best, KeepsWhatSortingWouldWhateverTheOrderOfOffering) {
  std::mt19937 random(3);
  for (const std::size_t depth : {0U, 1U, 5U, 100U, 5'000U}) {
    std::vector<Found> all;
    for (std::uint32_t i = 0; i < 3'000; ++i)  // many equal scores
      all.push_back({static_cast<float>(random() % 20), i * 7919ULL % 3'001, 0, i});
    auto sorted = all;
    std::sort(sorted.begin(), sorted.end());
    sorted.resize(std::min(depth, sorted.size()));
    for (int round = 0; round < 5; ++round) {
      std::shuffle(all.begin(), all.end(), random);
      Best best(depth);
      for (const auto& one : all) best.offer(one);
      EXPECT_EQ(best.offered(), all.size());
      auto kept = best.take();
      std::sort(kept.begin(), kept.end());
      ASSERT_EQ(kept.size(), sorted.size());
      for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].id, sorted[i].id);
    }
  }
}

}  // namespace
}  // namespace cdx::engine
