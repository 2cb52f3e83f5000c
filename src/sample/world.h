// What the sample's world is made of: niches, countries, names, tongues. Read once from src/sample/data.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "sample/phrasebook.h"

namespace cdx::sample {

inline constexpr std::size_t sample_platforms =
    4;  // youtube, instagram, tiktok, x: the first of cdx::Platform

enum class Style : std::uint8_t { educational, entertainment, review, lifestyle, news, inspirational };
inline constexpr std::array<std::string_view, 6> style_names = {
    "educational", "entertainment", "review", "lifestyle", "news", "inspirational"};

struct Niche {
  std::string key;
  std::string label;
  std::string called;  // as people ask for it: "car" creators
  std::array<std::vector<std::string>, sample_platforms> categories;
  std::vector<std::string> handle_words;
  std::vector<std::string> brand_words;
  std::vector<std::uint32_t> style_weights;  // one a style
  std::uint16_t first_subject = 0;
  std::uint16_t subjects = 0;
};

struct PersonName {
  std::string text;
  std::string native;  // in the script of the country; empty where that is Latin
  std::string slug;    // letters for handles
};
struct NameSet {
  std::vector<PersonName> female, male, last;
};

struct Tongue {
  std::string code;      // "hi_latin"
  std::string language;  // "hi"
  std::string label;     // "Hindi"
  bool native = false;   // written in the script of the country
  Phrasebook book;
  // Keys of the book that the code asks for.
  std::uint32_t topic = 0, tag = 0, post = 0, hook = 0, closer = 0, describe = 0, pinned = 0, business = 0;
  std::uint32_t bio = 0, brag = 0, second = 0, find_me = 0, managed = 0, display = 0, youtube_bio = 0;
  std::uint32_t brand_bio = 0, brand_post = 0, fan_bio = 0, fan_display = 0, fan_post = 0, agency_bio = 0,
                agency_post = 0;
  std::array<std::uint32_t, style_names.size()> titles{}, captions{};
};

struct City {
  std::string text, native;
};
struct Country {
  std::string code, label, adjective;
  std::uint32_t weight = 1;
  std::size_t names = 0;                                       // index into World::names
  std::vector<std::pair<std::size_t, std::uint32_t>> tongues;  // with weights
  std::vector<City> cities;
  std::string flag;
};

struct World {
  std::vector<Niche> niches;
  Subjects subjects;
  std::vector<std::uint16_t> niche_of;          // subject -> niche
  std::vector<std::string> truth;               // subject -> key of src/vocab
  std::vector<std::vector<std::string>> emoji;  // of each subject
  std::vector<std::uint16_t> popular;           // subjects by weight, for picking
  std::vector<Country> countries;
  std::vector<std::uint16_t> populous;  // countries by weight
  std::vector<NameSet> names;
  std::vector<Tongue> tongues;  // the first is English
  std::vector<std::string> brand_first, brand_last, agency_last;
  std::vector<std::string> nicknames;  // for handles
};

// From the embedded data. `invalid` names file, line and reason.
Result<World> load_world();

}  // namespace cdx::sample
