#include "figures/synthetic_histories.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace cdx::figures {
namespace {

using std::chrono::days;

struct Dice {
  std::mt19937_64 engine;
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine);
  }
  double log_between(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
  bool chance(double p) { return between(0, 1) < p; }
  int whole(int low, int high) { return std::uniform_int_distribution<int>(low, high)(engine); }
  double heavy() { return std::student_t_distribution<double>(4)(engine); }
};

// Everything by day.
struct Course {
  std::vector<double> rise;    // of the logarithm of followers
  std::vector<double> views;   // a day, as a multiple of the usual
  std::vector<double> factor;  // by which the definition of that day counts
  std::vector<std::uint32_t> definition;
  std::vector<std::pair<int, int>> steps;  // planted: first day, last day
  std::vector<double> changes;
};

void add_regimes(Dice& dice, Course& course) {
  const auto length = static_cast<int>(course.rise.size());
  const double noise = std::clamp(dice.log_between(0.0001, 0.0025), 0.0001, 0.002);
  const double weekly = dice.between(0, 0.6);
  int next = 0;
  double rate = 0;
  for (int day = 0; day < length; ++day) {
    if (day == next) {
      rate = dice.chance(0.2) ? -dice.between(0, 0.001) : dice.log_between(0.0002, 0.006);
      next = day + dice.whole(60, length);
    }
    const double rhythm = 1 + weekly * std::sin(2 * 3.14159265 * day / 7);
    course.rise[static_cast<std::size_t>(day)] += rate * rhythm + noise * dice.heavy();
    course.views[static_cast<std::size_t>(day)] = std::exp(dice.between(-0.4, 0.4)) * rhythm;
  }
}

void add_success(Dice& dice, Course& course) {
  const auto length = static_cast<int>(course.rise.size());
  for (int day = 10; day < length; ++day) {
    if (!dice.chance(0.03 / 30)) continue;
    const double gain = std::log1p(dice.log_between(0.05, 0.6));
    const bool power = dice.chance(0.6);
    const double fade = power ? dice.between(0.6, 1.1) : std::log(2) / dice.between(3, 8);
    const bool seen = dice.chance(0.7);
    double sum = 0;
    std::vector<double> shares(45);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const auto t = static_cast<double>(i);
      sum += shares[i] = power ? std::pow(t + 1, -fade) : std::exp(-fade * t);
    }
    for (std::size_t i = 0; i < shares.size() && static_cast<std::size_t>(day) + i < course.rise.size();
         ++i) {
      course.rise[static_cast<std::size_t>(day) + i] += gain * shares[i] / sum;
      if (seen) course.views[static_cast<std::size_t>(day) + i] *= 1 + 60 * gain * shares[i] / sum;
    }
  }
}

void add_definitions(Dice& dice, Course& course) {
  std::fill(course.factor.begin(), course.factor.end(), 1);
  std::fill(course.definition.begin(), course.definition.end(), 1);
  if (!dice.chance(0.1)) return;
  const auto from = static_cast<std::size_t>(dice.whole(20, static_cast<int>(course.rise.size()) - 20));
  const double factor = dice.chance(0.5) ? dice.between(1.05, 1.4) : dice.between(0.6, 0.95);
  for (auto i = from; i < course.rise.size(); ++i) {
    course.factor[i] = factor;
    course.definition[i] = 2;
  }
}

void add_bought(Dice& dice, Course& course, const Plants& plants) {
  const auto length = static_cast<int>(course.rise.size());
  const int count = dice.chance(0.4) ? 2 : 1;
  for (int i = 0; i < count; ++i) {
    const int begin = i * length / count + 30, last = (i + 1) * length / count - 30;
    int day = dice.whole(begin, last);
    const int delivery = dice.whole(1, 3);
    // What happens while the definition changes cannot be seen.
    while (course.definition[static_cast<std::size_t>(day - 9)] !=
           course.definition[static_cast<std::size_t>(day + delivery + 9)])
      day = dice.whole(begin, last);
    const bool purge = dice.chance(plants.purges);
    const double change = purge ? -dice.log_between(0.06, 0.25) : dice.log_between(plants.least, plants.most);
    std::vector<double> shares;
    double sum = 0;
    for (int j = 0; j < delivery; ++j) sum += shares.emplace_back(dice.between(0.3, 1));
    for (int j = 0; j < delivery; ++j)
      course.rise[static_cast<std::size_t>(day + j)] +=
          std::log1p(change) * shares[static_cast<std::size_t>(j)] / sum;
    const double leaving = purge ? 0 : dice.between(0, 0.01) * change;  // a day, for a month
    for (int j = delivery; j < 30 + delivery && day + j < length; ++j)
      course.rise[static_cast<std::size_t>(day + j)] -= leaving * std::exp(-0.05 * j);
    course.steps.emplace_back(day, day + delivery - 1);
    course.changes.push_back(change);
  }
}

