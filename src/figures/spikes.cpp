#include "figures/spikes.h"

#include <algorithm>
#include <cmath>

#include "figures/series.h"

namespace cdx::figures {
namespace {

constexpr double longest_step = 45;       // days; a longer silence says nothing of how it went
constexpr double longest_delivery = 4.5;  // days within which bought followers arrive
constexpr double longest_pair = 21;   // days of two steps of sparse snapshots, when a delivery fell on both
constexpr double longest_clear = 8;   // days of a step or group that still show the shape of a rise
constexpr double longest_blind = 22;  // days of one step within which a rise could have come any way
constexpr double longest_fade = 10;
constexpr double window_days = 60;  // to each side
constexpr std::size_t window_steps = 21;
constexpr double tail_days = 7;
constexpr double mad_to_deviation = 1.4826;
constexpr double least_deviation = 0.0004;  // of the logarithm, per root day: no history is smoother

struct Step {
  double begin = 0, end = 0;  // days
  double rise = 0;            // of the natural logarithm
  Time at;
  double level = 0;  // before
  double length() const { return end - begin; }
};

// Neighbouring steps of one definition. A change of definition leaves a gap in time, so that no group spans
// it.
std::vector<Step> steps_of(const std::vector<Point>& points) {
  std::vector<Step> steps;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto &a = points[i - 1], &b = points[i];
    if (a.definition != b.definition || b.day - a.day > longest_step) continue;
    steps.push_back({a.day, b.day, std::log(b.value / a.value), b.at, a.value});
  }
  return steps;
}

// A run of neighbouring steps that may be one event.
struct Group {
  std::size_t first = 0, last = 0;  // inclusive
  double begin = 0, end = 0, rise = 0;
};

struct Side {
  std::vector<double> rates, lengths;  // per day
  double known_days = 0;
};

Side before(const std::vector<Step>& steps, std::size_t first) {
  Side side;
  const double from = steps[first].begin - window_days;
  for (std::size_t i = first; i-- > 0 && side.rates.size() < window_steps && steps[i].begin >= from;) {
    side.rates.push_back(steps[i].rise / steps[i].length());
    side.lengths.push_back(steps[i].length());
    side.known_days += steps[i].length();
  }
  return side;
}

Side after(const std::vector<Step>& steps, std::size_t last, double days, std::size_t least) {
  Side side;
  for (auto i = last + 1; i < steps.size() && side.rates.size() < window_steps; ++i) {
    const bool near = steps[i].end <= steps[last].end + days;
    if (!near && (side.rates.size() >= least || steps[i].end > steps[last].end + window_days)) break;
    side.rates.push_back(steps[i].rise / steps[i].length());
    side.lengths.push_back(steps[i].length());
    side.known_days += steps[i].length();
  }
  return side;
}

// Deviations of the rises from their side's usual rate, scaled to one day.
void add_residuals(const Side& side, double rate, std::vector<double>& out) {
  for (std::size_t i = 0; i < side.rates.size(); ++i)
    out.push_back(std::abs(side.rates[i] - rate) * std::sqrt(side.lengths[i]));
}

// Half a unit of the last digit that platforms show: 12.3M moves in steps of 100,000.
double rounding(const std::vector<Point>& points) {
  double unit = 1;
  while (unit < 1e9 && std::all_of(points.begin(), points.end(), [&](const Point& point) {
           return std::fmod(std::round(point.value), unit * 10) == 0;
         }))
    unit *= 10;
  return unit / 2;
}

// The rate per day of a cumulative metric, or the level of an average, in a stretch of time.
double mean_rate(const std::vector<Point>& points, double begin, double end) {
  const Point *first = nullptr, *last = nullptr;
  for (const auto& point : points) {
    if (point.day <= begin) first = &point;
    if (!last && point.day >= end) last = &point;
  }
  if (!first) return -1;
  if (!last) last = &points.back();
  return last->day - first->day < 0.5 ? -1 : (last->value - first->value) / (last->day - first->day);
}
bool cumulative_views_explain(const std::vector<Point>& points, const Group& group, double rise) {
  std::vector<double> usual;
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].day <= group.begin && points[i - 1].day >= group.begin - window_days)
      usual.push_back((points[i].value - points[i - 1].value) / (points[i].day - points[i - 1].day));
  if (usual.size() < 4) return false;
  const double before = median(std::move(usual));
  return before > 0 && mean_rate(points, group.begin - 1, group.end + 2) >= rise * before;
}
bool average_explains(const std::vector<Point>& points, const Group& group, double rise) {
  std::vector<double> usual;
  double best = 0;
  for (const auto& point : points) {
    if (point.day <= group.begin - 1 && point.day >= group.begin - window_days) usual.push_back(point.value);
    if (point.day > group.begin - 1 && point.day <= group.end + 3) best = std::max(best, point.value);
  }
  return usual.size() >= 4 && best >= rise * median(std::move(usual));
}

