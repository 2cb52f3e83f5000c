#include "match/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

constexpr double unrelated = 0.4;         // what vocab::compatibility gives strangers
constexpr double near_niche = 0.5;        // from here on it is said to be near
constexpr double secondary_share = 0.8;   // what a secondary niche counts beside a primary one
constexpr double shares_language = 0.35;  // another country whose people can follow
constexpr double near_content = 0.6;      // cosine of audience and texts that counts in full
constexpr double least_credible = 0.5;    // what engagement counts of followers that are not believed at all

std::string_view parent_of(std::string_view key) { return key.substr(0, key.find('/')); }
std::string niche_label(std::string_view key) {
  const auto* niche = vocab::niche(key);
  return niche == nullptr ? std::string(key) : niche->label;
}
std::string country_label(std::string_view code) {
  const auto* country = vocab::country(code);
  return country == nullptr ? std::string(code) : country->label;
}
std::string language_label(std::string_view code) {
  const auto* language = vocab::language(code);
  return language == nullptr ? std::string(code) : language->label;
}

template <class Label>
std::string listed(const std::vector<std::string>& keys, Label label) {
  std::vector<std::string> out;
  for (const auto& key : keys) out.push_back(label(key));
  return fmt::format("{}", fmt::join(out, ", "));
}

bool has(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}
void add_new(std::vector<std::string>& list, std::string_view value) {
  if (!value.empty() && !has(list, value)) list.emplace_back(value);
}

std::vector<std::string> niches_named(std::string_view words) {
  std::vector<std::string> out, tokens;
  for (const auto& token : text::tokens(words)) tokens.push_back(token.term);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    for (std::size_t length = std::min<std::size_t>(3, tokens.size() - i); length > 0; --length) {
      const auto first = tokens.begin() + static_cast<std::ptrdiff_t>(i);
      const auto phrase =
          fmt::format("{}", fmt::join(first, first + static_cast<std::ptrdiff_t>(length), " "));
      const auto* niche = vocab::find_niche(phrase);
      if (niche == nullptr) continue;
      add_new(out, niche->key);
      i += length - 1;
      break;
    }
  return out;
}

// The straight line through the points around `at`; the ends go on flat.
template <std::size_t N>
double along(const std::array<std::pair<double, double>, N>& points, double at) {
  if (!(at > points.front().first)) return points.front().second;
  for (std::size_t i = 1; i < N; ++i) {
    if (at >= points[i].first) continue;
    const auto& [x0, y0] = points[i - 1];
    const auto& [x1, y1] = points[i];
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0);
  }
  return points.back().second;
}

}  // namespace

Wanted read_wanted(const Brief& brief) {
  Wanted out;
  out.brief = &brief;
  if (const auto* niche = vocab::find_niche(text::fold(brief.product_niche)); niche != nullptr)
    out.niche = niche->key;
  out.languages = brief.languages;
  out.countries = brief.countries;
  for (const auto& chip : understand(brief.target_audience).chips) {
    if (chip.filter.kind != Filter::Kind::keyword) continue;  // "not in Brazil" asks for nobody
    for (const auto& value : chip.filter.values) {
      if (chip.field == "country") add_new(out.countries, value);
      if (chip.field == "language") add_new(out.languages, value);
    }
  }
  if (out.languages.empty())
    for (const auto& code : out.countries)
      if (const auto* country = vocab::country(code); country != nullptr && !country->languages.empty())
        add_new(out.languages, country->languages.front());
  out.audience_niches = niches_named(brief.target_audience);
  out.brand = text::squash(brief.brand_name);
  for (const auto& name : brief.competitors)
    if (auto key = text::squash(name); key != out.brand) add_new(out.competitors, key);
  return out;
}

double niche_fit(std::string_view campaign, std::string_view creator) {
  return std::clamp((vocab::compatibility(campaign, creator) - unrelated) / (1 - unrelated), 0.0, 1.0);
}

