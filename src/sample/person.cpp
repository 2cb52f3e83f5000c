#include "sample/person.h"

#include <algorithm>

#include "sample/handle.h"

namespace cdx::sample {
namespace {

double size_of(const Recipe& recipe, std::uint64_t index) {
  Rng rng(recipe.seed, index, Stream::figures);
  // Followers are log-normal: median about 22,000, a factor of 6.5 each deviation.
  return 14.4 + 2.7 * rng.normal();
}

// The best known of a few genuine people: the famous are imitated most. Index 0 is genuine in every set.
std::uint64_t pick_idol(const Recipe& recipe, Rng& rng, std::uint64_t self) {
  std::uint64_t best = 0;
  double best_size = -1;
  for (int i = 0; i < 5; ++i) {
    const auto candidate = rng.below(recipe.count);
    if (candidate == self || kind_of(recipe, candidate) != Kind::genuine) continue;
    const double size = size_of(recipe, candidate);
    if (size > best_size) {
      best = candidate;
      best_size = size;
    }
  }
  return best;
}

template <class Weights>
std::size_t weighted(Rng& rng, const Weights& weights) {
  std::uint64_t total = 0;
  for (const auto weight : weights) total += weight;
  auto at = rng.below(total);
  for (std::size_t i = 0;; ++i) {
    if (at < weights[i]) return i;
    at -= weights[i];
  }
}

void choose_place(const World& world, Rng& rng, Person& person) {
  person.country = &world.countries[rng.pick(world.populous)];
  std::vector<std::uint32_t> weights;
  for (const auto& [tongue, weight] : person.country->tongues) weights.push_back(weight);
  person.tongue = &world.tongues[person.country->tongues[weighted(rng, weights)].first];
  person.city = &rng.pick(person.country->cities);
}

void choose_subject(const World& world, Rng& rng, Person& person) {
  person.subject = person.second = rng.pick(world.popular);
  if (rng.chance(0.35)) person.second = rng.pick(world.popular);
  if (world.niche_of[person.second] == world.niche_of[person.subject]) person.second = person.subject;
  person.style =
      static_cast<Style>(weighted(rng, world.niches[world.niche_of[person.subject]].style_weights));
}

void choose_name(const World& world, Rng& rng, Person& person) {
  const auto& names = world.names[person.country->names];
  person.female = rng.chance(0.5);
  const auto& first = rng.pick(person.female ? names.female : names.male);
  const auto& last = rng.pick(names.last);
  const bool native = person.tongue->native && rng.chance(0.65);
  person.first = native && !first.native.empty() ? first.native : first.text;
  person.last = native && !last.native.empty() ? last.native : last.text;
  person.plain_name = first.text + ' ' + last.text;
  person.stem = personal_stem(world, rng, person, first.slug, last.slug);
}

void choose_brand(const World& world, Rng& rng, Person& person) {
  person.first = rng.pick(world.brand_first) + rng.pick(world.brand_last) + ' ';
  person.first += person.kind == Kind::agency
                      ? rng.pick(world.agency_last)
                      : rng.pick(world.niches[world.niche_of[person.subject]].brand_words);
  person.plain_name = person.first;
  person.stem = brand_stem(rng, person);
}

void choose_platforms(const Recipe& recipe, Rng& rng, Person& person) {
  const std::array<std::uint32_t, sample_platforms> mains = {30, 32, 26, 12};
  person.main = weighted(rng, mains);
  const double many = person.kind == Kind::genuine ? 0.33 : person.kind == Kind::brand ? 0.45 : 0.08;
  std::array<bool, sample_platforms> present{};
  for (std::size_t i = 0; i < sample_platforms; ++i) present[i] = i == person.main || rng.chance(many);
  const auto linking = rng.unit();
  person.linking = linking < 0.32 ? Linking::none : linking < 0.58 ? Linking::from_main : Linking::reciprocal;
  for (std::size_t i = 0; i < sample_platforms; ++i)
    if (present[i]) person.handles[i] = make_handle(recipe.seed, person, i);
}

Curve pick_curve(Rng& rng, Kind kind) {
  const auto roll = rng.unit();
  if (kind == Kind::impostor) return roll < 0.3 ? Curve::inorganic : Curve::emerging;
  if (roll < 0.035) return Curve::inorganic;
  if (roll < 0.095) return Curve::viral;
  if (roll < 0.2) return Curve::emerging;
  return roll < 0.35 ? Curve::declining : Curve::steady;
}

// What a fan, impostor or namesake takes over from whom it resembles.
void resemble(const Recipe& recipe, Rng& rng, Person& person, const Person& idol) {
  const auto& world = *recipe.world;
  person.country = idol.country;
  person.tongue = idol.tongue;
  person.first = idol.first;
  person.last = idol.last;
  person.plain_name = idol.plain_name;
  person.female = idol.female;
  if (person.kind == Kind::namesake) {
    person.city = &rng.pick(person.country->cities);
    const auto space = idol.plain_name.find(' ');
    person.stem = personal_stem(world, rng, person, text_slug(idol.plain_name.substr(0, space)),
                                text_slug(idol.plain_name.substr(space + 1)));
    return;
  }
  person.city = idol.city;
  person.subject = idol.subject;
  person.second = idol.second;
  person.style = idol.style;
  person.stem = person.kind == Kind::fan ? fan_stem(rng, person, idol) : idol.stem;
  person.size = std::min(person.size - 3, idol.size - 2);
  person.main = idol.main;
}

}  // namespace

std::string_view name(Kind kind) {
  constexpr std::array<std::string_view, 6> names = {"genuine",  "brand",    "fan",
                                                     "impostor", "namesake", "agency"};
  return names[static_cast<std::size_t>(kind)];
}

Kind kind_of(const Recipe& recipe, std::uint64_t index) {
  if (index == 0) return Kind::genuine;
  if (index % agency_every == agency_every - 1) return Kind::agency;
  const double roll = Rng(recipe.seed, index, Stream::identity, 1).unit();
  if (roll < 0.05) return Kind::brand;
  if (roll < 0.085) return Kind::fan;
  if (roll < 0.115) return Kind::impostor;
  return roll < 0.145 ? Kind::namesake : Kind::genuine;
}

Person make_person(const Recipe& recipe, std::uint64_t index) {
  const auto& world = *recipe.world;
  Rng rng(recipe.seed, index, Stream::identity);
  Person person;
  person.index = person.about = index;
  person.kind = kind_of(recipe, index);
  person.size = size_of(recipe, index);
  choose_place(world, rng, person);
  choose_subject(world, rng, person);
  person.lower_case = rng.chance(0.3);
  person.curve = pick_curve(rng, person.kind);
  if (person.kind == Kind::brand || person.kind == Kind::agency) {
    choose_brand(world, rng, person);
    choose_platforms(recipe, rng, person);
  } else if (person.kind == Kind::genuine) {
    choose_name(world, rng, person);
    choose_platforms(recipe, rng, person);
  } else {
    person.about = pick_idol(recipe, rng, index);
    const Person idol = make_person(recipe, person.about);
    resemble(recipe, rng, person, idol);
    if (person.kind == Kind::namesake) {
      choose_platforms(recipe, rng, person);
    } else {
      person.handles[person.main] = person.kind == Kind::impostor
                                        ? impostor_handle(rng, idol.handles[idol.main], person.main)
                                        : make_handle(recipe.seed, person, person.main);
    }
  }
  return person;
}

bool managed(const Recipe& recipe, std::uint64_t index) {
  return agency_of(index) < recipe.count && kind_of(recipe, index) == Kind::genuine &&
         Rng(recipe.seed, index, Stream::identity, 2).chance(0.07);
}

std::string person_id(std::uint64_t index) {
  auto digits = std::to_string(index);
  return "p" + std::string(7 - std::min<std::size_t>(7, digits.size()), '0') + digits;
}

std::string profile_url(std::size_t platform, std::string_view handle) {
  constexpr std::array<std::string_view, sample_platforms> prefixes = {
      "https://www.youtube.com/@", "https://www.instagram.com/", "https://www.tiktok.com/@",
      "https://x.com/"};
  return std::string(prefixes[platform]) + std::string(handle);
}

}  // namespace cdx::sample
