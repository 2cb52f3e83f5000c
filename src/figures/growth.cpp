// Growth, its trend, and who is emerging.
#include <algorithm>
#include <cmath>

#include "figures/parts.h"
#include "figures/series.h"

namespace cdx::figures {
namespace {

constexpr double shortest_days = 14, longest_days = 45;
constexpr double stale_days = 45;  // a newest snapshot older than that says nothing of now
constexpr double emerging_days = 90;
constexpr double least_step_days = 5;
constexpr double usual_growth = 0.05;  // in 30 days: half speed

double power(double from, double to, double days) { return std::pow(to / from, 30 / days); }

// Points of the definition in force, oldest first; none when the newest is stale.
std::vector<Point> current(const Series& series, Time now) {
  const auto& last = series.points.back();
  if (in_days(now - last.at) > stale_days) return {};
  std::vector<Point> out;
  for (const auto& point : series.points)
    if (point.definition == last.definition) out.push_back(point);
  return out;
}

// The point nearest to `wanted` days before `from`, between `least` and `most`.
const Point* back(const std::vector<Point>& points, const Point& from, double wanted, double least,
                  double most) {
  const Point* best = nullptr;
  for (const auto& point : points) {
    const double days = from.day - point.day;
    if (days < least || days > most) continue;
    if (!best || std::abs(days - wanted) < std::abs(from.day - best->day - wanted)) best = &point;
  }
  return best;
}

// Weekly steps of the last 90 days, newest first.
struct Weeks {
  double first = 0, last = 0, days = 0, rise = 0, steady = 0;
};
double bought(std::span<const Spike> spikes, AccountId account, const Point& from, const Point& to) {
  double rise = 0;
  for (const auto& spike : spikes)
    if (spike.account == account && spike.change > 0 && spike.at > from.at && spike.at <= to.at)
      rise += std::log1p(spike.change);
  return rise;
}
std::optional<Weeks> weeks_of(const Series& series, std::span<const Spike> spikes, Time now) {
  const auto points = current(series, now);
  if (points.empty()) return std::nullopt;
  std::vector<std::pair<double, double>> steps;  // rise, days
  const auto* to = &points.back();
  for (auto i = points.size(); i-- > 0;) {
    const auto& from = points[i];
    if (points.back().day - from.day > emerging_days) break;
    if (to->day - from.day < least_step_days) continue;
    steps.emplace_back(std::log(to->value / from.value) - bought(spikes, series.account, from, *to),
                       to->day - from.day);
    to = &from;
  }
  Weeks out{to->value, points.back().value, 0, 0, 0};
  for (const auto& [rise, days] : steps) {
    out.rise += rise;
    out.days += days;
  }
  if (out.days < shortest_days) return std::nullopt;
  double kept = 0;
  for (const auto& [rise, days] : steps)
    if (rise > 0 && rise / days >= out.rise / out.days / 3) kept += 1;
  // Laplace's rule of succession: few steps prove little.
  out.steady = (kept + 1) / (static_cast<double>(steps.size()) + 2);
  return out;
}

double clipped(double value) { return std::clamp(value, 0.0, 1.0); }

// 0 up to 100 followers, 1 from 1,000 to 250,000, a half at 500,000, 0 from a million on.
double small_base(double followers) {
  if (followers <= 0) return 0;
  return clipped(std::log10(followers / 100)) * clipped(std::log(1e6 / followers) / std::log(4.0));
}

}  // namespace

std::optional<double> growth_30d(std::span<const MetricSnapshot> snapshots, Time now) {
  double before = 0, after = 0;
  for (const auto& series : series_of(snapshots, Metric::followers, now)) {
    const auto points = current(series, now);
    if (points.empty()) continue;
    const auto& last = points.back();
    const auto* first = back(points, last, longest_days, shortest_days, longest_days);
    if (!first) continue;
    before += first->value;
    after += first->value * power(first->value, last.value, last.day - first->day);
  }
  if (before <= 0) return std::nullopt;
  return std::clamp(after / before - 1, -1.0, 10.0);
}

std::optional<double> growth_trend(std::span<const MetricSnapshot> snapshots, Time now) {
  double early = 0, early_after = 0, late = 0, late_after = 0;
  for (const auto& series : series_of(snapshots, Metric::followers, now)) {
    const auto points = current(series, now);
    if (points.empty()) continue;
    const auto& last = points.back();
    const auto* middle = back(points, last, 30, shortest_days, longest_days);
    const auto* first = middle ? back(points, *middle, 60, 30, 90) : nullptr;
    if (!first) continue;
    early += first->value;
    early_after += first->value * power(first->value, middle->value, middle->day - first->day);
    late += middle->value;
    late_after += middle->value * power(middle->value, last.value, last.day - middle->day);
  }
  if (early <= 0) return std::nullopt;
  return std::clamp(late_after / late - early_after / early, -10.0, 10.0);
}

std::optional<double> emerging(std::int64_t followers, std::span<const MetricSnapshot> snapshots,
                               std::span<const Spike> spikes, Time now) {
  double first = 0, last = 0, growth = 0, steady = 0;
  for (const auto& series : series_of(snapshots, Metric::followers, now)) {
    const auto weeks = weeks_of(series, spikes, now);
    if (!weeks) continue;
    first += weeks->first;
    last += weeks->last;
    growth += weeks->first * std::expm1(weeks->rise * 30 / weeks->days);
    steady += weeks->first * weeks->steady;
  }
  if (first <= 0) return std::nullopt;
  growth /= first;
  const double base = std::max(static_cast<double>(followers), last) * first / last;
  double clean = 1;
  for (const auto& spike : spikes)
    if (spike.change > 0 && in_days(now - spike.at) <= emerging_days) clean /= 2;
  const double speed = growth > 0 ? growth / (growth + usual_growth) : 0;
  return clipped(speed * steady / first * small_base(base) * clean);
}

}  // namespace cdx::figures