class Detector {
 public:
  Detector(const Series& series, const SpikeRules& rules, std::span<const MetricSnapshot> snapshots, Time now)
      : series_(series), rules_(rules), snapshots_(snapshots), now_(now), steps_(steps_of(series.points)) {}

  std::vector<Spike> found() {
    if (steps_.size() < 6) return {};
    half_unit_ = rounding(series_.points);
    std::vector<std::pair<Group, Spike>> candidates;
    for (std::size_t first = 0; first < steps_.size(); ++first)
      for (auto last = first; last < steps_.size(); ++last) {
        if (last > first && !extends(first, last)) break;
        const auto group = grouped(first, last);
        if (std::abs(std::expm1(group.rise)) < rules_.least_change) continue;
        if (auto spike = judge(group)) candidates.emplace_back(group, *spike);
      }
    return strongest(std::move(candidates));
  }

 private:
  bool extends(std::size_t first, std::size_t last) const {
    if (steps_[last].begin != steps_[last - 1].end) return false;
    const double length = steps_[last].end - steps_[first].begin;
    return length <= longest_delivery || (last == first + 1 && length <= longest_pair);
  }

  Group grouped(std::size_t first, std::size_t last) const {
    Group group{first, last, steps_[first].begin, steps_[last].end, 0};
    for (auto i = first; i <= last; ++i) group.rise += steps_[i].rise;
    return group;
  }

  std::optional<Spike> judge(const Group& group) const {
    const auto past = before(steps_, group.first);
    const auto future = after(steps_, group.last, tail_days, 2);
    const auto far = after(steps_, group.last, window_days, 0);
    // The end of a history is not judged: a rise may yet go on.
    if (past.rates.size() < 3 || future.rates.size() < 2 || future.known_days < 3 ||
        past.rates.size() + far.rates.size() < 6)
      return std::nullopt;
    const double past_rate = median(past.rates), future_rate = median(future.rates);
    const bool up = group.rise > 0;
    const double usual = up ? std::max(past_rate, future_rate) : std::min(past_rate, future_rate);
    const double length = group.end - group.begin;
    if (group.first == group.last && length > longest_blind) return std::nullopt;
    const double excess = group.rise - usual * length;
    if ((excess > 0) != up || std::abs(std::expm1(excess)) < rules_.least_change) return std::nullopt;
    const double level = steps_[group.first].level;
    if (std::abs(std::expm1(excess)) * level < rules_.least_followers) return std::nullopt;
    std::vector<double> residuals;
    add_residuals(past, past_rate, residuals);
    add_residuals(far, median(far.rates), residuals);
    const double day = std::max(mad_to_deviation * median(std::move(residuals)), least_deviation);
    const double unit = half_unit_ / level;
    const double deviation = std::sqrt(day * day * length + unit * unit + 1 / level / level);
    const double score = std::abs(excess) / deviation;
    if (score < rules_.threshold || goes_on(group, future, past_rate, excess, day) || undone(group, excess) ||
        fades(group, past_rate, excess))
      return std::nullopt;
    if (up && explained(group)) return std::nullopt;
    return Spike{series_.account, Metric::followers, steps_[largest(group)].at, std::expm1(excess), score};
  }

  // Whether much of the same still comes in the week after, beyond what is usual before it or long after it.
  bool goes_on(const Group& group, const Side& future, double past_rate, double excess, double day) const {
    const bool up = group.rise > 0;
    double usual = past_rate;
    if (const auto later = long_after(group.last); later.rates.size() >= 5)
      usual = up ? std::max(usual, median(later.rates)) : std::min(usual, median(later.rates));
    double tail = 0;
    for (std::size_t i = 0; i < future.rates.size(); ++i)
      tail += (future.rates[i] - usual) * future.lengths[i];
    if ((tail > 0) != up) return false;
    const double week = std::max(tail_days / future.known_days, 1.0);
    const double noise = day * std::sqrt(future.known_days) * week;
    return std::abs(tail) * week > std::max(tail_share(group) * std::abs(excess), 2 * noise);
  }

