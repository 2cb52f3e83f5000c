#include "match/seed_004.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "text/text.h"

namespace cdx::seed_004 {
namespace {

constexpr double unrelated = 40;

struct Pair {
  std::string_view campaign, creator;
  double score;
};
// The design's table, in its order.
constexpr std::array<Pair, 18> pairs = {{{"fitness", "health", 90},
                                         {"fitness", "sports", 85},
                                         {"fitness", "nutrition", 80},
                                         {"technology", "gadgets", 90},
                                         {"technology", "gaming", 80},
                                         {"technology", "software", 85},
                                         {"beauty", "fashion", 85},
                                         {"beauty", "cosmetics", 95},
                                         {"beauty", "lifestyle", 75},
                                         {"food", "cooking", 95},
                                         {"food", "nutrition", 85},
                                         {"food", "lifestyle", 70},
                                         {"travel", "lifestyle", 80},
                                         {"travel", "adventure", 90},
                                         {"travel", "photography", 75},
                                         {"fashion", "beauty", 85},
                                         {"fashion", "lifestyle", 80},
                                         {"fashion", "luxury", 75}}};

std::string_view stripped(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The account with most followers speaks for a creator where the design knows only one.
const Account* main_account(const Profile& profile) {
  const Account* best = nullptr;
  for (const auto& account : profile.accounts)
    if (best == nullptr ||
        value_or<std::int64_t>(account.followers, -1) > value_or<std::int64_t>(best->followers, -1))
      best = &account;
  return best;
}

std::string two_decimals(double percent) { return fmt::format("{:.2f}%", percent); }

std::string shown_name(const Profile& profile, const Account* main) {
  const auto& creator = profile.creator;
  auto handle = creator.handle;
  if (handle.empty() && main != nullptr) handle = value_or<std::string>(main->handle, "");
  auto name = creator.name;
  if (name.empty() && main != nullptr) name = value_or<std::string>(main->name, handle);
  return handle.empty() ? name : fmt::format("{} (@{})", name, handle);
}

bool states_followers(const Profile& profile) {
  return std::any_of(profile.accounts.begin(), profile.accounts.end(),
                     [](const Account& account) { return account.followers.has_value(); });
}

std::optional<double> percent_of(const Creator& creator) {
  return creator.engagement_rate ? std::optional(*creator.engagement_rate * 100) : std::nullopt;
}

}  // namespace

double niche_match(std::string_view campaign_niche, std::string_view creator_niche) {
  if (campaign_niche.empty()) return 75;
  const auto campaign = text::fold(campaign_niche), creator = text::fold(creator_niche);
  if (campaign == creator) return 100;
  for (const auto& pair : pairs)
    if (pair.campaign == campaign && pair.creator == creator) return pair.score;
  return unrelated;
}

double niche_match_of_key(std::string_view campaign_niche, std::string_view creator_key) {
  const auto slash = creator_key.find('/');
  const double whole = niche_match(campaign_niche, creator_key);
  if (slash == std::string_view::npos || whole > unrelated) return whole;
  const double own = niche_match(campaign_niche, creator_key.substr(slash + 1));
  return own > unrelated ? own : niche_match(campaign_niche, creator_key.substr(0, slash));
}

double audience_match(std::string_view target_audience, std::optional<double> engagement_percent,
                      std::optional<std::int64_t> followers) {
  if (target_audience.empty()) return 50;
  double score = 43;
  if (engagement_percent.value_or(0) > 5.0) score += 10;
  if (followers.value_or(0) > 100'000) score += 5;
  return std::min(100.0, score);
}

double engagement_score(std::optional<double> engagement_percent) {
  constexpr std::array<std::pair<double, double>, 6> steps = {
      {{10, 100}, {7, 90}, {5, 80}, {3, 70}, {2, 60}, {1, 50}}};
  for (const auto& [from, score] : steps)
    if (engagement_percent.value_or(0) >= from) return score;
  return 40;
}

double budget_fit(std::optional<double> total_budget, std::optional<double> collaboration_rate) {
  constexpr std::array<std::pair<double, double>, 5> steps = {
      {{1.5, 100}, {1.0, 90}, {0.8, 80}, {0.6, 60}, {0.4, 40}}};
  const double budget = total_budget.value_or(0), rate = collaboration_rate.value_or(0);
  if (budget == 0 || rate == 0 || std::isnan(budget) || std::isnan(rate)) return 50;
  const double ratio = budget / 10 / rate;
  for (const auto& [from, score] : steps)
    if (ratio >= from) return score;
  return 20;
}

Percent match_score(double similarity) {
  if (std::isnan(similarity)) return {0, true};
  const double held = std::clamp(similarity, 0.0, 1.0);
  return {held * 100, held < similarity || held > similarity};
}

std::string campaign_text(const Brief& brief) {
  const auto text = fmt::format(
      "Product: {}\n    Brand: {}\n    Description: {}\n    Target Audience: {}\n    Key Use Cases: {}\n"
      "    Campaign Goal: {}\n    Product Niche: {}\n    ",
      brief.product_name, brief.brand_name, brief.product_description, brief.target_audience,
      fmt::join(brief.key_use_cases, ", "), brief.campaign_goal, brief.product_niche);
  return std::string(stripped(text));
}

std::string creator_text(const Profile& profile) {
  const auto& creator = profile.creator;
  const auto* main = main_account(profile);
  const auto field = [&](const Field<std::string> Account::*of) {
    return main == nullptr ? std::string() : value_or<std::string>(main->*of, "");
  };
  const auto engagement = percent_of(creator);
  const auto text = fmt::format(
      "Name: {}\n    Platform: {}\n    Niche: {}\n    Bio: {}\n    Channel: {}\n    Followers: {}\n"
      "    Engagement: {}\n    Country: {}\n    Language: {}\n    ",
      creator.name, main == nullptr ? "" : name(main->platform), creator.primary_niche, field(&Account::bio),
      field(&Account::name), creator.total_followers, engagement ? fmt::format("{:.4g}", *engagement) : "",
      creator.country, creator.language);
  return std::string(stripped(text));
}

std::string short_count(std::int64_t count) {
  constexpr std::array<std::pair<std::int64_t, char>, 3> units = {
      {{1'000'000'000, 'B'}, {1'000'000, 'M'}, {1'000, 'K'}}};
  for (const auto& [unit, letter] : units) {
    if (count < unit) continue;
    const auto tenths = count / (unit / 10);
    if (tenths >= 1000 || tenths % 10 == 0) return fmt::format("{}{}", tenths / 10, letter);
    return fmt::format("{}.{}{}", tenths / 10, tenths % 10, letter);
  }
  return fmt::format("{}", count);
}

Match describe(const Brief& brief, const Profile& profile, double similarity) {
  const auto& creator = profile.creator;
  const auto* main = main_account(profile);
  const bool counted = states_followers(profile);
  const auto followers = counted ? std::optional(creator.total_followers) : std::nullopt;
  const auto engagement = percent_of(creator);
  const auto score = match_score(similarity);
  Match out;
  out.creator = creator.id;
  out.id = creator.id.text();
  out.influencer_name = shown_name(profile, main);
  if (!creator.image_url.empty()) out.profile_image = creator.image_url;
  out.platform = main == nullptr ? "" : std::string(name(main->platform));
  out.match_score = two_decimals(score.value);
  out.clamped = score.clamped;
  out.niche = creator.primary_niche;
  out.followers = counted ? short_count(creator.total_followers) : "";
  out.followers_count_numeric = counted ? creator.total_followers : 0;
  out.engagement = engagement ? fmt::format("{:.1f}%", *engagement) : "";
  out.collaboration_rate = creator.price_usd ? fmt::format("${:.0f}", *creator.price_usd) : "";
  out.detailed_scores = {two_decimals(niche_match_of_key(brief.product_niche, creator.primary_niche)),
                         two_decimals(audience_match(brief.target_audience, engagement, followers)),
                         two_decimals(engagement_score(engagement)),
                         two_decimals(budget_fit(brief.total_budget_usd, creator.price_usd))};
  return out;
}

}  // namespace cdx::seed_004
