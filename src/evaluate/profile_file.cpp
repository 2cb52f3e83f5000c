#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "evaluate/tune.h"

namespace cdx::evaluate {

using Json = nlohmann::json;

std::string write_profile_file(const NamedProfile& profile) {
  return Json{{"name", profile.name},
              {"kind", profile.kind},
              {"at", format_time(profile.at)},
              {"settings", Json::parse(profile.settings, nullptr, false)},
              {"evidence", Json::parse(profile.evidence, nullptr, false)}}
      .dump();
}

Result<NamedProfile> parse_profile(std::string_view text, std::string_view place) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(ErrorKind::invalid, fmt::format("{} holds no JSON object", place));
  NamedProfile out;
  if (!json.contains("settings")) {
    out.settings = json.dump();
    out.evidence = "{}";
    return out;
  }
  for (const auto* part : {"settings", "evidence"})
    if (json.contains(part) && !json[part].is_object())
      return fail(ErrorKind::invalid, fmt::format("{}: \"{}\" must be an object", place, part));
  out.name = json.value("name", "");
  out.kind = json.value("kind", "");
  out.settings = json["settings"].dump();
  out.evidence = json.value("evidence", Json::object()).dump();
  return out;
}

}  // namespace cdx::evaluate
