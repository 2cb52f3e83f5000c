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

// Sorted, with some words twice and some very long ones; `damaged`: with many that are no UTF-8.
std::vector<std::string> random_dictionary(std::mt19937& random, bool damaged) {
  std::multiset<std::string> words;
  for (int i = 0; i < 400; ++i) {
    auto word = random_word(random, random() % 20 == 0 ? 300 : 12);
    if (damaged && random() % 3 == 0)
      word.insert(random() % (word.size() + 1), 1, static_cast<char>(random() % 256));
    if (random() % 20 == 0) words.insert(word);
    words.insert(std::move(word));
  }
  return {words.begin(), words.end()};
}

class Dictionary {
 public:
  explicit Dictionary(std::mt19937& random, bool damaged = false)
      : words_(random_dictionary(random, damaged)) {
    StepList steps;
    for (const auto& word : words_) steps.add(word);
    EXPECT_TRUE(steps.write(sections_, "steps"));
    steps_ = StepTable(sections_, "steps");
    EXPECT_TRUE(steps_.fits(words_.size()) && steps_.size() == words_.size());
  }
  const std::vector<std::string>& words() const { return words_; }
  auto at() const {
    return [this](std::size_t i) { return std::string_view(words_[i]); };
  }
  Steps steps(std::size_t low, std::size_t high) const { return steps_.part(low, high - low); }

 private:
  std::vector<std::string> words_;
  MemorySections sections_;
  StepTable steps_;
};

TEST(TypoWalk, FindsWhatEditDistanceFinds) {
  std::mt19937 random(5);
  std::size_t found = 0;
  for (int round = 0; round < 40; ++round) {
    const Dictionary dictionary(random);
    const auto& words = dictionary.words();
    for (int i = 0; i < 50; ++i) {
      const auto pattern = random_word(random, random() % 20 == 0 ? 70 : 10);
      const std::size_t limit = 1 + random() % 2;
      const std::size_t low = i % 2 == 0 ? 0 : random() % words.size();
      const std::size_t high = i % 2 == 0 ? words.size() : low + random() % (words.size() - low + 1);
      std::map<std::size_t, std::size_t> got, stepping, want;
      TypoWalk(pattern, limit).whole(low, high, dictionary.at(), {}, [&](std::size_t w, std::size_t edits) {
        got[w] = edits;
      });
      TypoWalk(pattern, limit)
          .whole(low, high, dictionary.at(), dictionary.steps(low, high),
                 [&](std::size_t w, std::size_t edits) { stepping[w] = edits; });
      const bool typed = !pattern.empty() && text::length(pattern) <= TypoWalk::longest_pattern;
      for (std::size_t w = low; w < high && typed; ++w)
        if (const auto edits = text::edits(pattern, words[w], limit); edits <= limit) want[w] = edits;
      EXPECT_EQ(got, want) << pattern;
      EXPECT_EQ(stepping, want) << pattern;
      found += want.size();
    }
  }
  EXPECT_GT(found, 2'000U);
}

TEST(TypoWalk, FindsEveryBeginningThatIsNear) {
  std::mt19937 random(6);
  for (int round = 0; round < 20; ++round) {
    const Dictionary dictionary(random);
    const auto& words = dictionary.words();
    for (int i = 0; i < 30; ++i) {
      const auto pattern = random_word(random, 8) + "a";
      const std::size_t limit = 1 + random() % 2;
      using Near = std::map<std::pair<std::size_t, std::size_t>, std::size_t>;  // word, letters: edits
      Near got, stepping, want;
      const auto into = [&](Near& near) {
        return [&near, limit](std::size_t w, std::span<const std::uint8_t> edits) {
          for (std::size_t n = 0; n < edits.size(); ++n)
            if (edits[n] <= limit) near[{w, n}] = edits[n];
        };
      };
      TypoWalk(pattern, limit).beginnings(0, words.size(), dictionary.at(), {}, into(got));
      TypoWalk(pattern, limit)
          .beginnings(0, words.size(), dictionary.at(), dictionary.steps(0, words.size()), into(stepping));
      for (std::size_t w = 0; w < words.size(); ++w) {
        std::string beginning;
        for (std::size_t n = 0, byte = 0;; ++n) {
          if (n > text::length(pattern) + limit) break;
          if (const auto edits = text::edits(pattern, beginning, limit); edits <= limit) want[{w, n}] = edits;
          if (byte == words[w].size()) break;
          const auto from = byte;
          next_letter(words[w], byte);
          beginning += words[w].substr(from, byte - from);
        }
      }
      EXPECT_EQ(got, want) << pattern;
      EXPECT_EQ(stepping, want) << pattern;
    }
  }
}

// Where bytes are no letters, what counts as a beginning is anybody's guess; what is told must be true.
TEST(TypoWalk, TellsNothingWrongOfDamagedBytes) {
  std::mt19937 random(7);
  std::size_t found = 0;
  for (int round = 0; round < 40; ++round) {
    const Dictionary dictionary(random, true);
    const auto size = dictionary.words().size();
    for (int i = 0; i < 50; ++i) {
      const auto pattern = i % 3 == 0 ? dictionary.words()[random() % size] : random_word(random, 10);
      const std::size_t limit = 1 + random() % 2;
      TypoWalk(pattern, limit)
          .whole(0, size, dictionary.at(), dictionary.steps(0, size), [&](std::size_t w, std::size_t edits) {
            std::size_t alone = limit + 1;
            TypoWalk(pattern, limit).whole(w, w + 1, dictionary.at(), {}, [&](std::size_t, std::size_t n) {
              alone = n;
            });
            EXPECT_EQ(edits, alone);
            ++found;
          });
    }
  }
  EXPECT_GT(found, 2'000U);
}

TEST(TypoWalk, FindsNothingForPatternsNobodyTypes) {
  const std::vector<std::string> words{std::string(65, 'a'), std::string(66, 'a')};
  const auto at = [&](std::size_t i) { return std::string_view(words[i]); };
  std::size_t found = 0;
  TypoWalk(words[0], 2).whole(0, 2, at, {}, [&](std::size_t, std::size_t) { ++found; });
  TypoWalk("", 2).whole(0, 2, at, {}, [&](std::size_t, std::size_t) { ++found; });
  EXPECT_EQ(found, 0U);
  TypoWalk(words[0].substr(1), 2).whole(0, 2, at, {}, [&](std::size_t, std::size_t) { ++found; });
  EXPECT_EQ(found, 2U);
}

}  // namespace
}  // namespace cdx::engine
