// What measure() is made of. Inside the figures room only.
#pragma once

#include <optional>
#include <span>

#include "figures/figures.h"

namespace cdx::figures {

std::int64_t total_followers(const Profile& profile);
std::optional<double> engagement(const Profile& profile);
std::optional<double> growth_30d(std::span<const MetricSnapshot> snapshots, Time now);
std::optional<Time> last_post(const Profile& profile, Time now);
std::optional<Time> strictest_expiry(const Profile& profile, std::span<const MetricSnapshot> snapshots);

}  // namespace cdx::figures
