#include "search/understand_chips.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "search/schema.h"
#include "text/text.h"

namespace cdx::understanding {
namespace {

std::string plain(double value) {
  std::array<char, 400> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string("0");
}

// "50k", "1.5M", "950"
std::string short_count(double value) {
  if (value >= 1e9) return plain(std::round(value / 1e7) / 100) + "B";
  if (value >= 1e6) return plain(std::round(value / 1e4) / 100) + "M";
  if (value >= 1e3) return plain(std::round(value / 10) / 100) + "k";
  return plain(value);
}
std::string percent(double fraction) { return plain(std::round(fraction * 1e6) / 1e4) + "%"; }
std::string dollars(double value) { return "$" + plain(value); }

using Writer = std::string (*)(double);

std::string bounds(const Range& range, Writer write, bool for_people) {
  if (range.low && range.high)
    return for_people ? " " + write(*range.low) + " to " + write(*range.high)
                      : "=" + write(*range.low) + ".." + write(*range.high);
  const bool low = range.low.has_value();
  const bool open = low ? range.low_open : range.high_open;
  const double value = low ? *range.low : *range.high;
  if (!for_people) return std::string(low ? ">" : "<") + (open ? "" : "=") + write(value);
  return std::string(low ? (open ? " > " : " \xE2\x89\xA5 ") : (open ? " < " : " \xE2\x89\xA4 ")) +
         write(value);
}

Chip number_chip(std::string_view field, std::string_view title, const Range& range, Writer write) {
  Chip chip;
  chip.field = field;
  chip.id = chip.field + bounds(range, plain, false);
  chip.label = std::string(title) + bounds(range, write, true);
  chip.filter = Filter::number_in(chip.field, range.low, range.high, range.low_open, range.high_open);
  return chip;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const auto& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

// `values` and `labels` belong together; both end up in the order of the values.
Chip keyword_chip(std::string_view field, std::string_view title,
                  std::vector<std::pair<std::string, std::string>> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::vector<std::string> values, labels;
  for (auto& [value, label] : rows) {
    values.push_back(value);
    labels.push_back(label);
  }
  Chip chip;
  chip.field = field;
  chip.id = chip.field + "=" + joined(values, ",");
  chip.label = std::string(title) + ": " + joined(labels, ", ");
  chip.filter = Filter::keyword_in(chip.field, std::move(values));
  return chip;
}

std::string_view shown(Platform platform) {
  switch (platform) {
    case Platform::youtube:
      return "YouTube";
    case Platform::instagram:
      return "Instagram";
    case Platform::tiktok:
      return "TikTok";
    case Platform::x:
      return "X";
    case Platform::twitch:
      return "Twitch";
    case Platform::other:
      break;
  }
  return "other";
}

std::string title_case(std::string_view text) {
  std::string out(text);
  bool start = true;
  for (auto& c : out) {
    if (start && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    start = c == ' ' || c == '-';
  }
  return out;
}

std::vector<std::string> terms_of(std::string_view words) {
  std::set<std::string> terms;
  for (auto& token : text::analyse(words))
    if (!text::is_stop_word(token.term)) terms.insert(std::move(token.term));
  return {terms.begin(), terms.end()};
}

}  // namespace

Chip platform_chip(std::vector<Platform> platforms) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto platform : platforms) rows.emplace_back(name(platform), shown(platform));
  return keyword_chip("platform", "platform", std::move(rows));
}

Chip followers_chip(const Range& range) { return number_chip("followers", "followers", range, short_count); }
Chip engagement_chip(const Range& range) {
  return number_chip("engagement_rate", "engagement", range, percent);
}
Chip price_chip(const Range& range) { return number_chip("price_usd", "price", range, dollars); }
Chip growth_chip(const Range& range) {
  return number_chip("growth_rate_30d", "30-day growth", range, percent);
}

Chip emerging_figure_chip(const Range& range) { return number_chip("emerging", "emerging", range, plain); }
Chip credibility_chip(const Range& range) { return number_chip("credibility", "credibility", range, plain); }
Chip posts_chip(const Range& range) { return number_chip("posts_per_week", "posts a week", range, plain); }
Chip views_chip(const Range& range) {
  return number_chip("views_per_follower", "views a follower", range, plain);
}

Chip emerging_chip() {
  auto chip = emerging_figure_chip({.low = emerging_enough, .high = {}});
  chip.id = "emerging";
  chip.label = "emerging, or growth not known";
  chip.filter = Filter::any_of({std::move(chip.filter), Filter::none_of(Filter::has("emerging"))});
  return chip;
}

Chip country_chip(const std::vector<const vocab::Country*>& countries, std::string_view city) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto* country : countries) rows.emplace_back(country->code, country->label);
  auto chip = keyword_chip("country", "country", std::move(rows));
  if (!city.empty()) chip.label = "place: " + title_case(city) + " (" + countries.front()->label + ")";
  return chip;
}

Chip language_chip(const std::vector<const vocab::Language*>& languages) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto* language : languages) rows.emplace_back(language->code, language->label);
  return keyword_chip("language", "language", std::move(rows));
}

Chip niche_chip(const vocab::Niche& niche) {
  auto chip =
      keyword_chip(niche.parent.empty() ? "niche" : "secondary_niche", "niche", {{niche.key, niche.label}});
  chip.id = "niche=" + niche.key;
  return chip;
}

Chip style_chip(const vocab::Style& style) {
  return keyword_chip("style", "style", {{style.key, style.label}});
}
Chip band_chip(const std::vector<vocab::Band>& bands) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& band : bands) rows.emplace_back(band.key, band.label);
  return keyword_chip("follower_band", "size", std::move(rows));
}

Chip verified_chip() {
  auto chip = keyword_chip("verified", "verified", {{"true", "yes"}});
  chip.label = "verified";
  return chip;
}

Chip activity_chip(Activity activity) {
  if (activity == Activity::dormant) return keyword_chip("activity", "activity", {{"dormant", "inactive"}});
  std::vector<std::pair<std::string, std::string>> rows = {{"active", "active in the last 7 days"}};
  if (activity == Activity::month) rows.emplace_back("semi_active", "");
  auto chip = keyword_chip("activity", "activity", std::move(rows));
  chip.label = activity == Activity::week ? "active in the last 7 days" : "active in the last 30 days";
  return chip;
}

Chip negated(Chip chip) {
  const auto colon = chip.label.find(": ");
  chip.id = "not:" + chip.id;
  chip.label = "not: " + (colon == std::string::npos ? chip.label : chip.label.substr(colon + 2));
  chip.filter = Filter::none_of(std::move(chip.filter));
  return chip;
}

Chip excluded_words(std::string_view words) {
  Chip chip;
  chip.field = "words";
  chip.id = "not:words=" + text::fold(words);
  chip.label = "not: " + std::string(words);
  chip.excluded_terms = terms_of(words);
  chip.excluded_text = std::string(words);
  return chip;
}

Chip excluded_niche(const vocab::Niche& niche, std::string_view words) {
  std::vector<std::string> keys{niche.key};
  for (const auto& other : vocab::niches())
    if (other.parent == niche.key) keys.push_back(other.key);
  auto chip = excluded_words(words);
  chip.id = "not:niche=" + niche.key;
  chip.field = "niche";
  chip.filter = Filter::none_of(
      Filter::any_of({Filter::keyword_in("niche", keys), Filter::keyword_in("secondary_niche", keys)}));
  return chip;
}

}  // namespace cdx::understanding
