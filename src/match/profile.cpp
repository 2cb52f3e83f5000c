#include "match/profile.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json_text.h"

namespace cdx {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> formula_names = {"seed-004", "seed-001", "seed-002", "balanced"};

struct Member {
  std::string_view name;
  double* value;
};

// Every weight of a profile, group by group: reading and writing cannot disagree.
struct Group {
  std::string_view name;
  std::vector<Member> members;
};
std::vector<Group> groups(ScoringProfile& profile) {
  auto& [relevance, niche, audience, engagement, budget, history] = profile.match;
  return {{"ranking",
           {{"alpha", &profile.ranking.alpha},
            {"beta", &profile.ranking.beta},
            {"gamma", &profile.ranking.gamma}}},
          {"match",
           {{"relevance", &relevance},
            {"niche", &niche},
            {"audience", &audience},
            {"engagement", &engagement},
            {"budget", &budget},
            {"history", &history}}},
          {"audience",
           {{"language", &profile.audience.language},
            {"country", &profile.audience.country},
            {"niche", &profile.audience.niche},
            {"content", &profile.audience.content}}},
          {"size",
           {{"engagement", &profile.size.engagement},
            {"followers", &profile.size.followers},
            {"similarity", &profile.size.similarity}}}};
}

tl::unexpected<Error> refuse(std::string_view pointer, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", pointer, reason));
}

Result<double> weight(const Json& json, const std::string& pointer) {
  if (!json.is_number()) return refuse(pointer, "must be a number");
  const auto value = json.get<double>();
  if (!std::isfinite(value) || value < 0 || value > 1000)
    return refuse(pointer, "must be between 0 and 1000");
  return value;
}

Status read_vector_weights(const Json& json, ScoringProfile& profile) {
  constexpr std::string_view at = "/ranking/vector_weights";
  if (!json.is_object()) return refuse(at, "must be an object");
  const auto schema = creator_schema(1);
  for (const auto& [field, value] : json.items()) {
    const auto pointer = fmt::format("{}/{}", at, field);
    const bool known = std::any_of(schema.vectors.begin(), schema.vectors.end(),
                                   [&, &name = field](const auto& one) { return one.name == name; });
    if (!known) return refuse(pointer, "is not a vector field");
    CDX_TRY_LET(profile.ranking.vector_weights[field], weight(value, pointer));
  }
  return {};
}

Status read_group(const Json& json, Group& group, ScoringProfile& profile) {
  const auto at = fmt::format("/{}", group.name);
  if (!json.is_object()) return refuse(at, "must be an object");
  for (const auto& [key, value] : json.items()) {
    if (group.name == "ranking" && key == "vector_weights") {
      CDX_TRY(read_vector_weights(value, profile));
      continue;
    }
    const auto member = std::find_if(group.members.begin(), group.members.end(),
                                     [&, &name = key](const Member& one) { return one.name == name; });
    const auto pointer = fmt::format("{}/{}", at, key);
    if (member == group.members.end()) return refuse(pointer, "is not known");
    CDX_TRY_LET(*member->value, weight(value, pointer));
  }
  double sum = 0;
  for (const auto& member : group.members) sum += *member.value;
  return sum > 0 ? Status() : refuse(at, "some weight must be above 0");
}

ScoringProfile made(MatchFormula formula) {
  ScoringProfile out;
  out.name = name(formula);
  out.formula = formula;
  out.version = match_formula_version;
  return out;
}

}  // namespace

std::string_view name(MatchFormula formula) { return formula_names[static_cast<std::size_t>(formula)]; }

std::span<const ScoringProfile> built_in_profiles() {
  static const std::array<ScoringProfile, 4> all = {
      made(MatchFormula::balanced), made(MatchFormula::seed_004), made(MatchFormula::seed_001),
      made(MatchFormula::seed_002)};
  return all;
}

Result<ScoringProfile> built_in_profile(std::string_view wanted) {
  for (const auto& one : built_in_profiles())
    if (one.name == wanted) return one;
  return fail(
      ErrorKind::not_found,
      fmt::format("there is no scoring profile \"{}\"; built in are balanced, seed-004, seed-001, seed-002",
                  wanted));
}

Result<ScoringProfile> read_profile(std::string_view name, std::string_view settings) {
  const auto json = Json::parse(settings, nullptr, false);
  if (!json.is_object()) return refuse("", "settings must be a JSON object");
  std::string formula = "balanced";
  if (const auto given = json.find("formula"); given != json.end()) {
    if (!given->is_string()) return refuse("/formula", "must be a string");
    formula = given->get<std::string>();
  }
  auto base = built_in_profile(formula);
  if (!base) return refuse("/formula", base.error().message);
  auto profile = *std::move(base);
  profile.name = name;
  auto known = groups(profile);
  for (const auto& [key, value] : json.items()) {
    if (key == "formula" || key == "version") continue;
    if (key == "campaign_creators") {
      CDX_TRY_LET(profile.campaign_creators, weight(value, "/campaign_creators"));
      if (profile.campaign_creators < 1) return refuse("/campaign_creators", "must be at least 1");
      continue;
    }
    const auto group = std::find_if(known.begin(), known.end(),
                                    [&, &wanted = key](const Group& one) { return one.name == wanted; });
    if (group == known.end()) return refuse(fmt::format("/{}", key), "is not known");
    CDX_TRY(read_group(value, *group, profile));
  }
  return profile;
}

Result<ChosenProfile> choose_profile(const Call& call, const UsageStore& usage,
                                     const std::optional<std::string>& name) {
  ChosenProfile out;
  if (name) {
    out.name = *name;
  } else {
    CDX_TRY_LET(const auto active, usage.active_profile(call, "match"));
    if (active.name.empty()) return out;
    out.name = active.name;
  }
  if (built_in_profile(out.name)) return out;
  CDX_TRY_LET(const auto kept, usage.profiles(call, "match"));
  for (const auto& one : kept)
    if (one.name == out.name) {
      CDX_TRY_LET(out.custom, read_profile(one.name, one.settings));
      break;
    }
  return out;
}

std::string write_profile(const ScoringProfile& profile) {
  auto copy = profile;
  JsonWriter out;
  out.object([&] {
    out.key("formula").value(name(profile.formula)).key("version").value(profile.version);
    for (const auto& group : groups(copy))
      out.key(group.name).object([&] {
        for (const auto& member : group.members) out.key(member.name).value(*member.value);
        if (group.name != "ranking" || profile.ranking.vector_weights.empty()) return;
        out.key("vector_weights").object([&] {
          for (const auto& [field, value] : profile.ranking.vector_weights) out.key(field).value(value);
        });
      });
    out.key("campaign_creators").value(profile.campaign_creators);
  });
  return out.take();
}

}  // namespace cdx
