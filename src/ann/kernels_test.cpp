#include "ann/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "ann/ann.h"
#include "ann/code.h"
#include "ann/rotation.h"
#include "ann/sketch.h"

namespace cdx::ann {
namespace {

// Runs the claim under every instruction set of this machine.
template <class Claim>
void everywhere(const Claim& claim) {
  const auto sets = instruction_sets();
  ASSERT_FALSE(sets.empty());
  for (const auto set : sets) {
    SCOPED_TRACE(set);
    use_instruction_set(set);
    claim();
  }
  use_instruction_set("");
}

std::vector<std::uint8_t> bytes(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint8_t> out(count);
  for (auto& one : out) one = static_cast<std::uint8_t>(random());
  return out;
}

std::vector<float> floats(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> out(count);
  for (auto& one : out) one = normal(random);
  return out;
}

TEST(DotNibbles, IsExactOnEveryInstructionSet) {
  everywhere([] {
    for (const std::size_t lines : {1U, 2U, 3U, 4U, 12U, 32U})
      for (const std::size_t count : {1U, 3U, 4U, 9U}) {
        const auto rows = bytes(lines * line_bytes * count, lines);
        std::vector<std::int8_t> query;
        for (const auto one : bytes(lines * line_dimensions, 7))
          query.push_back(static_cast<std::int8_t>(std::max(-127, static_cast<int>(one) - 128)));
        std::vector<const std::uint8_t*> at;
        for (std::size_t i = 0; i < count; ++i) at.push_back(rows.data() + i * lines * line_bytes);
        std::vector<std::int32_t> out(count);
        dot_nibbles(query.data(), lines, at.data(), count, out.data());
        for (std::size_t i = 0; i < count; ++i) {
          std::int32_t plain = 0;
          for (std::size_t l = 0; l < lines; ++l)
            for (std::size_t b = 0; b < line_bytes; ++b) {
              const std::int32_t both = at[i][l * line_bytes + b];
              plain += (both & 15) * query[l * line_dimensions + b];
              plain += (both >> 4) * query[l * line_dimensions + 64 + b];
            }
          EXPECT_EQ(out[i], plain) << lines << " lines, row " << i << " of " << count;
        }
      }
  });
}

TEST(SumWhereSet, IsExactOnEveryInstructionSet) {
  everywhere([] {
    for (const std::size_t lines : {1U, 2U, 3U, 4U, 12U, 32U})
      for (const std::size_t count : {1U, 3U, 4U, 9U}) {
        const auto rows = bytes(sketch_bytes(lines) * count, lines);
        std::vector<std::int8_t> query;
        for (const auto one : bytes(lines * line_dimensions, 7))
          query.push_back(static_cast<std::int8_t>(std::max(-127, static_cast<int>(one) - 128)));
        std::vector<const std::uint8_t*> at;
        for (std::size_t i = 0; i < count; ++i) at.push_back(rows.data() + i * sketch_bytes(lines));
        std::vector<std::int32_t> out(count);
        sum_where_set(query.data(), lines, at.data(), count, out.data());
        for (std::size_t i = 0; i < count; ++i) {
          std::int32_t plain = 0;
          for (std::size_t j = 0; j < query.size(); ++j)
            if ((at[i][j / 8] >> (j % 8) & 1) != 0) plain += query[j];
          EXPECT_EQ(out[i], plain) << lines << " lines, row " << i << " of " << count;
        }
      }
  });
}

TEST(Sketch, HoldsTheSignOfEveryDimensionAndIsUnbiased) {
  constexpr std::size_t dimension = 300, lines = 3;
  const Coder coder(dimension, std::vector<float>(dimension, 0));
  double sum = 0, sum_of_squares = 0, foretold = 0;
  constexpr int tries = 400;
  for (int i = 0; i < tries; ++i) {
    auto row = floats(dimension, static_cast<std::uint64_t>(i)), question = floats(dimension, 1'000'000);
    alignas(64) std::array<std::uint8_t, lines * line_bytes> upper, lower;
    const auto factors = coder.encode(row.data(), upper.data(), lower.data());
    std::array<std::byte, sketch_bytes(lines)> bits;
    to_sketch(upper.data(), lines, factors.sketch, bits.data());
    for (std::size_t b = 0; b < line_bytes; ++b)
      EXPECT_EQ((static_cast<unsigned>(bits[b / 8]) >> (b % 8) & 1U) != 0, (upper[b] & 0x0F) >= 8);
    Sketches sketches;
    sketches.rows = Section(std::span<const std::byte>(bits));
    sketches.lines = lines;
    Asked asked;
    coder.ask(question.data(), asked);
    const std::uint32_t first = 0;
    float score = 0;
    score_sketches(sketches, asked, &first, 1, &score);
    const double error = static_cast<double>(asked.scale * score) -
                         static_cast<double>(dot_floats(question.data(), row.data(), dimension));
    sum += error;
    sum_of_squares += error * error;
    foretold += static_cast<double>(factors.sketch_error) / (lines * line_dimensions) *
                static_cast<double>(asked.length * asked.length);
  }
  // What is foretold of the spread holds, and what is left on average is the chance of so many tries.
  EXPECT_NEAR(std::sqrt(sum_of_squares / foretold), 1.0, 0.15);
  EXPECT_LT(std::abs(sum / tries), 4 * std::sqrt(foretold / tries / tries));
}

TEST(NumbersOfBits, AreThoseThatAreSetOnEveryInstructionSet) {
  everywhere([] {
    std::mt19937_64 random(3);
    for (const double share : {0.0, 0.0005, 0.01, 0.06, 0.5, 1.0})
      for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 37U, 63U, 64U}) {
        constexpr std::uint32_t first = 4'096, untouched = 0xABCD;
        std::bernoulli_distribution set(share);
        std::vector<std::uint64_t> words(count);
        std::vector<std::uint32_t> plain;
        for (std::uint32_t bit = 0; bit < 64 * count; ++bit) {
          if (!set(random)) continue;
          words[bit / 64] |= std::uint64_t{1} << (bit % 64);
          plain.push_back(first + bit);
        }
        // Exactly the room that is asked for, and one more to see that it is enough.
        std::vector<std::uint32_t> out(64 * count + bits_spare + 1, untouched);
        const auto found = numbers_of_bits(words.data(), count, first, out.data());
        EXPECT_EQ(out.back(), untouched);
        ASSERT_LE(found, out.size());
        out.resize(found);
        EXPECT_EQ(out, plain) << count << " words, " << share << " of them set";
      }
  });
}

