// What the world calls things: niches, countries, languages, styles, platforms. Data in src/vocab/data,
// embedded.
//
// Promises: pure look-ups, thread-safe, no allocation after the first call. Keys asked for must be folded
// (text::fold); data is stored folded, and a test says so.
// Never: guesses. A name that is not in the data is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cdx::vocab {

struct Niche {
  std::string key;     // "fitness"; a sub-niche is "fitness/yoga"
  std::string parent;  // empty at the top level
  std::string label;   // "Fitness"
  std::vector<std::string>
      synonyms;  // folded names for the niche itself: "gym", "workout"; also other languages
  std::vector<std::string> words;  // folded words and phrases whose presence speaks for it
};
std::span<const Niche> niches();  // 24 or more at the top level, parents before children
const Niche* niche(std::string_view key);
// By key, label or synonym, also the usual category names of the platforms ("video games", "howto & style").
const Niche* find_niche(std::string_view folded_name);

struct Country {
  std::string code;                     // "BR"
  std::string label;                    // "Brazil"
  std::vector<std::string> names;       // folded: "brazil", "brasil"
  std::vector<std::string> adjectives;  // folded: "brazilian", "brazilians"
  std::vector<std::string> cities;      // folded names of large cities: "sao paulo"
  std::vector<std::string> languages;   // ISO 639-1, the main one first
};
std::span<const Country> countries();  // all of ISO 3166-1
const Country* country(std::string_view code);
const Country* find_country(std::string_view folded_name);  // code, name or adjective; not cities
struct City {
  std::string_view name;
  const Country* country;
};
std::optional<City> find_city(std::string_view folded_name);

struct Language {
  std::string code;                // "pt"
  std::string label;               // "Portuguese"
  std::vector<std::string> names;  // folded: "portuguese", "portugues"
};
std::span<const Language> languages();
const Language* language(std::string_view code);
const Language* find_language(std::string_view folded_name);  // code of three letters or more, or name

struct Style {
  std::string key, label;
  std::vector<std::string> words;
};
std::span<const Style> styles();  // educational, lifestyle, entertainment, review, news, …
const Style* find_style(std::string_view folded_name);

// nano < 10k <= micro < 100k <= mid < 500k <= macro < 1M <= mega
std::string_view follower_band(std::int64_t followers);
struct Band {
  std::string key, label;
  double low;
  std::optional<double> high;
};
std::span<const Band> follower_bands();

// Words that mean the same, in the form search/synonyms.h reads.
std::string_view synonyms_text();

std::uint32_t version();  // of the data; part of every value derived with it

}  // namespace cdx::vocab
