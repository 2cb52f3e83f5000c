#include "search/understand_numbers.h"

#include <array>
#include <utility>

namespace cdx::understanding {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 31> number_words = {{
    {"one", 1},
    {"two", 2},
    {"three", 3},
    {"four", 4},
    {"five", 5},
    {"six", 6},
    {"seven", 7},
    {"eight", 8},
    {"nine", 9},
    {"ten", 10},
    {"eleven", 11},
    {"twelve", 12},
    {"fifteen", 15},
    {"twenty", 20},
    {"thirty", 30},
    {"forty", 40},
    {"fifty", 50},
    {"sixty", 60},
    {"seventy", 70},
    {"eighty", 80},
    {"ninety", 90},
    {"a", 1},
    {"half a", 0.5},
    {"half", 0.5},
    {"quarter of a", 0.25},
    {"a quarter of a", 0.25},
    {"a couple of", 2},
    {"a hundred", 100},
    {"one hundred", 100},
    {"two hundred", 200},
    {"five hundred", 500},
}};

constexpr std::array<std::pair<std::string_view, double>, 16> magnitudes = {{
    {"thousand", 1e3},
    {"million", 1e6},
    {"millions", 1e6},
    {"billion", 1e9},
    {"lakh", 1e5},
    {"lakhs", 1e5},
    {"lac", 1e5},
    {"crore", 1e7},
    {"crores", 1e7},
    {"k", 1e3},
    {"m", 1e6},
    {"mil", 1e6},
    {"mio", 1e6},
    {"thousands", 1e3},
    {"hundred", 100},
    {"mn", 1e6},
}};

double magnitude(std::string_view word) {
  for (const auto& [name, factor] : magnitudes)
    if (name == word) return factor;
  return 0;
}

// A number in words; only with a magnitude or "percent" after it does it count.
std::optional<Quantity> in_words(const Sentence& s, std::size_t i) {
  std::optional<Quantity> best;
  if (s.term(i).empty()) return best;
  for (const auto& [words, value] : number_words) {
    const auto length = words.starts_with(s.term(i)) ? s.phrase(i, words) : 0;
    if (length > 0 && (!best || i + length > best->end)) best = Quantity{.value = value, .end = i + length};
  }
  return best;
}

void take_suffix(const Sentence& s, Quantity& q) {
  if (const auto length =
          s.any_phrase(q.end, "or more|or higher|or above|or over|and up|and above|and over|and more|plus")) {
    q.or_more = true;
    q.end += length;
  } else if (const auto less =
                 s.any_phrase(q.end, "or less|or fewer|or below|or under|or lower|and below|and under")) {
    q.or_less = true;
    q.end += less;
  }
}

constexpr std::array<std::pair<std::string_view, Comparison>, 50> comparisons = {{
    {"over", Comparison::more},
    {"above", Comparison::more},
    {"more than", Comparison::more},
    {"greater than", Comparison::more},
    {"higher than", Comparison::more},
    {"bigger than", Comparison::more},
    {"exceeding", Comparison::more},
    {"beyond", Comparison::more},
    {"north of", Comparison::more},
    {">", Comparison::more},
    {"not under", Comparison::at_least},
    {"not below", Comparison::at_least},
    {"at least", Comparison::at_least},
    {"minimum", Comparison::at_least},
    {"minimum of", Comparison::at_least},
    {"a minimum of", Comparison::at_least},
    {"min", Comparison::at_least},
    {"no less than", Comparison::at_least},
    {"not less than", Comparison::at_least},
    {"no fewer than", Comparison::at_least},
    {"starting at", Comparison::at_least},
    {"starting from", Comparison::at_least},
    {">=", Comparison::at_least},
    {"at a minimum", Comparison::at_least},
    {"under", Comparison::less},
    {"below", Comparison::less},
    {"less than", Comparison::less},
    {"fewer than", Comparison::less},
    {"lower than", Comparison::less},
    {"smaller than", Comparison::less},
    {"<", Comparison::less},
    {"up to", Comparison::at_most},
    {"at most", Comparison::at_most},
    {"max", Comparison::at_most},
    {"maximum", Comparison::at_most},
    {"maximum of", Comparison::at_most},
    {"a maximum of", Comparison::at_most},
    {"no more than", Comparison::at_most},
    {"not more than", Comparison::at_most},
    {"not over", Comparison::at_most},
    {"not above", Comparison::at_most},
    {"<=", Comparison::at_most},
    {"around", Comparison::about},
    {"about", Comparison::about},
    {"roughly", Comparison::about},
    {"approximately", Comparison::about},
    {"~", Comparison::about},
    {"circa", Comparison::about},
    {"approx", Comparison::about},
    {"=", Comparison::none},
}};

std::pair<Comparison, std::size_t> read_comparison(const Sentence& s, std::size_t i) {
  std::pair<Comparison, std::size_t> best{Comparison::none, 0};
  if (s.term(i).empty()) return best;
  for (const auto& [words, comparison] : comparisons) {
    const auto length = words.starts_with(s.term(i)) ? s.phrase(i, words) : 0;
    if (length > best.second) best = {comparison, length};
  }
  return best;
}

Range range_of(Comparison comparison, double value) {
  switch (comparison) {
    case Comparison::more:
      return {.low = value, .high = {}, .low_open = true};
    case Comparison::at_least:
      return {.low = value, .high = {}};
    case Comparison::less:
      return {.low = {}, .high = value, .high_open = true};
    case Comparison::at_most:
      return {.low = {}, .high = value};
    case Comparison::about:
      return {.low = value * 0.8, .high = value * 1.2};
    case Comparison::none:
      break;
  }
  return {};
}

// "20-300k": the magnitude of the second holds for the first.
void share_magnitude(const Sentence& s, std::size_t first, Quantity& low, const Quantity& high) {
  if (low.scaled || !high.scaled || low.value >= 1000 || high.value < 1000 || !s.number(first)) return;
  const double factor = high.value >= 1e6 ? 1e6 : 1e3;
  if (low.value * factor < high.value) low.value *= factor;
}

std::optional<Bounds> read_range(const Sentence& s, std::size_t i) {
  const auto opening = s.any_phrase(i, "between|from|in the range of|ranging from");
  auto low = read_quantity(s, i + opening);
  if (!low || low->or_more || low->or_less) return std::nullopt;
  const bool between = s.is(i, "between");
  const auto joint = low->end;
  if (!s.in(joint, between ? "and|to|-" : "to|-|till|until")) return std::nullopt;
  auto high = read_quantity(s, joint + 1);
  if (!high) return std::nullopt;
  share_magnitude(s, i + opening, *low, *high);
  if (low->value > high->value) std::swap(low->value, high->value);
  Bounds out;
  out.range = {.low = low->value, .high = high->value};
  out.end = high->end;
  out.compared = out.two_ended = true;
  out.scaled = low->scaled || high->scaled;
  out.money = low->money || high->money;
  out.percent = low->percent || high->percent;
  return out;
}

}  // namespace

