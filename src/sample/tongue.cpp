#include "sample/tongue.h"

#include <fmt/format.h>

namespace cdx::embedded {
std::string_view sample_en();
std::string_view sample_es();
std::string_view sample_pt();
std::string_view sample_de();
std::string_view sample_fr();
std::string_view sample_hi();
std::string_view sample_hi_latin();
std::string_view sample_id();
std::string_view sample_ar();
}  // namespace cdx::embedded

namespace cdx::sample {
namespace {

using Text = std::string_view (*)();
constexpr std::array<std::pair<std::string_view, Text>, 9> files = {{{"en", embedded::sample_en},
                                                                     {"es", embedded::sample_es},
                                                                     {"pt", embedded::sample_pt},
                                                                     {"de", embedded::sample_de},
                                                                     {"fr", embedded::sample_fr},
                                                                     {"hi", embedded::sample_hi},
                                                                     {"hi_latin", embedded::sample_hi_latin},
                                                                     {"id", embedded::sample_id},
                                                                     {"ar", embedded::sample_ar}}};

Result<std::uint32_t> required(const World& world, const Tongue& tongue, const std::string& key) {
  const auto index = tongue.book.key(key);
  for (std::size_t i = 0; i < world.subjects.size(); ++i)
    if (!tongue.book.speaks(index, static_cast<std::uint16_t>(i)))
      return data_error(tongue.code + ".txt", 0, fmt::format("no \"{}\" for [{}]", key, world.subjects[i]));
  return index;
}

// Looks up every key that the code speaks; each must have something for every subject.
Status bind(const World& world, Tongue& tongue) {
  for (std::size_t i = 0; i < style_names.size(); ++i) {
    CDX_TRY_LET(tongue.titles[i], required(world, tongue, fmt::format("title.{}", style_names[i])));
    CDX_TRY_LET(tongue.captions[i], required(world, tongue, fmt::format("caption.{}", style_names[i])));
  }
  const std::pair<std::string_view, std::uint32_t*> keys[] = {{"topic", &tongue.topic},
                                                              {"tag", &tongue.tag},
                                                              {"hook", &tongue.hook},
                                                              {"closer", &tongue.closer},
                                                              {"describe", &tongue.describe},
                                                              {"pinned", &tongue.pinned},
                                                              {"business", &tongue.business},
                                                              {"bio", &tongue.bio},
                                                              {"brag", &tongue.brag},
                                                              {"second", &tongue.second},
                                                              {"find_me", &tongue.find_me},
                                                              {"managed", &tongue.managed},
                                                              {"display", &tongue.display},
                                                              {"brand_bio", &tongue.brand_bio},
                                                              {"brand_post", &tongue.brand_post},
                                                              {"fan_post", &tongue.fan_post},
                                                              {"agency_post", &tongue.agency_post},
                                                              {"fan_bio", &tongue.fan_bio},
                                                              {"fan_display", &tongue.fan_display},
                                                              {"agency_bio", &tongue.agency_bio},
                                                              {"youtube_bio", &tongue.youtube_bio}};
  for (const auto& [name, place] : keys) {
    CDX_TRY_LET(*place, required(world, tongue, std::string(name)));
  }
  // Slots of the others.
  for (const auto* name : {"thing", "task", "role"}) CDX_TRY(required(world, tongue, name));
  if (world.tongues.empty())
    CDX_TRY(required(world, tongue, "people"));  // questions are asked in the first tongue
  tongue.post = tongue.book.key("post");         // ready-made captions: only where somebody wrote some
  return {};
}

Status add_tongue(World& world, const DataEntry& entry) {
  Tongue tongue;
  tongue.code = entry.key;
  if (entry.values.size() < 2) return data_error("world.txt", entry.line, "a tongue needs language and name");
  tongue.language = entry.values[0];
  tongue.label = entry.values[1];
  tongue.native = entry.values.size() > 2 && entry.values[2] == "native";
  for (const auto& [code, text] : files) {
    if (code != entry.key) continue;
    CDX_TRY_LET(tongue.book, Phrasebook::parse(tongue.code + ".txt", text(), world.subjects));
    CDX_TRY(bind(world, tongue));
    world.tongues.push_back(std::move(tongue));
    return {};
  }
  return data_error("world.txt", entry.line,
                    fmt::format("no file of phrases for \"{}\" is built in", entry.key));
}

}  // namespace

Status add_tongues(World& world, const DataSection& section) {
  for (const auto& entry : section.entries) CDX_TRY(add_tongue(world, entry));
  return {};
}

}  // namespace cdx::sample