TEST(DotNibbles, DoesNotSaturateAtItsLargest) {
  everywhere([] {
    const std::vector<std::uint8_t> row(32 * line_bytes, 0xFF);
    for (const int value : {127, -127}) {
      const std::vector<std::int8_t> query(32 * line_dimensions, static_cast<std::int8_t>(value));
      const auto* at = row.data();
      std::int32_t out = 0;
      dot_nibbles(query.data(), 32, &at, 1, &out);
      EXPECT_EQ(out, 15 * value * 4096);
    }
  });
}

TEST(Unpack, PutsBothPlanesTogetherInTheOrderOfDimensions) {
  everywhere([] {
    const auto upper = bytes(3 * line_bytes, 1), lower = bytes(3 * line_bytes, 2);
    std::vector<std::int8_t> out(3 * line_dimensions);
    unpack(upper.data(), lower.data(), 3, out.data());
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto at = i / line_dimensions * line_bytes + i % line_bytes;
      const auto shift = i % line_dimensions < line_bytes ? 0 : 4;
      const auto whole = (upper[at] >> shift & 15) * 16 + (lower[at] >> shift & 15);
      EXPECT_EQ(out[i], whole - 128) << i;
    }
  });
}

TEST(FloatKernels, AgreeToTheLastBit) {
  struct Results {
    std::vector<float> mixed, sums;
    std::vector<std::int8_t> rounded;
  };
  std::vector<Results> all;
  everywhere([&] {
    auto& out = all.emplace_back();
    out.mixed = floats(512, 3);
    mix(out.mixed.data(), floats(512, 4).data(), 512);
    for (const std::size_t count : {1U, 5U, 16U, 31U, 384U, 769U}) {
      const auto a = floats(count, 5), b = floats(count, 6);
      std::vector<std::int16_t> fixed;
      for (const auto one : b) fixed.push_back(static_cast<std::int16_t>(one * 5000));
      out.sums.push_back(dot_floats(a.data(), b.data(), count));
      out.sums.push_back(dot_fixed(a.data(), fixed.data(), count));
    }
    const auto values = floats(384, 8);
    out.sums.push_back(largest(values.data(), values.size()));
    const auto fitted = fit(values.data(), 0.3F, values.size());
    out.sums.push_back(fitted.along);
    out.sums.push_back(fitted.square);
    std::vector<float> halves;  // ties of rounding
    for (int i = -16; i < 16; ++i) halves.push_back(static_cast<float>(i) + 0.5F);
    out.rounded.resize(32);
    to_bytes(halves.data(), 1, 32, out.rounded.data());
  });
  for (const auto& one : all) {
    EXPECT_EQ(one.mixed, all[0].mixed);
    EXPECT_EQ(one.sums, all[0].sums);
    EXPECT_EQ(one.rounded, all[0].rounded);
  }
}

