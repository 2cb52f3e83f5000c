#include "index/dot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace cdx::engine {
namespace {

TEST(DotRows, EveryInstructionSetOfThisMachineAgreesWithPlainArithmetic) {
  const auto targets = dot_targets();
  ASSERT_FALSE(targets.empty());
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (const auto& target : targets) {
    SCOPED_TRACE(target);
    choose_dot_target(target);
    for (const std::size_t dimension :
         {1U, 2U, 3U, 7U, 8U, 15U, 16U, 17U, 63U, 64U, 65U, 384U, 512U, 769U, 1536U}) {
      std::vector<float> query(dimension), rows(dimension * 5);
      for (auto& value : query) value = normal(random);
      for (auto& value : rows) value = normal(random);
      const std::vector<std::uint32_t> slots{4, 0, 3, 3};
      std::vector<float> out(slots.size());
      dot_rows(query, rows.data(), slots, out);
      for (std::size_t i = 0; i < slots.size(); ++i) {
        double plain = 0, size = 0;
        for (std::size_t j = 0; j < dimension; ++j) {
          const auto product =
              static_cast<double>(query[j]) * static_cast<double>(rows[slots[i] * dimension + j]);
          plain += product;
          size += std::abs(product);
        }
        EXPECT_NEAR(out[i], plain, 1e-6 * (1 + size)) << "dimension " << dimension;
      }
      EXPECT_EQ(out[2], out[3]);
    }
  }
  choose_dot_target("");
}

}  // namespace
}  // namespace cdx::engine
