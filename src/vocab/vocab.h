// What the world calls things: niches, countries, languages, styles, risks, platforms. Data in
// src/vocab/data, embedded; the taxonomy (niches, categories, compatibility, risks, styles) may come from a
// folder instead.
//
// Promises: pure look-ups, thread-safe, no allocation after the first call. Keys asked for must be folded
// (text::fold); data is stored folded, and a test says so.
// Never: guesses. A name that is not in the data is absent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

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

// How well a creator of one niche serves a campaign for another, in [0,1]; keys of niches(). The same niche
// is 1, a niche and its own sub-niche 0.9, two sub-niches of one niche 0.75 where data/compatibility.tsv has
// no row of their own; sub-niches without a row inherit the row of their parents; the rest, unknown niches
// included, is 0.4 (the default of design 004, whose map the table extends). A row reads both ways unless its
// reverse has one: what a fitness creator does for a health campaign is what a health creator does for a
// fitness one, except where the data says otherwise (kids_toys, parenting).
double compatibility(std::string_view campaign_niche, std::string_view creator_niche);

// A brand-safety category: phrases that speak for it, and contexts near which they do not count.
struct Risk {
  struct Phrase {
    std::string text;   // folded, six words at most
    double weight = 0;  // 1: says it by itself; less: needs company
  };
  std::string key;    // "gambling"
  std::string label;  // "Gambling"
  std::vector<Phrase> phrases;
  std::vector<std::string> excuses;  // folded: "anti", "gambling addiction"
};
std::span<const Risk> risks();  // adult, violence, hate, gambling, … and those an operator added
const Risk* risk(std::string_view key);

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

std::uint32_t version();  // of the data in force; part of every value derived with it

// The taxonomy as files: "niches.tsv", "categories.tsv", "compatibility.tsv", "risks.tsv", "styles.tsv".
using TaxonomyFiles = std::map<std::string, std::string>;  // name to bytes
TaxonomyFiles taxonomy_in_force();
// The taxonomy files in a folder; those it does not have are absent. `not_found` without the folder,
// `invalid` for a file of more than 8 MiB.
Result<TaxonomyFiles> read_taxonomy(const std::string& folder);
// What is wrong with them, each "niches.tsv:12: …"; empty: they may be installed. Files that are absent are
// taken from what is built in. `fold` is text::fold.
std::vector<std::string> check_taxonomy(const TaxonomyFiles& files,
                                        const std::function<std::string(std::string_view)>& fold);
// From now on the taxonomy is that of the folder; without the folder nothing changes. To be called before
// anything else of this room: `conflict` when a table has been read already. `invalid` names the first thing
// that is wrong, and leaves the built-in taxonomy in force.
Status use_folder(const std::string& folder, const std::function<std::string(std::string_view)>& fold);

}  // namespace cdx::vocab
