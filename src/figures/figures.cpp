#include "figures/figures.h"

#include <algorithm>
#include <cmath>

#include "figures/parts.h"

namespace cdx::figures {
namespace {

constexpr std::uint32_t rules = 2;  // raised with every change of a formula in this room

double clipped(double value) { return std::clamp(value, 0.0, 1.0); }

std::optional<double> lowest_price(const Profile& profile) {
  std::optional<double> lowest;
  for (const auto& account : profile.accounts)
    if (account.price_usd && std::isfinite(account.price_usd->value) && account.price_usd->value >= 0)
      if (!lowest || account.price_usd->value < *lowest) lowest = account.price_usd->value;
  return lowest;
}

// Growth that came in one sudden step is no merit.
bool lately_bought(const Creator& creator, Time now) {
  return std::any_of(creator.spikes.begin(), creator.spikes.end(), [&](const Spike& spike) {
    return spike.change > 0 && now - spike.at <= std::chrono::days(45);
  });
}

}  // namespace

std::uint32_t rules_version() { return rules; }

void measure(Creator& creator, const Profile& profile, std::span<const MetricSnapshot> snapshots, Time now,
             const FakeChances& fakes) {
  creator.total_followers = total_followers(profile);
  creator.engagement_rate = engagement(profile);
  creator.views_per_follower = views_per_follower(profile);
  creator.posts_per_week = posts_per_week(profile, now);
  creator.spikes = find_spikes(snapshots, now);
  creator.growth_rate_30d = growth_30d(snapshots, now);
  creator.growth_trend = growth_trend(snapshots, now);
  creator.emerging = emerging(creator.total_followers, snapshots, creator.spikes, now);
  creator.credibility = credibility(credibility_parts(profile, snapshots, creator.spikes, now, fakes));
  creator.price_usd = lowest_price(profile);
  creator.last_post_at = last_post(profile, now);
  creator.verified = std::any_of(profile.accounts.begin(), profile.accounts.end(),
                                 [](const Account& account) { return value_or(account.verified, false); });
  creator.quality = 0;
  for (const auto& part : quality_parts(creator, now)) creator.quality += part.value * part.weight;
  creator.expires_at = strictest_expiry(profile, snapshots);
}

std::vector<QualityPart> quality_parts(const Creator& creator, Time now) {
  std::vector<QualityPart> parts;
  if (creator.engagement_rate)
    parts.push_back(
        {"engagement", clipped(*creator.engagement_rate / (*creator.engagement_rate + 0.03)), 0.4});
  if (creator.last_post_at) {
    const double days =
        std::chrono::duration<double, std::chrono::days::period>(now - *creator.last_post_at).count();
    parts.push_back({"activity", clipped(std::exp2(-std::max(days, 0.0) / 30)), 0.25});
  }
  if (creator.total_followers > 0)
    parts.push_back(
        {"audience", clipped(std::log10(static_cast<double>(creator.total_followers) / 100) / 5), 0.2});
  if (creator.growth_rate_30d && !lately_bought(creator, now))
    parts.push_back({"growth", clipped(*creator.growth_rate_30d / 0.2 + 0.5), 0.15});
  if (creator.credibility) parts.push_back({"credibility", clipped(creator.credibility->value), 0.15});
  double known = 0;
  for (const auto& part : parts) known += part.weight;
  for (auto& part : parts) part.weight /= known;
  return parts;
}

}  // namespace cdx::figures
