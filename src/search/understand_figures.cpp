// Followers, engagement, price and growth in figures.
#include "search/understand_numbers.h"
#include "search/understand_rules.h"

namespace cdx::understanding {
namespace {

constexpr std::string_view follower_words =
    "followers|follower|subscribers|subscriber|subs|sub|fans|abonnenten|seguidores|inscritos|suscriptores|"
    "abonnes";
constexpr std::string_view counted_otherwise =
    "views|likes|videos|video|posts|steps|words|calories|km|miles|run|hours|minutes|minute|days|day|years|"
    "weeks|songs|"
    "challenge|people|games|recipes|ways|things|facts|marathon|points|episodes|downloads|meals|dollars|"
    "comments|shares|"
    "percent|euros|pounds|rupees";

// Bounds that one number without a comparison means, "with 5% engagement": at least.
Range at_least(const Bounds& bounds) {
  if (bounds.compared) return bounds.range;
  return {.low = bounds.bare, .high = {}};
}
Range at_most(const Bounds& bounds) {
  if (bounds.compared) return bounds.range;
  return {.low = {}, .high = bounds.bare};
}

// "with a", "who have": may stand before a figure and belong to it.
std::size_t skip_of(const Sentence& s, std::size_t i) {
  return i + s.any_phrase(i,
                          "rate of|rates of|rate is|rate|rates|ratio|count "
                          "of|count|counts|of|is|are|at|=|range of|size of|size|base of");
}

bool possession_before(const Sentence& s, std::size_t i) {
  return i > 0 && one_of(s.tokens[i - 1].term, "with|have|has|having|w|of|sporting|boasting");
}

// Percents or, where a comparison shows that a rate is meant, a plain number from 1 to 100.
std::optional<Range> rate(const Bounds& bounds) {
  const auto range = at_least(bounds);
  const double top = range.high ? *range.high : *range.low;
  if (!bounds.percent && (!bounds.compared || bounds.scaled || bounds.money)) return std::nullopt;
  if (!bounds.percent && top < 1) return range;  // already a fraction
  if (top > 100) return std::nullopt;
  return divided(range, 100);
}

Reading rate_after(const Sentence& s, std::size_t i, std::size_t word_end, Chip (*chip)(const Range&)) {
  const auto bounds = read_bounds(s, skip_of(s, word_end));
  if (!bounds) return std::nullopt;
  const auto range = rate(*bounds);
  if (!range) return std::nullopt;
  return Found{i, bounds->end, {chip(*range)}, {}};
}

// Where the unit of a follower figure ends, or the figure's own end when none follows.
struct Unit {
  std::size_t end = 0;
  bool found = false, or_less = false;
  std::optional<Platform> platform = std::nullopt;  // "50k instagram followers"
};
Unit follower_unit(const Sentence& s, std::size_t i) {
  Unit unit{.end = i};
  if (s.breaks(i)) return unit;
  auto at = i;
  if (s.in(at + 1, follower_words)) {
    unit.platform = parse_platform(s.term(at));
    if (unit.platform || s.in(at, "total|of|real|youtube|loyal")) ++at;
  }
  if (!s.in(at, follower_words)) return Unit{.end = i};
  unit.found = true;
  unit.end = at + 1;
  if (s.in(unit.end, "count|counts|base")) ++unit.end;
  if (const auto more =
          s.any_phrase(unit.end, "or more|or higher|and up|and above|or above|plus|minimum|min"))
    unit.end += more;
  if (const auto less = s.any_phrase(unit.end, "or less|or fewer|or below|and below|max|maximum|at most")) {
    unit.end += less;
    unit.or_less = true;
  }
  return unit;
}

// "1 million subscribers" alone is a subject ("challenge", "special"); it is a wish after "with" and the
// like.
bool bare_figure_is_meant(const Sentence& s, std::size_t i, std::size_t end) {
  if (possession_before(s, i)) return true;
  if (i == 0 && s.creators_within(end, 4) &&
      !s.in(end, "challenge|special|celebration|milestone|plaque|award|club"))
    return true;
  const bool after_creators = i > 0 && s.creators(i - 1);
  return after_creators && s.clause_ends(end);
}

// A figure without unit counts followers when the sentence is about creators and nothing else is counted.
bool figure_without_unit(const Sentence& s, std::size_t i, const Bounds& bounds) {
  if (!bounds.compared || bounds.money || bounds.percent) return false;
  const double top = bounds.range.high ? *bounds.range.high : *bounds.range.low;
  if (top < 1000) return false;
  if (s.in(bounds.end, counted_otherwise)) return false;
  if (i == 0 && bounds.end >= s.size()) return true;
  if (!s.names_creators && !s.counts_followers) return false;
  const bool open =
      s.starts_clause(i) || s.creators(i - 1) || possession_before(s, i) || bounds.end >= s.size();
  return open && (s.clause_ends(bounds.end) || s.creators(bounds.end) || i == 0);
}

Reading followers_before(const Sentence& s, std::size_t i) {
  auto at = i + s.any_phrase(i, "a following|following|an audience|audience|a fan base|fanbase|fan base");
  const bool loose = at > i;
  if (!loose && s.in(i, follower_words)) at = i + 1;
  if (at == i) return std::nullopt;
  const auto skipped = skip_of(s, at);
  const auto bounds = read_bounds(s, skipped);
  if (!bounds || bounds->money || bounds->percent) return std::nullopt;
  if (!bounds->compared && (skipped == at || loose != s.is(skipped - 1, "of"))) return std::nullopt;
  if (loose && !bounds->scaled && at_least(*bounds).low.value_or(1000) < 1000) return std::nullopt;
  return Found{i, bounds->end, {followers_chip(at_least(*bounds))}, {}};
}

}  // namespace

Reading read_engagement(const Sentence& s, std::size_t i) {
  if (const auto length = s.any_phrase(i, "engagement rate|engagement rates|engagement|er|eng rate")) {
    if (s.is(i, "er") && !s.number(i + 1) && (i + 1 >= s.size() || s.tokens[i + 1].kind != Token::Kind::sign))
      return std::nullopt;
    return rate_after(s, i, i + length, engagement_chip);
  }
  const auto bounds = read_bounds(s, i);
  if (!bounds || !bounds->percent || s.breaks(bounds->end)) return std::nullopt;
  auto end = bounds->end + s.any_phrase(bounds->end, "average|avg|of");
  const auto word = s.any_phrase(end, "engagement rate|engagement rates|engagement|er");
  const auto range = rate(*bounds);
  if (word == 0 || !range) return std::nullopt;
  return Found{i, end + word, {engagement_chip(*range)}, {}};
}

Reading read_growth_figure(const Sentence& s, std::size_t i) {
  const auto month = [&](std::size_t at) {
    return at +
           s.any_phrase(
               at,
               "a month|per month|monthly|this month|in 30 days|in the last 30 days|last month|each month");
  };
  if (const auto length = s.any_phrase(i, "growth rate|growth|growing|growing by|growing at")) {
    auto found = rate_after(s, i, i + length, growth_chip);
    if (found) found->end = month(found->end);
    return found;
  }
  const auto bounds = read_bounds(s, i);
  if (!bounds || !bounds->percent) return std::nullopt;
  const auto word = s.any_phrase(bounds->end, "growth rate|growth|monthly growth");
  const auto range = rate(*bounds);
  if (word == 0 || !range) return std::nullopt;
  return Found{i, month(bounds->end + word), {growth_chip(*range)}, {}};
}

Reading read_price(const Sentence& s, std::size_t i) {
  constexpr std::string_view before =
      "budget of|budget is|budget|price of|price|prices|priced "
      "at|priced|rates|rate|costs|cost|costing|charges|charge|"
      "charging|fee|fees|asking|asking for|for|at|pay|paying|max budget|maximum budget|prices from";
  const auto opening = s.any_phrase(i, before);
  const auto bounds = read_bounds(s, i + opening);
  if (!bounds || bounds->percent) return std::nullopt;
  auto end = bounds->end;
  if (s.in(end, "per|a|each|for|every") && s.in(end + 1, "a|one|each")) ++end;
  const bool each = s.in(end, "per|a|each|for|one|every");
  const auto thing =
      each ? s.any_phrase(end + 1,
                          "post|posts|video|reel|story|collab|collaboration|campaign|sponsorship|tweet|"
                          "tiktok|integration|shoutout|placement|deal|ad|sponsored post")
           : 0;
  const bool named = opening > 0 && !s.in(i, "for|at");
  const bool after_creators = i > 0 && s.creators(i - 1);
  if (thing == 0 && !(bounds->money && (named || after_creators)) &&
      !(named && bounds->compared && !bounds->money))
    return std::nullopt;
  if (!bounds->money && !named) return std::nullopt;
  if (s.in(bounds->end, follower_words)) return std::nullopt;
  const auto stop = thing > 0 ? end + 1 + thing : bounds->end;
  return Found{i, stop, {price_chip(at_most(*bounds))}, {}};
}

Reading read_followers(const Sentence& s, std::size_t i) {
  if (auto found = followers_before(s, i)) return found;
  const auto bounds = read_bounds(s, i);
  if (!bounds || bounds->money || bounds->percent) return std::nullopt;
  const auto unit = follower_unit(s, bounds->end);
  auto read = *bounds;
  if (unit.found && !read.compared) {
    const bool more = unit.end > bounds->end && s.in(unit.end - 1, "more|higher|up|above|plus|minimum|min");
    if (!more && !unit.or_less && !bare_figure_is_meant(s, i, unit.end)) return std::nullopt;
    read.range = unit.or_less ? at_most(read) : at_least(read);
  }
  if (!unit.found && !figure_without_unit(s, i, read)) return std::nullopt;
  Found found{i, unit.found ? unit.end : read.end, {followers_chip(read.range)}, {}};
  if (unit.platform) found.chips.push_back(platform_chip({*unit.platform}));
  return found;
}

}  // namespace cdx::understanding
