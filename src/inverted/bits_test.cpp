#include "inverted/bits.h"

#include <gtest/gtest.h>

#include <random>

#include "inverted/layout.h"
#include "inverted/varint.h"

namespace cdx::inverted {
namespace {

std::vector<std::uint32_t> random_values(std::mt19937_64& random, std::size_t count, unsigned bits) {
  std::vector<std::uint32_t> out(count);
  for (auto& value : out) value = bits == 0 ? 0 : static_cast<std::uint32_t>(random() >> (64 - bits));
  if (bits > 0 && count > 0) out[random() % count] = ~0U >> (32 - bits);
  return out;
}

TEST(Bits, BlocksOfEveryWidthComeBack) {
  std::mt19937_64 random(1);
  for (unsigned bits = 0; bits <= most_bits; ++bits)
    for (int turn = 0; turn < 20; ++turn) {
      const auto values = random_values(random, block_rows, bits);
      std::vector<std::byte> packed;
      pack_block(values.data(), bits, packed);
      ASSERT_EQ(packed.size(), std::size_t{16} * bits);
      std::vector<std::uint32_t> back(block_rows, 7);
      unpack_block(packed.data(), bits, back.data());
      ASSERT_EQ(back, values) << bits;
      for (std::size_t i = 0; i < block_rows; ++i) ASSERT_EQ(block_value(packed.data(), bits, i), values[i]);
    }
}

TEST(Bits, RunsOfEveryWidthAndLengthComeBack) {
  std::mt19937_64 random(2);
  for (unsigned bits = 0; bits <= most_bits; ++bits)
    for (std::size_t count = 0; count < block_rows; count += 1 + random() % 5) {
      const auto values = random_values(random, count, bits);
      std::vector<std::byte> packed;
      pack_run(values, bits, packed);
      ASSERT_EQ(packed.size(), run_bytes(count, bits));
      packed.resize(packed.size() + run_padding);
      std::vector<std::uint32_t> back(count, 7);
      unpack_run(packed.data(), count, bits, back.data());
      ASSERT_EQ(back, values) << bits << " bits, " << count;
      for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(run_value(packed.data(), bits, i), values[i]);
    }
}

TEST(Bits, GapsBecomeRows) {
  std::mt19937_64 random(3);
  for (const auto before : {~0U, 0U, 41U}) {
    std::vector<std::uint32_t> gaps(block_rows), rows;
    auto last = before;
    for (auto& gap : gaps) {
      gap = static_cast<std::uint32_t>(random() % 1000);
      rows.push_back(last += gap + 1);
    }
    rows_from_gaps(gaps.data(), gaps.size(), before);
    EXPECT_EQ(gaps, rows);
  }
}

TEST(Bits, VarintsComeBackAndEndWithTheirBytes) {
  std::vector<std::byte> bytes;
  const std::vector<std::uint32_t> values{0, 1, 127, 128, 16'383, 16'384, 1U << 28U, ~0U};
  for (const auto value : values) put_varint(value, bytes);
  std::span<const std::byte> left(bytes);
  for (const auto value : values) EXPECT_EQ(take_varint(left), value);
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(take_varint(left), 0U);
  const std::vector<std::byte> endless(20, std::byte{0xFF});
  left = endless;
  while (!left.empty()) {
    const auto size = left.size();
    take_varint(left);
    ASSERT_LT(left.size(), size);
  }
}

TEST(Bits, ABoundIsNeverBelowItsValueAndHardlyAbove) {
  std::mt19937_64 random(4);
  EXPECT_EQ(bound_value(bound_up(0)), 0);
  for (int i = 0; i < 10'000; ++i) {
    const auto value = std::exp(std::uniform_real_distribution<double>(-20, 20)(random));
    const auto bound = static_cast<double>(bound_value(bound_up(value)));
    ASSERT_GE(bound, value);
    ASSERT_LE(bound, value * 1.01);
  }
}

}  // namespace
}  // namespace cdx::inverted
