#include "index/typo_walk.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "text/text.h"

namespace cdx::engine {
namespace {

std::string random_word(std::mt19937& random, std::size_t most) {
  static const std::vector<std::string> letters{"a", "b", "c", "é", "ж", "科", "🎬"};
  std::string out;
  for (auto n = random() % (most + 1); n > 0; --n) out += letters[random() % (random() % 3 == 0 ? 7 : 3)];
  return out;
}

std::vector<std::string> random_dictionary(std::mt19937& random) {
  std::set<std::string> words;
  for (int i = 0; i < 400; ++i) words.insert(random_word(random, 12));
  return {words.begin(), words.end()};
}

TEST(TypoWalk, FindsWhatEditDistanceFinds) {
  std::mt19937 random(5);
  std::size_t found = 0;
  for (int round = 0; round < 20; ++round) {
    const auto words = random_dictionary(random);
    const auto at = [&](std::size_t i) { return std::string_view(words[i]); };
    for (int i = 0; i < 50; ++i) {
      const auto pattern = random_word(random, 10);
      const std::size_t limit = 1 + random() % 2;
      std::map<std::size_t, std::size_t> got, want;
      TypoWalk(pattern, limit).whole(0, words.size(), at, [&](std::size_t w, std::size_t edits) {
        got[w] = edits;
      });
      for (std::size_t w = 0; w < words.size() && !pattern.empty(); ++w)
        if (const auto edits = text::edits(pattern, words[w], limit); edits <= limit) want[w] = edits;
      EXPECT_EQ(got, want) << pattern;
      found += want.size();
    }
  }
  EXPECT_GT(found, 2'000U);
}

TEST(TypoWalk, FindsEveryBeginningThatIsNear) {
  std::mt19937 random(6);
  for (int round = 0; round < 20; ++round) {
    const auto words = random_dictionary(random);
    const auto at = [&](std::size_t i) { return std::string_view(words[i]); };
    for (int i = 0; i < 30; ++i) {
      const auto pattern = random_word(random, 8) + "a";
      using Near = std::map<std::pair<std::size_t, std::size_t>, std::size_t>;  // word, letters: edits
      Near got, want;
      TypoWalk(pattern, 1)
          .beginnings(0, words.size(), at, [&](std::size_t w, std::span<const std::uint8_t> edits) {
            for (std::size_t n = 0; n < edits.size(); ++n)
              if (edits[n] <= 1) got[{w, n}] = edits[n];
          });
      for (std::size_t w = 0; w < words.size(); ++w) {
        std::string beginning;
        for (std::size_t n = 0, byte = 0;; ++n) {
          if (const auto edits = text::edits(pattern, beginning, 1); edits <= 1) want[{w, n}] = edits;
          if (byte == words[w].size()) break;
          const auto from = byte;
          next_letter(words[w], byte);
          beginning += words[w].substr(from, byte - from);
        }
      }
      EXPECT_EQ(got, want) << pattern;
    }
  }
}

TEST(TypoWalk, FindsNothingForPatternsNobodyTypes) {
  const std::vector<std::string> words{std::string(65, 'a'), std::string(66, 'a')};
  const auto at = [&](std::size_t i) { return std::string_view(words[i]); };
  std::size_t found = 0;
  TypoWalk(words[0], 2).whole(0, 2, at, [&](std::size_t, std::size_t) { ++found; });
  TypoWalk("", 2).whole(0, 2, at, [&](std::size_t, std::size_t) { ++found; });
  EXPECT_EQ(found, 0U);
  TypoWalk(words[0].substr(1), 2).whole(0, 2, at, [&](std::size_t, std::size_t) { ++found; });
  EXPECT_EQ(found, 2U);
}

}  // namespace
}  // namespace cdx::engine