  // Whether it is the end of something larger that began in the days before.
  bool fades(const Group& group, double usual, double excess) const {
    double sum = 0;
    for (auto i = group.first; i-- > 0 && steps_[i].end > group.begin - longest_fade;) {
      sum += steps_[i].rise - usual * steps_[i].length();
      if (sum / excess > 1.0) return true;
    }
    return false;
  }

  // Sparse readings hide the shape: the first week of a success may lie within one step, the second within
  // the next. Then next to nothing may follow, unless the later step is too large for a fading success.
  double tail_share(const Group& group) const {
    if (group.end - group.begin <= longest_clear) return rules_.tail_share;
    if (group.last == group.first) return rules_.tail_share / 2;
    const bool grows = std::abs(steps_[group.last].rise) > 0.7 * std::abs(steps_[group.first].rise);
    return grows ? rules_.tail_share / 2 : rules_.tail_share / 6;
  }

  Side long_after(std::size_t last) const {
    Side side;
    for (auto i = last + 1; i < steps_.size() && steps_[i].end <= steps_[last].end + window_days; ++i)
      if (steps_[i].begin >= steps_[last].end + 2 * tail_days)
        side.rates.push_back(steps_[i].rise / steps_[i].length());
    return side;
  }

  // Whether the neighbours within some days take it back: one reading was wrong.
  bool undone(const Group& group, double excess) const {
    const auto takes_back = [&](double sum) { return sum / excess < -0.7; };
    double sum = 0;
    for (auto i = group.last + 1; i < steps_.size(); ++i) {
      sum += steps_[i].rise;
      if (takes_back(sum)) return true;
      if (steps_[i].end > group.end + longest_delivery) break;
    }
    sum = 0;
    for (auto i = group.first; i-- > 0;) {
      sum += steps_[i].rise;
      if (takes_back(sum)) return true;
      if (steps_[i].begin < group.begin - longest_delivery) break;
    }
    return false;
  }

  bool explained(const Group& group) const {
    for (const auto metric : {Metric::total_views, Metric::average_views, Metric::average_likes})
      for (const auto& series : series_of(snapshots_, metric, now_)) {
        if (series.account != series_.account) continue;
        if (metric == Metric::total_views ? cumulative_views_explain(series.points, group, rules_.views_rise)
                                          : average_explains(series.points, group, rules_.views_rise))
          return true;
      }
    return false;
  }

  std::size_t largest(const Group& group) const {
    auto best = group.first;
    for (auto i = group.first; i <= group.last; ++i)
      if (std::abs(steps_[i].rise) > std::abs(steps_[best].rise)) best = i;
    return best;
  }

  // One event is reported once: of candidates within a week of each other the strongest stays.
  static std::vector<Spike> strongest(std::vector<std::pair<Group, Spike>> candidates) {
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const auto& a, const auto& b) { return a.second.score > b.second.score; });
    std::vector<std::pair<Group, Spike>> kept;
    for (auto& one : candidates)
      if (std::none_of(kept.begin(), kept.end(), [&](const auto& other) {
            return one.first.begin < other.first.end + tail_days &&
                   other.first.begin < one.first.end + tail_days;
          }))
        kept.push_back(std::move(one));
    std::vector<Spike> out;
    for (auto& [group, spike] : kept) out.push_back(spike);
    return out;
  }

  const Series& series_;
  const SpikeRules& rules_;
  std::span<const MetricSnapshot> snapshots_;
  Time now_;
  std::vector<Step> steps_;
  double half_unit_ = 0.5;
};

}  // namespace

std::vector<Spike> find_spikes(std::span<const MetricSnapshot> snapshots, Time now, const SpikeRules& rules) {
  std::vector<Spike> out;
  for (const auto& series : series_of(snapshots, Metric::followers, now)) {
    auto own = Detector(series, rules, snapshots, now).found();
    out.insert(out.end(), own.begin(), own.end());
  }
  std::sort(out.begin(), out.end(), [](const Spike& a, const Spike& b) {
    return std::tie(b.at, a.account) < std::tie(a.at, b.account);
  });
  return out;
}

}  // namespace cdx::figures