TEST(FloatKernels, AreRight) {
  const auto a = floats(769, 1), b = floats(769, 2);
  double plain = 0;
  for (std::size_t i = 0; i < a.size(); ++i) plain += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  EXPECT_NEAR(dot_floats(a.data(), b.data(), a.size()), plain, 1e-3);
  std::vector<std::int8_t> out(16);
  std::vector<float> values(16, 300);
  values[0] = -300;
  values[1] = 2.4F;
  to_bytes(values.data(), 1, 16, out.data());
  EXPECT_EQ(out[0], -127);
  EXPECT_EQ(out[1], 2);
  EXPECT_EQ(out[2], 127);
}

TEST(Rotation, KeepsProductsAndSpreadsWhatIsInOnePlace) {
  for (const std::size_t dimensions : {128U, 384U, 512U, 768U, 1536U, 4096U}) {
    const Rotation rotation(dimensions);
    auto a = floats(dimensions, 1), b = floats(dimensions, 2);
    const auto before = dot_floats(a.data(), b.data(), dimensions);
    std::vector<float> spare(dimensions), alone(dimensions);
    alone[17] = 1;
    rotation.apply(a.data(), spare.data());
    rotation.apply(b.data(), spare.data());
    rotation.apply(alone.data(), spare.data());
    EXPECT_NEAR(dot_floats(a.data(), b.data(), dimensions), before, 1e-3 * static_cast<double>(dimensions));
    EXPECT_NEAR(dot_floats(alone.data(), alone.data(), dimensions), 1, 1e-4);
    EXPECT_LT(largest(alone.data(), dimensions), 6 / std::sqrt(static_cast<float>(dimensions))) << dimensions;
  }
}

TEST(Codes, EstimateProductsWithoutBiasAndWithinTheirMargin) {
  constexpr std::size_t dimension = 300, count = 400;
  const Coder coder(dimension, floats(dimension, 9));
  std::vector<std::uint8_t> upper(coder.lines() * line_bytes), lower(upper.size());
  Asked asked;
  const auto question = floats(dimension, 77);
  coder.ask(question.data(), asked);
  double bias_upper = 0, square_upper = 0, expected_upper = 0, square_both = 0, expected_both = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = floats(dimension, 100 + i);
    const auto factors = coder.encode(row.data(), upper.data(), lower.data());
    Codes codes;
    codes.upper = Section(std::as_bytes(std::span(upper)));
    codes.lower = Section(std::as_bytes(std::span(lower)));
    codes.upper_factors = Section(std::as_bytes(std::span(&factors.upper, 1)));
    codes.both_factors = Section(std::as_bytes(std::span(&factors.both, 1)));
    codes.lines = coder.lines();
    codes.rows = 1;
    const std::uint32_t number = 0;
    float by_upper = 0, by_both = 0;
    score_upper(codes, asked, &number, 1, &by_upper);
    score_both(codes, asked, &number, 1, &by_both);
    const auto truth = static_cast<double>(dot_floats(question.data(), row.data(), dimension));
    const auto miss_upper = static_cast<double>(by_upper * asked.scale + asked.base) - truth;
    const auto miss_both = static_cast<double>(by_both * asked.scale + asked.base) - truth;
    const auto by_length = static_cast<double>(asked.length * asked.length) / 384;
    bias_upper += miss_upper;
    square_upper += miss_upper * miss_upper;
    square_both += miss_both * miss_both;
    expected_upper += by_length * static_cast<double>(factors.upper_error);
    expected_both += by_length * static_cast<double>(factors.both_error);
  }
  EXPECT_LT(std::abs(bias_upper / count), 4 * std::sqrt(expected_upper / count / count));
  EXPECT_NEAR(square_upper / expected_upper, 1, 0.35);
  EXPECT_LT(square_both, expected_upper / 4);  // the lower plane earns its place
  EXPECT_LT(square_both, 3 * expected_both);
}

}  // namespace
}  // namespace cdx::ann
