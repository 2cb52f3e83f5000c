// Views per follower and posts per week.
#include <algorithm>
#include <cmath>
#include <map>

#include "figures/parts.h"
#include "figures/series.h"

namespace cdx::figures {
namespace {

constexpr double window_days = 90;
constexpr double busiest_day = 3;  // times the median of days with posts that one day may count
constexpr std::size_t least_posts = 3;

std::optional<double> usual_views(const Profile& profile, const Account& account) {
  std::vector<double> views;
  for (const auto& item : profile.items)
    if (item.account == account.id && item.views && *item.views >= 0 && views.size() < newest_items)
      views.push_back(static_cast<double>(*item.views));
  // One video that went round the world says nothing of the next: the median, not the mean.
  if (views.size() >= 3) return median(std::move(views));
  if (account.average_views && std::isfinite(account.average_views->value) &&
      account.average_views->value >= 0)
    return account.average_views->value;
  return std::nullopt;
}

// When the creator was looked at last; sources that do not say count as now.
Time looked_at(const Profile& profile, Time now) {
  Time last = {};
  const auto take = [&](const Provenance& origin) {
    if (origin.fetched_at <= now) last = std::max(last, origin.fetched_at);
  };
  for (const auto& account : profile.accounts)
    for (const auto& origin : account.origins) take(origin);
  for (const auto& item : profile.items) take(item.origin);
  return last == Time{} ? now : last;
}

// Posts in days, where a day with an unusual number counts as thrice a usual one.
double counted(const std::vector<double>& posts) {
  std::map<double, double> by_day;
  for (const double day : posts) by_day[std::floor(day)] += 1;
  std::vector<double> counts;
  for (const auto& [day, count] : by_day) counts.push_back(count);
  const double most = busiest_day * median(counts);
  double sum = 0;
  for (const double count : counts) sum += std::min(count, most);
  return sum;
}

}  // namespace

std::optional<double> views_per_follower(const Profile& profile) {
  double views = 0, followers = 0;
  for (const auto& account : profile.accounts) {
    const auto own = static_cast<double>(value_or(account.followers, std::int64_t{0}));
    const auto seen = own >= 1 ? usual_views(profile, account) : std::nullopt;
    if (!seen) continue;
    views += *seen;
    followers += own;
  }
  return followers > 0 ? std::optional<double>(views / followers) : std::nullopt;
}

std::optional<double> posts_per_week(const Profile& profile, Time now) {
  const auto end = looked_at(profile, now);
  if (in_days(now - end) > window_days) return std::nullopt;
  const double last_day = in_days(end.time_since_epoch()), first_day = last_day - window_days;
  std::vector<double> posts;
  bool older_known = false;
  for (const auto& item : profile.items) {
    if (!item.published_at || *item.published_at > now) continue;
    const double day = in_days(item.published_at->time_since_epoch());
    if (day < first_day)
      older_known = true;
    else
      posts.push_back(day);
  }
  // An older post shows that the window is seen whole, even when it is empty.
  if (older_known) return posts.empty() ? 0 : counted(posts) * 7 / window_days;
  if (posts.size() < least_posts) return std::nullopt;
  // Otherwise it is seen from its oldest post on, which only opens the first interval.
  const double oldest = *std::min_element(posts.begin(), posts.end());
  const double all = counted(posts);
  const double shown = std::max(last_day - oldest, 7.0);
  return all * (1 - 1 / static_cast<double>(posts.size())) * 7 / shown;
}

}  // namespace cdx::figures
