// Countries, cities and languages.
#include <algorithm>

#include "search/understand_rules.h"
#include "search/understand_words.h"

namespace cdx::understanding {
namespace {

using vocab::Country;
using vocab::Language;

// Names that are as often something else; field syntax still takes them.
constexpr std::string_view doubtful_places =
    "georgia|jersey|chad|mali|niger|of|nice|split|reading|mobile|dominica|darwin|phoenix";

std::string without_stops(std::string_view term) {
  std::string out(term);
  std::erase(out, '.');
  return out;
}

// Short forms that stand like an adjective: "UK", "USA". Plain "us" is a pronoun unless written in capitals.
const Country* short_form(const Sentence& s, std::size_t i) {
  const auto term = without_stops(s.term(i));
  if (term == "us" && s.term(i) == "us" && s.source(i, i + 1) != "US") return nullptr;
  return one_of(term, "us|usa|uk|uae|ksa|nz") ? vocab::find_country(term == "ksa" ? "saudi arabia" : term)
                                              : nullptr;
}

struct Place {
  const Country* country = nullptr;
  std::size_t end = 0;
  bool city = false;
  std::string name;
};

// A country's name or a city at i, the longest that fits. `after_preposition`: "us" and "the us" are places
// there.
std::optional<Place> place_at(const Sentence& s, std::size_t i, bool after_preposition) {
  const bool article = s.is(i, "the");
  const auto at = article ? i + 1 : i;
  for (std::size_t length = 5; length > 0; --length) {
    const auto words = s.joined(at, std::min(at + length, s.size()));
    if (words.empty() || at + length > s.size() || one_of(words, doubtful_places)) continue;
    const auto* country = vocab::find_country(words);
    if (country && std::find(country->names.begin(), country->names.end(), words) != country->names.end())
      return Place{country, at + length, false, words};
    if (const auto city = vocab::find_city(words); city && !article)
      return Place{city->country, at + length, true, words};
    if (country && words.find('-') != std::string::npos) return Place{country, at + length, false, words};
  }
  if (after_preposition && article && s.is(at, "us")) return Place{vocab::country("US"), at + 1, false, "us"};
  if (after_preposition && s.is(at, "us") && s.creators(i - 2))
    return Place{vocab::country("US"), at + 1, false, "us"};
  if (const auto* country = short_form(s, at)) return Place{country, at + 1, false, ""};
  return std::nullopt;
}

// Where the next element of "a, b and c" begins, given that one ended at `end`; `end` itself when there is
// none.
std::size_t after_joint(const Sentence& s, std::size_t end) {
  if (s.in(end, "and|or|nor")) return end + 1;
  if (end < s.size() && s.breaks(end) && !s.term(end).empty()) return end;
  return end;
}

struct Places {
  std::vector<const Country*> countries;
  std::vector<std::size_t> cities;  // tokens
  std::string city;
  std::size_t end = 0;
};

std::optional<Places> places_at(const Sentence& s, std::size_t i) {
  Places out;
  for (auto at = i; out.countries.size() < 32;) {
    const auto place = place_at(s, at, at == i || !out.countries.empty());
    if (!place) break;
    out.countries.push_back(place->country);
    out.end = place->end;
    if (place->city) {
      out.city = place->name;
      for (auto token = s.is(at, "the") ? at + 1 : at; token < place->end; ++token)
        out.cities.push_back(token);
    }
    at = after_joint(s, place->end);
    if (at == place->end && !s.breaks(at)) break;
  }
  if (out.countries.empty()) return std::nullopt;
  return out;
}

Found place_found(std::size_t begin, std::size_t end, const Places& places) {
  const bool one_city = places.countries.size() == 1 && !places.city.empty();
  return Found{begin, end, {country_chip(places.countries, one_city ? places.city : "")}, places.cities};
}

bool follows_negation(const Sentence& s, std::size_t i) {
  return i > 0 && one_of(s.tokens[i - 1].term,
                         "not|but|except|excluding|nor|anywhere|anyone|nobody|those|ones|or|and");
}

// "in X" is the creator's place after a word for creators or a comma, not in "hiking in norway".
bool governs(const Sentence& s, std::size_t i) {
  if (i == 0 || s.creators(i - 1) || follows_negation(s, i) || s.tokens[i - 1].used) return true;
  return s.breaks(i) && s.names_creators;
}

// After these, "from X" tells where the subject comes from.
bool subject_before(const Sentence& s, std::size_t i) {
  return i > 0 && !s.creators(i - 1) &&
         (topic_after_adjective(s.tokens[i - 1].term) ||
          one_of(s.tokens[i - 1].term,
                 "escape|letters|stories|story|news|greetings|live|tales|message|messages|import|moving|"
                 "far|away|trip|flight|travel|stuff|things|goods|clothes|vlog|vlogs|made|refugee"));
}

struct Opening {
  std::size_t length = 0;
  bool sure = false;  // "based in": no context needed
};
Opening opening_at(const Sentence& s, std::size_t i) {
  if (const auto length =
          s.any_phrase(i,
                       "based in|based out of|located in|who live in|who are based in|who are in|coming from|"
                       "originally from|that live in"))
    return {length, true};
  if (s.is(i, "from")) return {1, !subject_before(s, i)};
  if (s.is(i, "in")) return {1, governs(s, i)};
  if (s.phrase(i, "living in")) return {2, i > 0 && s.creators(i - 1)};
  return {};
}

bool is_adjective(const Country& country, std::string_view words) {
  return std::find(country.adjectives.begin(), country.adjectives.end(), words) != country.adjectives.end();
}

struct Adjective {
  const Country* country = nullptr;
  std::size_t end = 0;
  bool people = false;  // "brazilians"
};
std::optional<Adjective> adjective_at(const Sentence& s, std::size_t i) {
  for (std::size_t length = std::min<std::size_t>(3, s.size() - std::min(i, s.size())); length > 0;
       --length) {
    const auto words = s.joined(i, i + length);
    if (words.empty()) continue;
    const auto* country = vocab::find_country(words);
    if (!country || !is_adjective(*country, words)) continue;
    const bool people = words.ends_with('s') && is_adjective(*country, words.substr(0, words.size() - 1));
    return Adjective{country, i + length, people};
  }
  if (const auto* country = short_form(s, i)) return Adjective{country, i + 1, false};
  return std::nullopt;
}

const Language* language_at(const Sentence& s, std::size_t i) {
  const auto term = s.term(i);
  if (term.size() < 4 || s.number(i)) return nullptr;
  return vocab::find_language(term);
}

// What stands before an adjective so that it is no condition: "learn german", "the american dream", "south
// american".
bool barred_before(const Sentence& s, std::size_t i) {
  if (i == 0 || s.breaks(i)) return false;
  if (language_at(s, i - 1) != nullptr) return true;
  return one_of(
      s.tokens[i - 1].term,
      "learn|learning|speak|speaks|speaking|teach|teaching|teaches|study|studying|in|into|the|african|asian|"
      "native|latin|"
      "north|south|west|east|central|anglo|afro|euro|of|to|about|for|than|vs|why|how|is|are|by|nail|shoe|red|"
      "with|what|fluent|translate|mexican|indian|american|chinese|korean|japanese|like|a|an|through");
}

// Written with a capital although the words around it are not.
bool proper_name(const Sentence& s, std::size_t i) {
  const auto capital = [&](std::size_t at) {
    const auto word = s.source(at, at + 1);
    return !word.empty() && word.front() >= 'A' && word.front() <= 'Z';
  };
  const auto small = [&](std::size_t at) {
    const auto word = s.source(at, at + 1);
    return !word.empty() && word.front() >= 'a' && word.front() <= 'z';
  };
  const bool shouted =
      s.source(i, i + 1).size() > 1 && s.source(i, i + 1)[1] >= 'A' && s.source(i, i + 1)[1] <= 'Z';
  return capital(i) && !shouted && ((i + 1 < s.size() && small(i + 1)) || (i > 1 && small(i - 2)));
}

bool barred_after(const Sentence& s, const Adjective& adjective, std::size_t begin) {
  const auto next = adjective.end;
  if (next >= s.size() || s.breaks(next)) return false;
  const std::string_view word = s.tokens[next].term;
  if (s.creators(next) && !one_of(word, "people|girls|women|men|guys")) return false;
  // A capital in running text, or any prose: "the Chinese Remainder theorem" is a name, no condition.
  if (s.brief || proper_name(s, next)) return true;
  if (one_of(
          word,
          "speaking|speaker|speakers|spoken|language|born|american|indian|canadian|african|british|s|vs|to"))
    return true;
  if (topic_after_adjective(word)) return true;
  const std::string_view after = next + 1 < s.size() ? std::string_view(s.tokens[next + 1].term) : "";
  return fixed_name(s.tokens[next - 1].term, word, after) ||
         (next - begin > 1 && fixed_name(s.tokens[begin].term, word, after));
}

// A country's adjective is a condition before a noun; its people ("brazilians") and short forms ("UK") also
// at the end.
bool adjective_counts(const Sentence& s, std::size_t begin, const Adjective& last) {
  if (barred_before(s, begin) || barred_after(s, last, begin)) return false;
  if (last.people)
    return begin == 0 || s.creators(begin - 1) ? true : s.clause_ends(last.end) && s.starts_clause(begin);
  if (last.end < s.size() && !s.breaks(last.end)) return !s.in(last.end, "and|or|is|are|vs|who|that");
  if (short_form(s, begin)) return true;
  if (begin > 0 && one_of(s.tokens[begin - 1].term, "not|except|excluding")) return true;
  return begin > 0 && s.creators(begin - 1);
}

struct Languages {
  std::vector<const Language*> all;
  std::size_t end = 0;
};
Languages languages_at(const Sentence& s, std::size_t i) {
  Languages out;
  for (auto at = i; out.all.size() < 16;) {
    const auto* language = language_at(s, at);
    if (!language) break;
    out.all.push_back(language);
    out.end = at + 1;
    at = after_joint(s, out.end);
    if (at == out.end && !s.breaks(at)) break;
  }
  return out;
}

Reading language_after(const Sentence& s, std::size_t i, std::size_t opening) {
  const auto languages = languages_at(s, i + opening);
  if (languages.all.empty()) return std::nullopt;
  auto end = languages.end;
  if (!s.breaks(end) && topic_after_adjective(s.term(end)) && !s.in(end, "language|people"))
    return std::nullopt;
  if (s.is(end, "language") && !s.breaks(end)) ++end;
  return Found{i, end, {language_chip(languages.all)}, {}};
}

// "spanish-speaking creators", "english language channels"; not "english speaking course", "learn french
// language".
Reading language_before(const Sentence& s, std::size_t i) {
  const auto languages = languages_at(s, i);
  if (languages.all.empty() ||
      (i > 0 && s.in(i - 1, "learn|improve|practice|practise|spoken|learning|study")))
    return std::nullopt;
  const auto word = languages.end;
  if (s.breaks(word)) return std::nullopt;
  if (s.in(word, "speaking|speakers|speaker") && !s.in(word + 1,
                                                       "course|courses|practice|lessons|lesson|class|classes|"
                                                       "skills|exam|test|tips|club|country|countries"))
    return Found{i, word + 1, {language_chip(languages.all)}, {}};
  const bool noun = s.creators(word + 1) || s.in(word + 1, "content|videos|posts|podcasts");
  if (s.is(word, "language") && noun && !s.breaks(word + 1))
    return Found{i, word + 1, {language_chip(languages.all)}, {}};
  return std::nullopt;
}

}  // namespace

Reading read_place(const Sentence& s, std::size_t i) {
  if (const auto opening = opening_at(s, i); opening.length > 0) {
    if (!opening.sure) return std::nullopt;
    const auto places = places_at(s, i + opening.length);
    if (!places || s.is(places->end, "to")) return std::nullopt;
    return place_found(i, places->end, *places);
  }
  const auto places = places_at(s, i);
  if (!places || places->countries.size() != 1 || !s.is(places->end, "based") || s.breaks(places->end))
    return std::nullopt;
  return place_found(i, places->end + 1, *places);
}

Reading read_adjective(const Sentence& s, std::size_t i) {
  std::vector<const Country*> countries;
  std::optional<Adjective> last;
  for (auto at = i; countries.size() < 32;) {
    const auto adjective = adjective_at(s, at);
    if (!adjective) break;
    if (!last && barred_before(s, i)) return std::nullopt;
    countries.push_back(adjective->country);
    last = adjective;
    at = after_joint(s, last->end);
    if (at == last->end && !s.breaks(at)) break;
  }
  if (!last || !adjective_counts(s, i, *last)) return std::nullopt;
  return Found{i, last->end, {country_chip(countries)}, {}};
}

Reading read_language(const Sentence& s, std::size_t i) {
  if (s.is(i, "in")) return language_after(s, i, s.in(i + 1, "plain|simple|native|both") ? 2 : 1);
  const bool relative = i > 0 && (one_of(s.tokens[i - 1].term, "who|that") || s.creators(i - 1));
  if (relative && s.in(i, "speak|speaks|speaking")) return language_after(s, i, 1);
  if (const auto length = s.any_phrase(i, "posting in|who post in|speaking in"))
    return language_after(s, i, length);
  return language_before(s, i);
}

}  // namespace cdx::understanding
