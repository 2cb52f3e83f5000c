#include "ann/graph_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "ann/disk_sections.h"
#include "ann/made_up.h"

namespace cdx::ann {
namespace {

TEST(GraphOrder, IsAPermutationThatBeginsWithTheEntriesWhateverTheLinks) {
  std::mt19937 random(1);
  constexpr std::size_t degree = 5;
  for (const std::uint32_t rows : {1U, 2U, 37U, 1000U}) {
    BuiltGraph graph;
    for (std::size_t i = 0; i < rows * degree; ++i) {
      const auto kind = random() % 4;
      graph.links.push_back(kind == 0   ? nobody
                            : kind == 1 ? rows
                                        : static_cast<std::uint32_t>(random() % rows));
    }
    graph.entries = {rows - 1, rows / 2, rows - 1};  // one of them twice
    const auto order = depth_first(graph, degree);
    ASSERT_EQ(order.size(), rows);
    EXPECT_EQ(order[0], rows - 1);
    const auto slots = turned_round(order);
    for (std::uint32_t row = 0; row < rows; ++row) {
      ASSERT_LT(slots[row], rows);
      EXPECT_EQ(order[slots[row]], row);
    }
  }
}

class Placed : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_field({}, source_of(clustered(20'000, 64, 3, 0, 100)), with_graph(), memory_, "v."));
  }
  MemorySections memory_;
};

TEST_F(Placed, NeighboursLieNearOneAnother) {
  const auto links = memory_.section("v.links").all_of<std::uint32_t>();
  const auto rows = memory_.section("v.rows").all_of<std::uint32_t>();
  const auto degree = links.size() / rows.size();
  const auto apart = [](std::uint32_t a, std::uint32_t b) {
    return std::abs(static_cast<double>(a) - static_cast<double>(b));
  };
  std::vector<double> by_slot, by_row;
  for (std::uint32_t slot = 0; slot < rows.size(); ++slot)
    for (const auto other : links.subspan(slot * degree, degree))
      if (other != nobody) {
        by_slot.push_back(apart(slot, other));
        by_row.push_back(apart(rows[slot], rows[other]));
      }
  const auto median = [](std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  EXPECT_LT(20 * median(by_slot), median(by_row));
}

// What a first question touches on a disk was asked for before it was read, so that it comes in few rounds.
TEST_F(Placed, AFreshFieldAsksTheDiskAhead) {
  const DiskSections disk(memory_);
  const auto field = Field::open(disk, "v.");
  ASSERT_TRUE(field);
  const auto answer = ask(*field, clustered(1, 64, 3, 1, 100)[0], 10);
  EXPECT_EQ(answer.way, Answer::Way::graph);
  std::vector<std::uint32_t> documents;
  for (std::uint32_t i = 0; i < 20'000; i += 500) documents.push_back(i);
  std::vector<float> out(documents.size());
  field->similarities(clustered(1, 64, 3, 1, 100)[0], documents, out.data());
  for (const auto* name : {"upper", "upper_factors", "lower", "both_factors", "full"}) {
    const auto blocks = disk.blocks(name);
    EXPECT_GT(blocks.touched, 0U) << name;
    EXPECT_EQ(blocks.asked_before, blocks.touched) << name;
  }
  // 1,000 of 20,000 rows are compared; were they anywhere, they would touch nearly all 313 blocks.
  EXPECT_LT(3 * disk.blocks("upper").touched, disk.blocks("upper").all);
}

}  // namespace
}  // namespace cdx::ann