namespace {

// The best of a creator's niches for one that is asked for.
struct BestNiche {
  double value = 0;
  std::string_view key;
  bool secondary = false;
};
std::optional<BestNiche> best_niche(std::string_view wanted, const Creator& creator) {
  std::optional<BestNiche> best;
  const auto consider = [&](std::string_view key, bool secondary) {
    const double value = niche_fit(wanted, key) * (secondary ? secondary_share : 1);
    if (!key.empty() && (!best || value > best->value)) best = BestNiche{value, key, secondary};
  };
  consider(creator.primary_niche, false);
  for (const auto& key : creator.secondary_niches) consider(key, true);
  return best;
}

}  // namespace

MatchPart niche_part(const Wanted& wanted, const Creator& creator) {
  MatchPart out{"niche", {}, 0, 0, {}, {}};
  if (wanted.niche.empty()) {
    out.reason = wanted.brief->product_niche.empty()
                     ? "the brief names no niche"
                     : fmt::format("\"{}\" is not a niche of the taxonomy", wanted.brief->product_niche);
    return out;
  }
  const auto best = best_niche(wanted.niche, creator);
  if (!best) {
    out.reason = "the creator's niche is not known";
    return out;
  }
  out.value = best->value;
  const auto own = niche_label(best->key), asked = niche_label(wanted.niche);
  const auto role = best->secondary ? "also makes" : "makes";
  if (best->key == wanted.niche)
    out.reason = fmt::format("{} {}, as asked", role, own);
  else if (parent_of(best->key) == wanted.niche)
    out.reason = fmt::format("{} {}, a part of {}", role, own, asked);
  else if (best->value >= near_niche * secondary_share)
    out.reason = fmt::format("{} {}, near {}", role, own, asked);
  else
    out.reason = fmt::format("{} {}, not {}", role, own, asked);
  out.details = {{fmt::format("{} for {}", best->key, wanted.niche), best->value}};
  return out;
}

namespace {

// Evidence for the audience: what it is, how much it says, what it weighs.
struct Evidences {
  double sum = 0, weight = 0;
  std::vector<std::string> said, missing;
  std::vector<std::pair<std::string, double>> details;
  void add(std::string name, double value, double of, std::string reason) {
    sum += of * value;
    weight += of;
    details.emplace_back(std::move(name), value);
    if (!reason.empty()) said.push_back(std::move(reason));
  }
};

void add_language(const Wanted& wanted, const Creator& creator, double weight, Evidences& out) {
  if (wanted.languages.empty()) return;
  if (creator.language.empty()) {
    out.missing.emplace_back("language");
    return;
  }
  const bool fits = has(wanted.languages, creator.language);
  out.add("language", fits ? 1 : 0, weight,
          fits ? fmt::format("speaks {}", language_label(creator.language))
               : fmt::format("speaks {}, not {}", language_label(creator.language),
                             listed(wanted.languages, language_label)));
}

void add_country(const Wanted& wanted, const Creator& creator, double weight, Evidences& out) {
  if (wanted.countries.empty()) return;
  if (creator.country.empty()) {
    out.missing.emplace_back("country");
    return;
  }
  if (has(wanted.countries, creator.country)) {
    out.add("country", 1, weight, fmt::format("is in {}", country_label(creator.country)));
    return;
  }
  const auto* own = vocab::country(creator.country);
  const bool shared =
      own != nullptr && std::any_of(own->languages.begin(), own->languages.end(),
                                    [&](const auto& code) { return has(wanted.languages, code); });
  out.add("country", shared ? shares_language : 0, weight,
          fmt::format("is in {}, not {}", country_label(creator.country),
                      listed(wanted.countries, country_label)));
}

void add_audience_niche(const Wanted& wanted, const Creator& creator, double weight, Evidences& out) {
  if (wanted.audience_niches.empty()) return;
  double value = -1;
  std::string_view key;
  for (const auto& asked : wanted.audience_niches)
    if (const auto best = best_niche(asked, creator); best && best->value > value) {
      value = best->value;
      key = best->key;
    }
  if (value < 0) {
    out.missing.emplace_back("niche");
    return;
  }
  out.add("niche", value, weight,
          value >= near_niche ? fmt::format("people who follow {}", niche_label(key)) : std::string());
}

}  // namespace

