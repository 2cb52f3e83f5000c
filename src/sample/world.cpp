#include "sample/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sample/data_file.h"
#include "sample/tongue.h"
#include "text/text.h"

namespace cdx::embedded {
std::string_view sample_world();
}

namespace cdx::sample {
namespace {

constexpr std::string_view file = "world.txt";

std::vector<std::string> copies(const DataEntry* entry) {
  if (entry == nullptr) return {};
  return {entry->values.begin(), entry->values.end()};
}

Result<std::uint32_t> number(int line, std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return data_error(file, line, fmt::format("\"{}\" is no whole number", text));
  return value;
}

Result<std::uint32_t> weight(const DataSection& section) {
  CDX_TRY_LET(const auto* entry, need(file, section, "weight"));
  return number(entry->line, entry->values.front());
}

// "left > right" or "left right", split at the last `mark`.
Result<std::pair<std::string, std::string>> pair_at(int line, std::string_view text, char mark) {
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos)
    return data_error(file, line, fmt::format("\"{}\" lacks its \"{}\"", text, mark));
  auto left = text.substr(0, at);
  auto right = text.substr(at + 1);
  while (left.ends_with(' ')) left.remove_suffix(1);
  while (right.starts_with(' ')) right.remove_prefix(1);
  return std::pair{std::string(left), std::string(right)};
}

Status add_niche(World& world, const DataSection& section, std::string_view key) {
  Niche niche;
  niche.key = key;
  CDX_TRY_LET(const auto* label, need(file, section, "label"));
  CDX_TRY_LET(const auto* emoji, need(file, section, "emoji"));
  CDX_TRY_LET(const auto* words, need(file, section, "handle"));
  CDX_TRY_LET(const auto* brand, need(file, section, "brand"));
  CDX_TRY_LET(const auto* styles, need(file, section, "styles"));
  CDX_TRY_LET(const auto* subs, need(file, section, "subs"));
  CDX_TRY_LET(const auto share, weight(section));
  niche.label = label->values.front();
  CDX_TRY_LET(const auto* called, need(file, section, "called"));
  niche.called = called->values.front();
  niche.handle_words = copies(words);
  niche.brand_words = copies(brand);
  if (styles->values.size() != style_names.size())
    return data_error(file, styles->line, "six style weights wanted");
  for (const auto value : styles->values) {
    CDX_TRY_LET(const auto style, number(styles->line, value));
    niche.style_weights.push_back(style);
  }
  // X and TikTok use the words of Instagram.
  niche.categories[0] = copies(section.find("youtube"));
  niche.categories[1] = copies(section.find("instagram"));
  niche.categories[2] = niche.categories[3] = niche.categories[1];
  niche.first_subject = static_cast<std::uint16_t>(world.subjects.size());
  niche.subjects = static_cast<std::uint16_t>(subs->values.size());
  for (const auto value : subs->values) {
    CDX_TRY_LET(auto sub, pair_at(subs->line, value, '>'));
    for (std::uint32_t i = 0; i < share; ++i)
      world.popular.push_back(static_cast<std::uint16_t>(world.subjects.size()));
    const auto* own = section.find("emoji." + sub.first);
    world.emoji.push_back(copies(own != nullptr ? own : emoji));
    world.subjects.push_back(niche.key + '/' + sub.first);
    world.truth.push_back(std::move(sub.second));
    world.niche_of.push_back(static_cast<std::uint16_t>(world.niches.size()));
  }
  world.niches.push_back(std::move(niche));
  return {};
}

Result<std::vector<PersonName>> read_names(const DataSection& section, const std::string& key) {
  CDX_TRY_LET(const auto* entry, need(file, section, key));
  const auto native = copies(section.find(key + ".native"));
  if (!native.empty() && native.size() != entry->values.size())
    return data_error(
        file, entry->line,
        fmt::format("{} has {} names but {} in the second script", key, entry->values.size(), native.size()));
  std::vector<PersonName> names;
  for (std::size_t i = 0; i < entry->values.size(); ++i) {
    const std::string name(entry->values[i]);
    names.push_back({name, native.empty() ? "" : native[i], text::squash(name)});
  }
  return names;
}

Status add_names(World& world, const DataSection& section) {
  NameSet set;
  CDX_TRY_LET(set.female, read_names(section, "female"));
  CDX_TRY_LET(set.male, read_names(section, "male"));
  CDX_TRY_LET(set.last, read_names(section, "last"));
  world.names.push_back(std::move(set));
  return {};
}

template <class List>
Result<std::size_t> index_of(const List& list, std::string_view name, int line) {
  const auto found = std::find(list.begin(), list.end(), name);
  if (found == list.end()) return data_error(file, line, fmt::format("\"{}\" is not declared", name));
  return static_cast<std::size_t>(found - list.begin());
}

std::string flag_of(std::string_view code) {
  std::string flag;
  for (const char letter : code) {
    flag += "\xF0\x9F\x87";
    flag += static_cast<char>(0xA6 + (letter - 'A'));
  }
  return flag;
}

Status add_country(World& world, const DataSection& section, std::string_view code,
                   const std::vector<std::string_view>& name_sets) {
  Country country;
  country.code = code;
  country.flag = flag_of(code);
  CDX_TRY_LET(const auto* label, need(file, section, "label"));
  CDX_TRY_LET(const auto* adjective, need(file, section, "adjective"));
  CDX_TRY_LET(const auto* names, need(file, section, "names"));
  CDX_TRY_LET(const auto* tongues, need(file, section, "tongues"));
  CDX_TRY_LET(const auto* cities, need(file, section, "cities"));
  CDX_TRY_LET(country.weight, weight(section));
  CDX_TRY_LET(country.names, index_of(name_sets, names->values.front(), names->line));
  country.label = label->values.front();
  country.adjective = adjective->values.front();
  std::vector<std::string> codes;
  for (const auto& tongue : world.tongues) codes.push_back(tongue.code);
  for (const auto value : tongues->values) {
    CDX_TRY_LET(const auto tongue, pair_at(tongues->line, value, ' '));
    CDX_TRY_LET(const auto index, index_of(codes, tongue.first, tongues->line));
    CDX_TRY_LET(const auto share, number(tongues->line, tongue.second));
    country.tongues.emplace_back(index, share);
  }
  const auto native = copies(section.find("native"));
  if (!native.empty() && native.size() != cities->values.size())
    return data_error(file, cities->line, "as many native city names as cities wanted");
  for (std::size_t i = 0; i < cities->values.size(); ++i)
    country.cities.push_back({std::string(cities->values[i]), native.empty() ? "" : native[i]});
  for (std::uint32_t i = 0; i < country.weight; ++i)
    world.populous.push_back(static_cast<std::uint16_t>(world.countries.size()));
  world.countries.push_back(std::move(country));
  return {};
}

Status add_brands(World& world, const DataSection& section) {
  CDX_TRY_LET(const auto* first, need(file, section, "first"));
  CDX_TRY_LET(const auto* last, need(file, section, "last"));
  CDX_TRY_LET(const auto* agency, need(file, section, "agency"));
  CDX_TRY_LET(const auto* nicknames, need(file, section, "nicknames"));
  world.brand_first = copies(first);
  world.brand_last = copies(last);
  world.agency_last = copies(agency);
  world.nicknames = copies(nicknames);
  return {};
}

}  // namespace

Result<World> load_world() {
  CDX_TRY_LET(const auto sections, read_data(file, embedded::sample_world()));
  World world;
  std::vector<std::string_view> name_sets;
  // What others refer to first: niches and names, then tongues, then countries.
  for (const auto& section : sections) {
    if (section.name.starts_with("niche ")) CDX_TRY(add_niche(world, section, section.name.substr(6)));
    if (section.name.starts_with("names ")) {
      CDX_TRY(add_names(world, section));
      name_sets.push_back(section.name.substr(6));
    }
    if (section.name == "brands") CDX_TRY(add_brands(world, section));
  }
  for (const auto& section : sections)
    if (section.name == "tongues") CDX_TRY(add_tongues(world, section));
  for (const auto& section : sections)
    if (section.name.starts_with("country "))
      CDX_TRY(add_country(world, section, section.name.substr(8), name_sets));
  if (world.popular.empty() || world.populous.empty() || world.brand_first.empty())
    return data_error(file, 0, "niches, countries and brands wanted");
  return world;
}

}  // namespace cdx::sample
