#include <algorithm>
#include <cmath>
#include <map>

#include "figures/parts.h"

namespace cdx::figures {
namespace {

using std::chrono::days;

constexpr auto shortest_span = days(14);
constexpr auto longest_span = days(45);

bool sound(const std::optional<double>& rate) { return rate && std::isfinite(*rate) && *rate >= 0; }

std::optional<double> stated_rate(const Account& account) {
  const auto rate =
      account.engagement_rate ? std::optional<double>(account.engagement_rate->value) : std::nullopt;
  return sound(rate) ? rate : std::nullopt;
}

// Mean reactions of the account's items that state likes; at least three, or one post would speak for all.
std::optional<double> reactions_of_items(const Profile& profile, AccountId account) {
  double sum = 0;
  int count = 0;
  for (const auto& item : profile.items) {
    if (item.account != account || !item.likes) continue;
    sum += static_cast<double>(*item.likes) + static_cast<double>(item.comments.value_or(0));
    ++count;
  }
  return count >= 3 ? std::optional<double>(sum / count) : std::nullopt;
}

std::optional<double> rate_of(const Profile& profile, const Account& account) {
  if (const auto rate = stated_rate(account)) return std::min(*rate, 1.0);
  const auto followers = static_cast<double>(value_or(account.followers, std::int64_t{0}));
  if (followers < 1) return std::nullopt;
  std::optional<double> reactions;
  if (account.average_likes)
    reactions = account.average_likes->value + value_or(account.average_comments, 0.0) +
                value_or(account.average_shares, 0.0);
  else
    reactions = reactions_of_items(profile, account.id);
  if (!sound(reactions)) return std::nullopt;
  return std::min(*reactions / followers, 1.0);
}

struct Span {
  const MetricSnapshot* first = nullptr;
  const MetricSnapshot* last = nullptr;
};

bool usable(const MetricSnapshot& snapshot, Time now) {
  return snapshot.metric == Metric::followers && snapshot.at <= now && std::isfinite(snapshot.value) &&
         snapshot.value > 0;
}

// The newest snapshot and the oldest of its definition within reach of it.
Span span_of(const std::vector<const MetricSnapshot*>& snapshots) {
  Span span;
  for (const auto* snapshot : snapshots)
    if (!span.last || snapshot->at > span.last->at) span.last = snapshot;
  for (const auto* snapshot : snapshots) {
    const auto reach = span.last->at - snapshot->at;
    if (snapshot->definition != span.last->definition || reach > longest_span || reach < shortest_span)
      continue;
    if (!span.first || snapshot->at < span.first->at) span.first = snapshot;
  }
  return span;
}

}  // namespace

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
    const auto rate = rate_of(profile, account);
    if (!rate) continue;
    // An account without a count still has a rate; it weighs as one follower.
    const auto weight = std::max(1.0, static_cast<double>(value_or(account.followers, std::int64_t{1})));
    weighted += weight * *rate;
    weights += weight;
  }
  return weights > 0 ? std::optional<double>(weighted / weights) : std::nullopt;
}

std::optional<double> growth_30d(std::span<const MetricSnapshot> snapshots, Time now) {
  std::map<AccountId, std::vector<const MetricSnapshot*>> by_account;
  for (const auto& snapshot : snapshots)
    if (usable(snapshot, now)) by_account[snapshot.account].push_back(&snapshot);
  double before = 0, after = 0;
  for (const auto& [account, own] : by_account) {
    const auto span = span_of(own);
    if (!span.first) continue;
    const double passed = std::chrono::duration<double, days::period>(span.last->at - span.first->at).count();
    before += span.first->value;
    after += span.first->value * std::pow(span.last->value / span.first->value, 30 / passed);
  }
  if (before <= 0) return std::nullopt;
  return std::clamp(after / before - 1, -1.0, 10.0);
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
