// Platform, size, verification, activity, growth and style in words.
#include <algorithm>

#include "search/understand_rules.h"
#include "search/understand_words.h"
#include "text/fold.h"

namespace cdx::understanding {
namespace {

constexpr std::string_view platform_names = "youtube|yt|instagram|insta|ig|tiktok|twitter|twitch";

struct PlatformName {
  Platform platform = Platform::other;
  std::size_t end = 0;
  bool letter = false;  // "x"
};
std::optional<PlatformName> platform_at(const Sentence& s, std::size_t i) {
  if (s.phrase(i, "tik tok")) return PlatformName{Platform::tiktok, i + 2};
  const bool letter =
      s.is(i, "x") && !s.tokens[i].hyphened && !(i + 1 < s.size() && s.tokens[i + 1].hyphened);
  if (!letter && !s.in(i, platform_names)) return std::nullopt;
  return PlatformName{*parse_platform(s.term(i)), i + 1, letter};
}

std::optional<Platform> people_of(const Sentence& s, std::size_t i) {
  if (s.in(i, "youtuber|youtubers")) return Platform::youtube;
  if (s.in(i, "tiktoker|tiktokers")) return Platform::tiktok;
  if (s.in(i, "instagrammer|instagrammers|instagramer|instagramers|igers")) return Platform::instagram;
  if (s.in(i, "tweeter|tweeters")) return Platform::x;
  return std::nullopt;
}

struct PlatformList {
  std::vector<Platform> all;
  std::size_t end = 0;
  bool letter = false;
};
PlatformList platforms_at(const Sentence& s, std::size_t i) {
  PlatformList out;
  for (auto at = i; out.all.size() < 8;) {
    const auto found = platform_at(s, at);
    if (!found) break;
    out.all.push_back(found->platform);
    out.end = found->end;
    out.letter = out.letter || found->letter;
    if (s.in(out.end, "and|or|nor"))
      at = out.end + 1;
    else if (out.end < s.size() &&
             (s.breaks(out.end) || s.tokens[out.end].begin == s.tokens[out.end - 1].end + 1))
      at = out.end;
    else
      break;
  }
  return out;
}

// "grow on youtube", "sell on instagram": advice about the platform.
bool advice_before(const Sentence& s, std::size_t i) {
  for (std::size_t back = 1; back <= 4 && back <= i; ++back) {
    if (one_of(
            s.tokens[i - back].term,
            "grow|growing|growth|sell|selling|advertise|advertising|money|earn|earning|famous|viral|"
            "marketing|ads|success|"
            "followers|views|monetize|monetization|start|starting|succeed|how|jobs|upload|download|promote"))
      return true;
    if (s.creators(i - back)) return false;
  }
  return false;
}

Reading platform_after_on(const Sentence& s, std::size_t i) {
  if (!s.in(i, "on|from|via|across") || advice_before(s, i)) return std::nullopt;
  const auto list = platforms_at(s, i + 1);
  if (list.all.empty() || (list.letter && !s.clause_ends(list.end))) return std::nullopt;
  if (!s.breaks(list.end) && subject_after_platform(s.term(list.end)) && !s.creators(list.end))
    return std::nullopt;
  return Found{i, list.end, {platform_chip(list.all)}, {}};
}

// Whether the words after a platform's name lead to a word for creators before anything else is talked about.
bool leads_to_creators(const Sentence& s, std::size_t i) {
  for (std::size_t j = i; j < i + 5 && j < s.size() && !s.breaks(j); ++j) {
    if (s.tokens[j].kind != Token::Kind::word || subject_after_platform(s.tokens[j].term)) return false;
    if (s.creators(j)) return true;
    if (s.clause_ends(j) && !s.in(j, "and|or|verified|active")) return false;
  }
  return false;
}

}  // namespace

Reading read_platform(const Sentence& s, std::size_t i) {
  if (const auto platform = people_of(s, i)) return Found{i, i + 1, {platform_chip({*platform})}, {}};
  if (auto found = platform_after_on(s, i)) return found;
  const auto list = platforms_at(s, i);
  if (list.all.empty()) return std::nullopt;
  const bool users = s.in(list.end, "users|user");
  const bool direct = users || (s.creators(list.end) && !subject_after_platform(s.term(list.end)));
  if (list.letter) {
    if (i > 0 || (!users && !generic_noun(s.term(list.end)))) return std::nullopt;
    return Found{i, list.end + (users ? 1 : 0), {platform_chip(list.all)}, {}};
  }
  const bool whole = i == 0 && list.end >= s.size();
  const bool first = i == 0 && !advice_before(s, i) && !s.breaks(list.end) && leads_to_creators(s, list.end);
  const bool inside = i > 0 && direct && !s.breaks(list.end) && !advice_before(s, i);
  const bool listed = i > 0 && s.breaks(i) && s.breaks(list.end) && s.names_creators;
  const bool mine = i > 0 && leads_to_creators(s, list.end) && !advice_before(s, i);
  if (!users && !whole && !first && !inside && !mine && !listed) return std::nullopt;
  return Found{i, list.end + (users ? 1 : 0), {platform_chip(list.all)}, {}};
}

namespace {

struct BandName {
  const vocab::Band* band = nullptr;
  std::size_t end = 0;
};
BandName band_at(const Sentence& s, std::size_t i) {
  struct Name {
    std::string_view words, key;
  };
  constexpr Name names[] = {{"nano", "nano"},   {"micro", "micro"}, {"mid tier", "mid"},
                            {"midtier", "mid"}, {"macro", "macro"}, {"mega", "mega"}};
  for (const auto& name : names) {
    const auto length = s.phrase(i, name.words);
    if (length == 0) continue;
    for (const auto& band : vocab::follower_bands())
      if (band.key == name.key) return {&band, i + length};
  }
  return {};
}

}  // namespace

Reading read_band(const Sentence& s, std::size_t i) {
  std::vector<vocab::Band> bands;
  auto end = i;
  for (auto at = i; bands.size() < 8;) {
    const auto found = band_at(s, at);
    if (found.band == nullptr) break;
    bands.push_back(*found.band);
    end = found.end;
    at = s.in(end, "and|or|to") ? end + 1 : end;
    if (at == end && !s.breaks(end)) break;
  }
  if (bands.empty()) return std::nullopt;
  if (s.in(end,
           "photography|economics|nutrients|lens|lenses|tracking|investing|trends|analysis|bit|needling|"
           "blading|controllers|"
           "sd|habits|biology|greens|technology|tech|banana|robots|science|reef|tank|man|cities|projects|"
           "structures|"
           "millions|shots|usb|saas|photographers|fishing|build|builds|mechanics|soldering|plants|dosing|"
           "lending"))
    return std::nullopt;
  if (!s.creators_within(end, 4)) return std::nullopt;
  return Found{i, end, {band_chip(bands)}, {}};
}

Reading read_verified(const Sentence& s, std::size_t i) {
  if (s.in(i, "unverified|nonverified")) return Found{i, i + 1, {negated(verified_chip())}, {}};
  if (const auto length =
          s.any_phrase(i, "blue tick|blue check|blue checkmark|blue badge|verification badge"))
    return Found{i, i + length, {verified_chip()}, {}};
  if (!s.is(i, "verified")) return std::nullopt;
  if (s.in(i + 1, "reviews|review|purchase|information|facts|news|by|sources|badge")) return std::nullopt;
  const auto end = i + 1 + s.any_phrase(i + 1, "only");
  if (!s.creators_within(end, 5) && !s.names_creators && !s.clause_ends(end)) return std::nullopt;
  return Found{i, end, {verified_chip()}, {}};
}

namespace {

// "last 7 days", "this month", "past two weeks": how far back, if that can be told from how activity is kept.
struct Period {
  std::size_t end = 0;
  double days = 0;
};
std::optional<Period> period_at(const Sentence& s, std::size_t i) {
  auto at = i + s.any_phrase(i, "in the|within the|over the|during the|in|within|the");
  if (const auto length = s.any_phrase(at, "today|this week|last week|past week|week"))
    return Period{at + length, 7};
  if (const auto length = s.any_phrase(at, "this month|last month|past month|month|recently|lately"))
    return Period{at + length, 30};
  at += s.any_phrase(at, "last|past|previous");
  double count = 0;
  if (s.number(at))
    count = s.tokens[at].value;
  else if (s.in(at, "two|couple|few"))
    count = 2;
  else if (s.is(at, "three"))
    count = 3;
  if (count <= 0) return std::nullopt;
  at += s.phrase(at, "couple of") ? 2U : 1U;
  const double unit = s.in(at, "day|days")       ? 1
                      : s.in(at, "week|weeks")   ? 7
                      : s.in(at, "month|months") ? 30
                                                 : 0;
  if (unit <= 0) return std::nullopt;
  return Period{at + 1, count * unit};
}

Reading activity_in(const Sentence& s, std::size_t begin, std::size_t i) {
  const auto period = period_at(s, i);
  if (!period || period->days > 31) return std::nullopt;
  return Found{begin, period->end, {activity_chip(period->days <= 7 ? Activity::week : Activity::month)}, {}};
}

bool article_before(const Sentence& s, std::size_t i) {
  return i > 0 && !s.breaks(i) &&
         one_of(s.tokens[i - 1].term,
                "a|an|the|physically|sexually|stay|staying|get|be|being|hyper|your|our");
}

}  // namespace

Reading read_activity(const Sentence& s, std::size_t i) {
  if (s.in(i, "inactive|dormant") && !article_before(s, i) && s.creators_within(i + 1, 3))
    return Found{i, i + 1, {activity_chip(Activity::dormant)}, {}};
  const auto posted = s.any_phrase(i, "posted|posting|posts|post|uploaded|uploading|published|active");
  if (posted > 0) {
    const bool every = s.in(i + 1, "this|weekly|daily") && s.is(i, "posts");
    if (!every)
      if (auto found = activity_in(s, i, i + posted)) return found;
  }
  if (s.phrase(i, "recently active")) return Found{i, i + 2, {activity_chip(Activity::month)}, {}};
  if (const auto length = s.any_phrase(i, "currently active|still active"))
    return Found{i, i + length, {activity_chip(Activity::week)}, {}};
  if (!s.is(i, "active") || article_before(s, i)) return std::nullopt;
  if (s.in(i + 1,
           "lifestyle|wear|recovery|listening|volcano|volcanoes|directory|trading|duty|shooter|kids|travel|"
           "investing|learning|"
           "ingredients|noise|income|life|living|aging|women|men|moms"))
    return std::nullopt;
  const bool at_end = s.clause_ends(i + 1) && i > 0 && (s.names_creators || s.tokens[i - 1].used);
  if (!at_end && !s.creators_within(i + 1, 4)) return std::nullopt;
  return Found{i, i + 1, {activity_chip(Activity::week)}, {}};
}

Reading read_growth(const Sentence& s, std::size_t i) {
  if (const auto length = s.any_phrase(
          i,
          "fast growing|fastest growing|rapidly growing|quickly growing|quick growing|growing fast|"
          "growing quickly|growing rapidly|up and coming")) {
    if (!s.names_creators && !s.clause_ends(i + length)) return std::nullopt;
    if (s.in(i + length,
             "plants|trees|vegetables|companies|industries|economies|economy|market|markets|hair|grass"))
      return std::nullopt;
    return Found{i, i + length, {emerging_chip()}, {}};
  }
  if (!s.in(i, "emerging|rising|growing") || article_before(s, i)) return std::nullopt;
  if (s.is(i, "rising")) {
    if (s.is(i + 1, "stars")) return Found{i, i + 2, {emerging_chip()}, {}};
    if (s.in(i + 1, "sun|tide|tides|sea|seas|prices|price|costs|cost|rents|action|dough|bread|flour|heat"))
      return std::nullopt;
  } else if (s.in(i + 1,
                  "markets|market|technologies|technology|tech|economies|diseases|vegetables|tomatoes|"
                  "mushrooms|herbs|flowers|food|beard|hair|a|an|your|my|our|the|up|pains|old|money|plants|"
                  "trees|crops|from|on|in|weed|cannabis|fruit|fruits|microgreens|business|garlic|potatoes|"
                  "roses|threats|trends")) {
    return std::nullopt;
  }
  if (!s.creators_within(i + 1, 4)) return std::nullopt;
  // "Growing" alone asks for growth at any size.
  return Found{i, i + 1, {s.is(i, "growing") ? growth_chip({.low = 0.05, .high = {}}) : emerging_chip()}, {}};
}

Reading read_style(const Sentence& s, std::size_t i) {
  const auto in_a = s.any_phrase(i, "in a|in an|in");
  for (std::size_t length = 3; length > 0; --length) {
    const auto at = i + in_a, word = at + length;
    if (!s.is(word, "style") || s.breaks(word)) continue;
    const auto name = s.joined(at, word);
    const auto* style = name.empty() ? nullptr : vocab::find_style(name);
    if (!style) continue;
    const auto next = word + 1;
    const bool ends = s.clause_ends(next) || s.creators(next) || s.in(next, "content|videos|format") ||
                      s.creators_within(next, 2);
    if (ends) return Found{i, next, {style_chip(*style)}, {}};
  }
  return std::nullopt;
}

Reading read_condition(const Sentence& s, std::size_t i) {
  using Rule = Reading (*)(const Sentence&, std::size_t);
  constexpr Rule rules[] = {read_engagement, read_growth_figure, read_price,    read_followers, read_activity,
                            read_growth,     read_band,          read_verified, read_platform,  read_language,
                            read_place,      read_style,         read_adjective};
  for (const auto rule : rules)
    if (auto found = rule(s, i)) return found;
  return std::nullopt;
}

}  // namespace cdx::understanding
