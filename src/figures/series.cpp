#include "figures/series.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace cdx::figures {
namespace {

constexpr double nearest_days = 0.5;

// Of two readings at nearly one time the later, or the one by the newer definition, stands.
void add(std::vector<Point>& points, const Point& point) {
  if (!points.empty() && point.day - points.back().day < nearest_days) {
    if (point.definition >= points.back().definition) points.back() = point;
  } else {
    points.push_back(point);
  }
}

}  // namespace

std::vector<Series> series_of(std::span<const MetricSnapshot> snapshots, Metric metric, Time now) {
  std::map<AccountId, std::vector<const MetricSnapshot*>> by_account;
  for (const auto& one : snapshots)
    if (one.metric == metric && one.at <= now && std::isfinite(one.value) && one.value > 0)
      by_account[one.account].push_back(&one);
  std::vector<Series> out;
  for (auto& [account, own] : by_account) {
    std::stable_sort(own.begin(), own.end(), [](const auto* a, const auto* b) { return a->at < b->at; });
    Series series{account, {}};
    for (const auto* one : own)
      add(series.points, {one->at, in_days(one->at.time_since_epoch()), one->value, one->definition});
    out.push_back(std::move(series));
  }
  return out;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace cdx::figures
