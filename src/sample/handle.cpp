#include "sample/handle.h"

#include <algorithm>

#include "text/text.h"

namespace cdx::sample {
namespace {

constexpr std::size_t x = 3;

std::size_t longest(std::size_t platform) { return platform == x ? 15 : 30; }

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

// Late comers find the good handles taken and add digits. They follow from the index, and differ for any two
// indexes, so that equal stems do not become equal handles.
std::string digits(Rng& rng, std::uint64_t index) {
  const double probability = index < 1000 ? 0.15 : index < 10'000 ? 0.9 : 1;
  if (!rng.chance(probability)) return {};
  std::uint64_t range = 1000;
  while (range <= index) range *= 10;
  // A step without common divisor visits every number below the range once.
  return std::to_string((index * 7'368'787 + 13) % range);
}

bool all_digits(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Too long for the platform: leave out middle parts, then shorten the first to its initial, then cut. Digits
// stay.
std::string fitted(std::vector<std::string> parts, std::string_view separator, std::size_t platform) {
  auto handle = join(parts, separator);
  if (handle.size() <= longest(platform)) return handle;
  std::string number;
  for (const auto& part : parts)
    if (all_digits(part)) number = part;
  std::erase_if(parts, [](const auto& part) { return all_digits(part); });
  const auto room = longest(platform) - number.size();
  while (parts.size() > 2 && join(parts, "").size() > room) parts.erase(parts.begin() + 1);
  if (parts.size() == 2 && join(parts, "").size() > room) {
    if (parts.front().size() > 6) {
      parts.pop_back();
    } else {
      parts.front().resize(1);
    }
  }
  handle = join(parts, "");
  if (handle.size() > room) handle.resize(room);
  return handle + number;
}

}  // namespace

std::string text_slug(std::string_view name) { return text::squash(name); }

std::vector<std::string> personal_stem(const World& world, Rng& rng, const Person& person,
                                       const std::string& first, const std::string& last) {
  const auto& word = rng.pick(world.niches[world.niche_of[person.subject]].handle_words);
  std::vector<std::string> stem;
  switch (rng.below(9)) {
    case 0:
    case 1:
    case 2:
      stem = {first, last};
      break;
    case 3:
      stem = {first, word};
      break;
    case 4:
      stem = {word, "with", first};
      break;
    case 5:
      stem = {rng.pick(world.nicknames), first, last};
      break;
    case 6:
      stem = {first, last, word};
      break;
    case 7:
      stem = {last, first};
      break;
    default:
      stem = {first, last.substr(0, 1), word};
      break;
  }
  if (auto number = digits(rng, person.index); !number.empty()) stem.push_back(std::move(number));
  return stem;
}

std::vector<std::string> brand_stem(Rng& rng, const Person& brand) {
  const auto space = brand.first.find(' ');
  std::vector<std::string> stem = {text_slug(brand.first.substr(0, space)),
                                   text_slug(brand.first.substr(space + 1))};
  if (auto number = digits(rng, brand.index); !number.empty()) stem.push_back(std::move(number));
  return stem;
}

std::vector<std::string> fan_stem(Rng& rng, const Person& fan, const Person& idol) {
  static constexpr std::array<std::string_view, 8> tails = {"fans",  "fanpage", "updates", "clips",
                                                            "daily", "lovers",  "edits",   "fc"};
  auto stem = idol.stem;
  stem.emplace_back(rng.pick(tails));
  if (auto number = digits(rng, fan.index); !number.empty()) stem.push_back(std::move(number));
  return stem;
}

std::string make_handle(std::uint64_t seed, const Person& person, std::size_t platform) {
  static constexpr std::array<std::string_view, 4> joints = {"", "", "_", "."};
  static constexpr std::array<std::string_view, 5> tails = {"official", "real", "hq", "tv", "_"};
  // One habit for all platforms, sometimes broken on one of them because the handle was taken.
  Rng habit(seed, person.index, Stream::handles);
  auto joint = habit.pick(joints);
  Rng rng(seed, person.index, Stream::handles, platform + 1);
  auto parts = person.stem;
  if (rng.chance(0.3)) {
    joint = rng.pick(joints);
    const auto tail = rng.pick(tails);
    if (rng.chance(0.5) && join(parts, joint).size() + joint.size() + tail.size() <= longest(platform))
      parts.emplace_back(tail);
  }
  if (platform == x && joint == ".") joint = "_";
  return fitted(std::move(parts), joint, platform);
}

std::string impostor_handle(Rng& rng, std::string_view idol, std::size_t platform) {
  std::string handle(idol);
  const auto replace = [&](char from, char to) {
    const auto at = handle.find(from);
    if (at == std::string::npos) return false;
    handle[at] = to;
    return true;
  };
  switch (rng.below(5)) {
    case 0:
      if (replace('o', '0')) break;
      [[fallthrough]];
    case 1:
      if (replace('l', '1')) break;
      [[fallthrough]];
    case 2:
      handle += "_";
      break;
    case 3:
      handle.insert(handle.begin() + 1 + rng.below(handle.size() - 1), handle[handle.size() / 2]);
      break;
    default:
      handle += rng.chance(0.5) ? "_real" : "official";
      break;
  }
  if (handle.size() > longest(platform)) {
    handle.resize(longest(platform) - 1);
    handle += '_';
  }
  if (handle == idol) handle.back() = handle.back() == 'x' ? 'y' : 'x';
  return handle;
}

}  // namespace cdx::sample
