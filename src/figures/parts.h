// What measure() is made of. Inside the figures room only.
#pragma once

#include <optional>
#include <span>

#include "figures/figures.h"

namespace cdx::figures {

inline constexpr std::size_t newest_items = 20;  // of one account that a mean or median looks at

std::int64_t total_followers(const Profile& profile);
// What one account's posts bring in a mean: stated by the source, else seen in its newest items.
std::optional<double> engagement_of(const Profile& profile, const Account& account);
struct Reactions {
  double likes = 0, comments = 0, shares = 0;  // a post
  bool comments_known = false;
};
std::optional<Reactions> reactions_of(const Profile& profile, const Account& account);
std::optional<double> engagement(const Profile& profile);
std::optional<double> views_per_follower(const Profile& profile);
std::optional<double> posts_per_week(const Profile& profile, Time now);
std::optional<double> growth_30d(std::span<const MetricSnapshot> snapshots, Time now);
std::optional<double> growth_trend(std::span<const MetricSnapshot> snapshots, Time now);
std::optional<double> emerging(std::int64_t followers, std::span<const MetricSnapshot> snapshots,
                               std::span<const Spike> spikes, Time now);
std::optional<Time> last_post(const Profile& profile, Time now);
std::optional<Time> strictest_expiry(const Profile& profile, std::span<const MetricSnapshot> snapshots);

}  // namespace cdx::figures
