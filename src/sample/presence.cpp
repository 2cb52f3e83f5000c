#include "sample/presence.h"

#include <algorithm>

namespace cdx::sample {
namespace {

std::string letters(Rng& rng, std::size_t count) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out(count, 'A');
  for (auto& letter : out) letter = alphabet[rng.below(alphabet.size())];
  return out;
}

// Looks like the platform's own; numeric ones rise with the index, so that no two are equal.
std::string make_user_id(Rng& rng, const Person& person, std::size_t platform) {
  if (platform == 0) return "UC" + letters(rng, 22);
  constexpr std::array<std::uint64_t, sample_platforms> bases = {0, 200'000'000, 6'600'000'000'000'000'000ULL,
                                                                 900'000'000};
  constexpr std::array<std::uint64_t, sample_platforms> strides = {0, 11'000, 170'000'000'000ULL, 7'000};
  return std::to_string(bases[platform] + person.index * strides[platform] + rng.below(strides[platform]));
}

}  // namespace

Presence make_presence(const Recipe& recipe, const Calendar& calendar, const Person& person,
                       std::size_t platform) {
  Presence out;
  out.platform = platform;
  out.handle = person.handles[platform];
  Rng rng(recipe.seed, person.index, Stream::handles, 16 + platform);
  out.user_id = make_user_id(rng, person, platform);
  if (rng.chance(0.75)) out.country = person.country->code;
  if (rng.chance(0.45)) out.city = person.city->text;
  if (rng.chance(0.65)) out.language = person.tongue->language;
  const auto& categories = recipe.world->niches[recipe.world->niche_of[person.subject]].categories[platform];
  if (!categories.empty() && rng.chance(platform < 2 ? 0.75 : 0.3)) out.category = rng.pick(categories);
  add_figures(recipe, person, out);
  add_growth(recipe, person, out);
  add_profile_text(recipe, calendar, person, out);
  add_posts(recipe, calendar, person, out);
  return out;
}

Speech speech_of(const Recipe& recipe, const Calendar& calendar, const Person& person, std::size_t platform,
                 SpeechTexts& storage) {
  std::string slug;
  for (const auto& part : person.stem) slug += part;
  const bool shop = person.kind == Kind::brand || person.kind == Kind::agency;
  storage.site = shop ? slug + ".example.com" : "links.example.com/" + slug;
  storage.mail = shop ? "hello@" + slug + ".example.com" : slug + "@example.org";
  storage.year = calendar.year();
  Speech speech;
  speech[Word::first] = person.first;
  speech[Word::last] = person.last;
  speech[Word::city] =
      person.tongue->native && !person.city->native.empty() ? person.city->native : person.city->text;
  speech[Word::country] = person.country->label;
  speech[Word::flag] = person.country->flag;
  speech[Word::handle] = person.handles[platform];
  speech[Word::site] = storage.site;
  speech[Word::mail] = storage.mail;
  speech[Word::year] = storage.year;
  speech.emoji = recipe.world->emoji[person.subject];
  speech.subject = person.subject;
  speech.second = person.second;
  speech.female = person.female;
  return speech;
}

}  // namespace cdx::sample
