// Reach, engagement, last post, expiry.
#include <algorithm>
#include <cmath>

#include "figures/parts.h"

namespace cdx::figures {
namespace {

bool sound(const std::optional<double>& rate) { return rate && std::isfinite(*rate) && *rate >= 0; }

std::optional<double> stated_rate(const Account& account) {
  const auto rate =
      account.engagement_rate ? std::optional<double>(account.engagement_rate->value) : std::nullopt;
  return sound(rate) ? rate : std::nullopt;
}

// Over the newest items that state likes; at least three, or one post would speak for all.
std::optional<Reactions> reactions_of_items(const Profile& profile, AccountId account) {
  Reactions sum;
  std::size_t count = 0;
  for (const auto& item : profile.items) {
    if (item.account != account || !item.likes || count == newest_items) continue;
    sum.likes += static_cast<double>(*item.likes);
    sum.comments += static_cast<double>(item.comments.value_or(0));
    sum.comments_known |= item.comments.has_value();
    ++count;
  }
  if (count < 3) return std::nullopt;
  sum.likes /= static_cast<double>(count);
  sum.comments /= static_cast<double>(count);
  return sum;
}

}  // namespace

std::optional<Reactions> reactions_of(const Profile& profile, const Account& account) {
  if (!account.average_likes) return reactions_of_items(profile, account.id);
  return Reactions{account.average_likes->value, value_or(account.average_comments, 0.0),
                   value_or(account.average_shares, 0.0), account.average_comments.has_value()};
}

std::optional<double> engagement_of(const Profile& profile, const Account& account) {
  if (const auto rate = stated_rate(account)) return std::min(*rate, 1.0);
  const auto followers = static_cast<double>(value_or(account.followers, std::int64_t{0}));
  const auto reactions = reactions_of(profile, account);
  if (followers < 1 || !reactions) return std::nullopt;
  const double sum = reactions->likes + reactions->comments + reactions->shares;
  return sound(sum) ? std::optional<double>(std::min(sum / followers, 1.0)) : std::nullopt;
}

std::int64_t total_followers(const Profile& profile) {
  std::int64_t total = 0;
  for (const auto& account : profile.accounts) {
    const auto followers = std::max(value_or(account.followers, std::int64_t{0}), std::int64_t{0});
    total = followers > INT64_MAX - total ? INT64_MAX : total + followers;
  }
  return total;
}

std::optional<double> engagement(const Profile& profile) {
  double weighted = 0, weights = 0;
  for (const auto& account : profile.accounts) {
    const auto rate = engagement_of(profile, account);
    if (!rate) continue;
    // An account without a count still has a rate; it weighs as one follower.
    const auto weight = std::max(1.0, static_cast<double>(value_or(account.followers, std::int64_t{1})));
    weighted += weight * *rate;
    weights += weight;
  }
  return weights > 0 ? std::optional<double>(weighted / weights) : std::nullopt;
}

std::optional<Time> last_post(const Profile& profile, Time now) {
  std::optional<Time> last;
  const auto look_at = [&](Time time) {
    if (time <= now && (!last || time > *last)) last = time;
  };
  for (const auto& account : profile.accounts)
    if (account.last_post_at) look_at(account.last_post_at->value);
  for (const auto& item : profile.items)
    if (item.published_at) look_at(*item.published_at);
  return last;
}

std::optional<Time> strictest_expiry(const Profile& profile, std::span<const MetricSnapshot> snapshots) {
  std::optional<Time> strictest;
  const auto take = [&](const Provenance& origin) {
    if (origin.expires_at && (!strictest || *origin.expires_at < *strictest)) strictest = origin.expires_at;
  };
  for (const auto& account : profile.accounts)
    for (const auto& origin : account.origins) take(origin);
  for (const auto& item : profile.items) take(item.origin);
  for (const auto& snapshot : snapshots) take(snapshot.origin);
  return strictest;
}

}  // namespace cdx::figures
