// How a question was answered, in words.
#pragma once

#include <string>
#include <vector>

#include "index/word_search.h"

namespace cdx::engine {

inline constexpr std::size_t most_named = 1'000;  // candidates by name

struct Plan {
  struct Field {
    std::string name;
    std::size_t compared = 0, estimated = 0, kept = 0;
    bool walked = false;  // a graph; otherwise all vectors that pass were compared
  };
  std::size_t documents = 0, matching = 0;
  WordPlan words;
  std::size_t by_words = 0, by_name = 0;  // kept
  bool more_by_words = false, more_by_name = false;
  std::vector<Field> fields;
  std::size_t candidates = 0;
  std::size_t unreadable = 0;  // documents in damaged segments, left out
};

// Says nothing of the filter's wording: questions that mean the same have equal plans.
std::string describe(const Plan& plan);

}  // namespace cdx::engine
