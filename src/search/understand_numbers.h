// Quantities and comparisons in words. Inside understand only.
#pragma once

#include "search/understand_sentence.h"

namespace cdx::understanding {

// "50k", "half a million", "$500", "5 percent", "two million plus"
struct Quantity {
  double value = 0;
  std::size_t end = 0;  // token after it
  bool scaled = false;  // with a magnitude: "50k", "million"
  bool money = false, percent = false;
  bool or_more = false, or_less = false;  // "50k+", "5 or more"
};
std::optional<Quantity> read_quantity(const Sentence& s, std::size_t i);

enum class Comparison { none, more, at_least, less, at_most, about };

// One or two bounds: "over 50k", "between 20k and 300k", "10k-50k", "at least 5%", "100+".
struct Bounds {
  Range range;
  std::size_t end = 0;
  bool compared = false;  // a comparison stood there; without one the range is empty and `bare` the number
  bool two_ended = false;
  double bare = 0;
  bool scaled = false, money = false, percent = false;
};
std::optional<Bounds> read_bounds(const Sentence& s, std::size_t i);

// Percents to fractions: divided(range, 100).
Range divided(const Range& range, double by);

}  // namespace cdx::understanding
