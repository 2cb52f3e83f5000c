// Searching a sorted sequence of strings given by `at(i)`, whatever it is kept in.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace cdx::engine {

// First of [low, high) for which `below` does not hold; `below` holds for a front part only.
template <class Below>
std::size_t first_not(std::size_t low, std::size_t high, const Below& below) {
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (below(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// The strings of [low, high) that start with `prefix`.
template <class At>
std::pair<std::size_t, std::size_t> starting_with(std::size_t low, std::size_t high, const At& at,
                                                  std::string_view prefix) {
  const auto begin = first_not(low, high, [&](std::size_t i) { return at(i) < prefix; });
  const auto end =
      first_not(begin, high, [&](std::size_t i) { return at(i).substr(0, prefix.size()) <= prefix; });
  return {begin, end};
}

}  // namespace cdx::engine