std::optional<Quantity> read_quantity(const Sentence& s, std::size_t i) {
  std::optional<Quantity> q;
  if (s.number(i)) {
    const auto& token = s.tokens[i];
    q = Quantity{.value = token.value,
                 .end = i + 1,
                 .scaled = token.scaled,
                 .money = token.money,
                 .percent = token.percent,
                 .or_more = token.plus};
  } else {
    q = in_words(s, i);
  }
  if (!q) return std::nullopt;
  const bool in_digits = s.number(i);
  for (int times = 0; times < 2 && !s.breaks(q->end); ++times) {  // "hundred thousand"
    const double factor = magnitude(s.term(q->end));
    if (factor == 0 || (in_digits && s.tokens[i].plus)) break;
    q->value *= factor;
    q->scaled = true;
    q->or_more = s.tokens[q->end].plus;
    ++q->end;
  }
  if (s.in(q->end, "percent|pct|percents") && !s.breaks(q->end)) {
    q->percent = true;
    ++q->end;
  } else if (s.phrase(q->end, "per cent") > 0) {
    q->percent = true;
    q->end += 2;
  }
  if (!in_digits && !q->scaled && !q->percent) return std::nullopt;
  if (const auto length = s.any_phrase(q->end, "dollars|dollar|usd|bucks|us dollars")) {
    q->money = true;
    q->end += length;
  }
  take_suffix(s, *q);
  return q;
}

std::optional<Bounds> read_bounds(const Sentence& s, std::size_t i) {
  if (auto range = read_range(s, i)) return range;
  const auto [comparison, length] = read_comparison(s, i);
  const auto q = read_quantity(s, i + length);
  if (!q) return std::nullopt;
  Bounds out;
  out.end = q->end;
  out.scaled = q->scaled;
  out.money = q->money;
  out.percent = q->percent;
  out.bare = q->value;
  auto meant = comparison;
  if (meant == Comparison::none && q->or_more) meant = Comparison::at_least;
  if (meant == Comparison::none && q->or_less) meant = Comparison::at_most;
  out.compared = meant != Comparison::none;
  out.range = range_of(meant, q->value);
  return out;
}

Range divided(const Range& range, double by) {
  auto out = range;
  if (out.low) *out.low /= by;
  if (out.high) *out.high /= by;
  return out;
}

}  // namespace cdx::understanding