MatchPart audience_part(const Wanted& wanted, const Creator& creator, std::optional<double> likeness,
                        const AudienceWeights& weights) {
  MatchPart out{"audience", {}, 0, 0, {}, {}};
  if (wanted.brief->target_audience.empty() && wanted.languages.empty() && wanted.countries.empty()) {
    out.reason = "the brief names no audience";
    return out;
  }
  Evidences evidence;
  add_language(wanted, creator, weights.language, evidence);
  add_country(wanted, creator, weights.country, evidence);
  add_audience_niche(wanted, creator, weights.niche, evidence);
  if (!wanted.brief->target_audience.empty()) {
    if (likeness && std::isfinite(*likeness)) {
      const double value = std::clamp(*likeness / near_content, 0.0, 1.0);
      evidence.add("content", value, weights.content, value >= 0.5 ? "texts speak to this audience" : "");
    } else {
      evidence.missing.emplace_back("texts");
    }
  }
  const auto missing = evidence.missing.empty()
                           ? std::string()
                           : fmt::format("not known: {}", fmt::join(evidence.missing, ", "));
  if (evidence.weight <= 0) {
    out.reason = missing.empty() ? "nothing is known of the audience" : missing;
    return out;
  }
  out.value = evidence.sum / evidence.weight;
  if (!missing.empty()) evidence.said.push_back(missing);
  out.reason = evidence.said.empty() ? "little speaks for this audience"
                                     : fmt::format("{}", fmt::join(evidence.said, "; "));
  out.details = std::move(evidence.details);
  return out;
}

double engagement_grade(double rate) {
  constexpr std::array<std::pair<double, double>, 7> points = {
      {{0, 0.3}, {1, 0.5}, {2, 0.6}, {3, 0.7}, {5, 0.8}, {7, 0.9}, {10, 1}}};
  return along(points, rate * 100);
}

MatchPart engagement_part(const Creator& creator) {
  MatchPart out{"engagement", {}, 0, 0, {}, {}};
  if (!creator.engagement_rate || std::isnan(*creator.engagement_rate)) {
    out.reason = "the engagement rate is not known";
    return out;
  }
  const double grade = engagement_grade(*creator.engagement_rate);
  out.value = grade;
  out.reason = fmt::format("{:.1f} % of the followers react", *creator.engagement_rate * 100);
  out.details = {{"rate", *creator.engagement_rate}, {"grade", grade}};
  if (!creator.credibility) return out;
  const double credible = std::clamp(creator.credibility->value, 0.0, 1.0);
  out.value = grade * (least_credible + (1 - least_credible) * credible);
  out.details.emplace_back("credibility", credible);
  if (credible < 0.5) out.reason += "; few of the followers are believable";
  return out;
}

double budget_grade(double ratio) {
  constexpr std::array<std::pair<double, double>, 6> points = {
      {{0, 0}, {0.4, 0.4}, {0.6, 0.6}, {0.8, 0.8}, {1, 0.9}, {1.5, 1}}};
  return along(points, ratio);
}

MatchPart budget_part(const Brief& brief, const Creator& creator, double campaign_creators) {
  MatchPart out{"budget", {}, 0, 0, {}, {}};
  const double budget = brief.total_budget_usd.value_or(0), price = creator.price_usd.value_or(0);
  if (!(budget > 0)) {
    out.reason = "the brief names no budget";
    return out;
  }
  if (!(price > 0)) {
    out.reason = "the price is not known";
    return out;
  }
  const double each = budget / campaign_creators;
  out.value = budget_grade(each / price);
  out.reason = fmt::format("asks ${:.0f}; ${:.0f} is one of {:.0f} shares of the budget", price, each,
                           campaign_creators);
  out.details = {{"price_usd", price}, {"share_usd", each}};
  return out;
}

double size_grade(std::int64_t followers) {
  if (followers <= 0) return 0;
  return std::clamp((std::log10(static_cast<double>(followers)) - 3) / 4, 0.0, 1.0);
}

}  // namespace cdx