// Which days are read: every one, third or seventh, some missing alone and some in a row.
std::vector<bool> days_read(Dice& dice, int length, int cadence) {
  std::vector<bool> read(static_cast<std::size_t>(length));
  const double missing = dice.between(0, 0.2);
  int silent = 0;
  for (int day = 0; day < length; ++day) {
    if (dice.chance(0.01)) silent = dice.whole(3, 12);
    const bool missed = silent-- > 0 || dice.chance(missing);
    read[static_cast<std::size_t>(day)] = day % cadence == 0 && !missed;
  }
  return read;
}

double shown(double value, bool three_digits) {
  double unit = 1;
  if (three_digits)
    while (value / unit >= 1000) unit *= 10;
  return std::floor(value / unit) * unit;
}

void read_out(Dice& dice, const Course& course, History& out, int cadence) {
  const AccountId account{dice.engine()};
  const auto start = out.now - days(static_cast<int>(course.rise.size()) - 1);
  const auto read = days_read(dice, static_cast<int>(course.rise.size()), cadence);
  const bool three_digits = dice.chance(0.3), keeps_views = dice.chance(0.6);
  double followers = dice.log_between(1000, 3e6), views = followers * 50;
  const double views_a_day = followers * dice.log_between(0.02, 0.5);
  std::vector<std::pair<int, Time>> read_days;
  for (std::size_t day = 0; day < course.rise.size(); ++day) {
    followers *= std::exp(course.rise[day]);
    views += views_a_day * course.views[day];
    if (!read[day]) continue;
    const double wrong = dice.chance(0.005 / 30) ? dice.between(0.6, 1.4) : 1;
    MetricSnapshot one;
    one.account = account;
    one.at = start + days(static_cast<int>(day));
    one.definition = course.definition[day];
    one.value = shown(followers * course.factor[day] * wrong, three_digits);
    out.snapshots.push_back(one);
    read_days.emplace_back(static_cast<int>(day), one.at);
    if (!keeps_views) continue;
    one.metric = Metric::total_views;
    one.definition = 1;
    one.value = std::floor(views);
    out.snapshots.push_back(one);
  }
  for (std::size_t i = 0; i < course.steps.size(); ++i) {
    const auto [first, last] = course.steps[i];
    Planted planted{start + days(first - 1), out.now, course.changes[i], static_cast<double>(cadence)};
    int later = 0;
    for (const auto& [day, at] : read_days)
      if (day >= last && ++later == 2) planted.seen = at;
    out.planted.push_back(planted);
  }
}

}  // namespace

History make_history(std::uint64_t seed, int length, const Plants* plants) {
  Dice dice{std::mt19937_64(seed)};
  const auto size = static_cast<std::size_t>(length);
  Course course{std::vector<double>(size),
                std::vector<double>(size),
                std::vector<double>(size),
                std::vector<std::uint32_t>(size),
                {},
                {}};
  add_regimes(dice, course);
  add_success(dice, course);
  add_definitions(dice, course);
  if (plants != nullptr) add_bought(dice, course, *plants);
  History out;
  out.now = *parse_time("2026-11-21T00:00:00Z");
  out.months = length / 30.0;
  const double kind = dice.between(0, 1);
  read_out(dice, course, out, kind < 0.7 ? 1 : kind < 0.8 ? 3 : 7);
  return out;
}

}  // namespace cdx::figures
