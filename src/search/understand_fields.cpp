// Field syntax: `platform:tiktok followers:>50k country:br -niche:gaming`.
#include <array>

#include "search/understand_numbers.h"
#include "search/understand_rules.h"
#include "text/fold.h"

namespace cdx::understanding {
namespace {

using Make = std::optional<Chip> (*)(std::string_view folded_value);

std::optional<Chip> platform_of(std::string_view value) {
  const auto platform = parse_platform(value);
  return platform ? std::optional<Chip>(platform_chip({*platform})) : std::nullopt;
}
std::optional<Chip> country_of(std::string_view value) {
  if (const auto* country = vocab::find_country(value)) return country_chip({country});
  if (const auto city = vocab::find_city(value)) return country_chip({city->country}, city->name);
  return std::nullopt;
}
std::optional<Chip> language_of(std::string_view value) {
  const auto* language = vocab::language(value);
  if (!language) language = vocab::find_language(value);
  return language ? std::optional<Chip>(language_chip({language})) : std::nullopt;
}
std::optional<Chip> niche_of(std::string_view value) {
  const auto* niche = vocab::find_niche(value);
  return niche ? std::optional<Chip>(niche_chip(*niche)) : std::nullopt;
}
std::optional<Chip> style_of(std::string_view value) {
  const auto* style = vocab::find_style(value);
  return style ? std::optional<Chip>(style_chip(*style)) : std::nullopt;
}
std::optional<Chip> verified_of(std::string_view value) {
  if (one_of(value, "true|yes|1")) return verified_chip();
  if (one_of(value, "false|no|0")) return negated(verified_chip());
  return std::nullopt;
}
std::optional<Chip> activity_of(std::string_view value) {
  if (value == "active") return activity_chip(Activity::week);
  if (one_of(value, "dormant|inactive")) return activity_chip(Activity::dormant);
  if (one_of(value, "month|recent|semi_active")) return activity_chip(Activity::month);
  return std::nullopt;
}
std::optional<Chip> band_of(std::string_view value) {
  for (const auto& band : vocab::follower_bands())
    if (band.key == value || (band.key == "mid" && one_of(value, "mid-tier|midtier")))
      return band_chip({band});
  return std::nullopt;
}

struct NamedField {
  std::string_view names;
  Make make;
};
constexpr std::array<NamedField, 8> value_fields = {{
    {"platform|on", platform_of},
    {"country|from|location|place", country_of},
    {"language|lang", language_of},
    {"niche|category", niche_of},
    {"style", style_of},
    {"verified", verified_of},
    {"activity", activity_of},
    {"follower_band|band|size|tier", band_of},
}};

struct FigureField {
  std::string_view names;
  Chip (*make)(const Range&);
  bool rate;  // a fraction, written in percent
};
constexpr std::array<FigureField, 8> figure_fields = {{
    {"followers|subscribers|subs", followers_chip, false},
    {"engagement|engagement_rate|er", engagement_chip, true},
    {"price|price_usd|budget", price_chip, false},
    {"growth|growth_rate_30d", growth_chip, true},
    {"emerging", emerging_figure_chip, false},
    {"credibility", credibility_chip, false},
    {"posts_per_week|posts", posts_chip, false},
    {"views_per_follower", views_chip, false},
}};

std::optional<Range> figure_range(const Bounds& bounds, const FigureField& field) {
  Range range = bounds.range;
  const bool price = field.make == price_chip;
  if (!bounds.compared && price) range = {.low = {}, .high = bounds.bare};
  if (!bounds.compared && !price) range = {.low = bounds.bare, .high = {}};
  if (!field.rate) return bounds.percent ? std::nullopt : std::optional<Range>(range);
  const double top = range.high ? *range.high : *range.low;
  if (top > 100) return std::nullopt;
  return bounds.percent || top >= 1 ? divided(range, 100) : range;
}

Reading read_figure(const Sentence& s, std::size_t i, const FigureField& field) {
  const auto bounds = read_bounds(s, i + 1);
  if (!bounds) return std::nullopt;
  const auto range = figure_range(*bounds, field);
  if (!range) return std::nullopt;
  return Found{i, bounds->end, {field.make(*range)}, {}};
}

// The value of a field: a quoted phrase, or the words up to the next blank.
struct Value {
  std::string folded;
  std::size_t end = 0;
};
Value value_at(const Sentence& s, std::size_t i) {
  const auto& first = s.tokens[i];
  if (first.kind == Token::Kind::phrase) return {text::fold(first.term), i + 1};
  auto end = i + 1;
  while (end < s.size() &&
         s.text.substr(s.tokens[end - 1].end, s.tokens[end].begin - s.tokens[end - 1].end).find(' ') ==
             std::string_view::npos &&
         s.tokens[end].begin - s.tokens[end - 1].end <= 1)
    ++end;
  return {text::fold(s.source(i, end)), end};
}

}  // namespace

Reading read_field(const Sentence& s, std::size_t i) {
  if (i + 1 >= s.size() || s.term(i).empty() || s.tokens[i].kind != Token::Kind::word) return std::nullopt;
  const auto colon = s.tokens[i].end;
  const auto& next = s.tokens[i + 1];
  if (colon >= s.text.size() || s.text[colon] != ':' || next.begin != colon + 1 || next.used)
    return std::nullopt;
  for (const auto& field : figure_fields)
    if (s.in(i, field.names)) return read_figure(s, i, field);
  for (const auto& field : value_fields) {
    if (!s.in(i, field.names)) continue;
    const auto value = value_at(s, i + 1);
    if (auto chip = field.make(value.folded)) return Found{i, value.end, {std::move(*chip)}, {}};
  }
  return std::nullopt;
}

}  // namespace cdx::understanding
