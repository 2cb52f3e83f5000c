#include "embed/openvino/batches.h"

#include <gtest/gtest.h>

#include <set>

namespace cdx {
namespace {

std::vector<Window> windows_of(const std::vector<PieceId>& ids, const std::vector<std::size_t>& lengths) {
  std::vector<Window> out;
  for (std::size_t i = 0; i < lengths.size(); ++i) out.push_back({i, std::span(ids).first(lengths[i])});
  return out;
}

TEST(PlanBatches, EveryWindowOnceWithinBothLimits) {
  const std::vector<PieceId> ids(254, 5);
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < 300; ++i) lengths.push_back((i * 97) % 255);
  std::set<std::size_t> seen;
  for (const auto& batch : plan_batches(windows_of(ids, lengths), 32, 1024)) {
    std::size_t longest = 0;
    for (const Window& window : batch) {
      EXPECT_TRUE(seen.insert(window.text).second);
      longest = std::max(longest, window.tokens());
    }
    EXPECT_LE(batch.size(), 32U);
    EXPECT_LE(batch.size() * longest, 1024U);
  }
  EXPECT_EQ(seen.size(), lengths.size());
}

TEST(PlanBatches, AWindowAboveTheBudgetStandsAlone) {
  const std::vector<PieceId> ids(100, 5);
  const auto batches = plan_batches(windows_of(ids, {100, 100, 3}), 32, 50);
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[0][0].text, 2U);
}

TEST(PlanBatches, NothingGivesNoBatch) { EXPECT_TRUE(plan_batches({}, 32, 1024).empty()); }

TEST(LayOut, PadsAtTheEndAndMasksThePadding) {
  const WordPiece pieces = WordPiece::parse("[PAD]\n[UNK]\n[CLS]\n[SEP]\nx\n", "v").value();
  const std::vector<PieceId> ids{4, 4, 1};
  const BatchInput input = lay_out(windows_of(ids, {3, 0}), pieces);
  EXPECT_EQ(input.rows, 2U);
  EXPECT_EQ(input.tokens, 5U);
  EXPECT_EQ(input.ids, (std::vector<std::int32_t>{2, 4, 4, 1, 3, 2, 3, 0, 0, 0}));
  EXPECT_EQ(input.mask, (std::vector<float>{1, 1, 1, 1, 1, 1, 1, 0, 0, 0}));
}

}  // namespace
}  // namespace cdx
