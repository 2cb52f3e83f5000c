// What a brief comes to: checks, hard filters, words, identity.
#include <fmt/format.h>

#include <cmath>

#include "base/hash.h"
#include "base/json_text.h"
#include "match/match.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

constexpr std::size_t most_values = 50;

tl::unexpected<Error> refuse(std::string_view pointer, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", pointer, reason));
}

template <class Number>
Status check_bounds(const std::optional<Number>& low, const std::optional<Number>& high,
                    std::string_view what) {
  const auto sound = [](const std::optional<Number>& bound) {
    return !bound || (std::isfinite(static_cast<double>(*bound)) && *bound >= 0);
  };
  if (!sound(low)) return refuse(fmt::format("/min_{}", what), "must be 0 or more");
  if (!sound(high)) return refuse(fmt::format("/max_{}", what), "must be 0 or more");
  if (low && high && *low > *high)
    return refuse(fmt::format("/max_{}", what), fmt::format("is below min_{}", what));
  return {};
}

template <class Known>
Status check_list(const std::vector<std::string>& values, std::string_view what, Known known,
                  std::string_view kind) {
  if (values.size() > most_values)
    return refuse(fmt::format("/{}", what), fmt::format("has more than {} values", most_values));
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!known(values[i]))
      return refuse(fmt::format("/{}/{}", what, i), fmt::format("\"{}\" is not {}", values[i], kind));
  return {};
}

bool is_platform(std::string_view text) {
  const auto platform = parse_platform(text);
  return platform && name(*platform) == text;
}

template <class Number>
std::optional<double> bound(const std::optional<Number>& value) {
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

}  // namespace

Status check_brief(const Brief& brief) {
  CDX_TRY(check_bounds(brief.min_followers, brief.max_followers, "followers"));
  CDX_TRY(check_bounds(brief.min_engagement, brief.max_engagement, "engagement"));
  if (brief.total_budget_usd && !(std::isfinite(*brief.total_budget_usd) && *brief.total_budget_usd >= 0))
    return refuse("/total_budget", "must be 0 or more");
  CDX_TRY(check_list(brief.platforms, "platforms", is_platform, "a platform"));
  CDX_TRY(check_list(
      brief.countries, "countries", [](const auto& code) { return vocab::country(code) != nullptr; },
      "an ISO 3166-1 code of two capitals"));
  CDX_TRY(check_list(
      brief.languages, "languages", [](const auto& code) { return vocab::language(code) != nullptr; },
      "an ISO 639-1 code of two small letters"));
  CDX_TRY(check_list(
      brief.competitors, "competitors", [](const auto& name) { return !text::squash(name).empty(); },
      "a brand's name"));
  return check_list(
      brief.key_use_cases, "key_use_cases", [](const auto&) { return true; }, "");
}

Filter brief_filter(const Brief& brief) {
  std::vector<Filter> conditions;
  const auto between = [&](std::string_view field, std::optional<double> low, std::optional<double> high) {
    if (low || high) conditions.push_back(Filter::number_in(std::string(field), low, high));
  };
  const auto among = [&](std::string_view field, const std::vector<std::string>& values) {
    if (!values.empty()) conditions.push_back(Filter::keyword_in(std::string(field), values));
  };
  between("followers", bound(brief.min_followers), bound(brief.max_followers));
  between("engagement_rate", brief.min_engagement, brief.max_engagement);
  among("platform", brief.platforms);
  among("country", brief.countries);
  among("language", brief.languages);
  return canonical(Filter::all_of(std::move(conditions)));
}

std::string brief_words(const Brief& brief) {
  std::string out;
  const auto add = [&](std::string_view text) {
    if (text.empty()) return;
    if (!out.empty()) out += out.ends_with('.') ? " " : ". ";
    out += text;
  };
  add(brief.product_niche);
  add(brief.product_name);
  add(brief.product_description);
  for (const auto& use : brief.key_use_cases) add(use);
  add(brief.target_audience);
  return out;
}

std::uint64_t brief_hash(const Brief& brief) {
  JsonWriter out;
  const auto list = [&](const char* key, const std::vector<std::string>& values) {
    out.key(key).array([&] {
      for (const auto& value : values) out.value(value);
    });
  };
  const auto number = [&](const char* key, std::optional<double> value) {
    out.key(key);
    value ? out.value(*value) : out.null();
  };
  out.object([&] {
    out.key("product").value(brief.product_name).key("brand").value(brief.brand_name);
    out.key("description").value(brief.product_description).key("audience").value(brief.target_audience);
    list("uses", brief.key_use_cases);
    out.key("goal").value(brief.campaign_goal).key("niche").value(brief.product_niche);
    number("budget", brief.total_budget_usd);
    number("min_followers", bound(brief.min_followers));
    number("max_followers", bound(brief.max_followers));
    number("min_engagement", brief.min_engagement);
    number("max_engagement", brief.max_engagement);
    list("platforms", brief.platforms);
    list("countries", brief.countries);
    list("languages", brief.languages);
    if (!brief.competitors.empty()) list("competitors", brief.competitors);  // older briefs keep their hash
  });
  return hash64(out.text());
}

}  // namespace cdx
