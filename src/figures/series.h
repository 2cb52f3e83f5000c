// Follower histories put in order. Inside the figures room only.
#pragma once

#include <span>
#include <vector>

#include "model/model.h"

namespace cdx::figures {

struct Point {
  Time at;
  double day = 0;    // days since the epoch
  double value = 0;  // above 0
  std::uint32_t definition = 1;
};

// The snapshots of one metric of one account, oldest first, none of the future, none nearer than twelve hours
// to the one kept before it.
struct Series {
  AccountId account;
  std::vector<Point> points;
};
std::vector<Series> series_of(std::span<const MetricSnapshot> snapshots, Metric metric, Time now);

double median(std::vector<double> values);  // of at least one
inline double in_days(Time::duration passed) {
  return std::chrono::duration<double, std::chrono::days::period>(passed).count();
}

}  // namespace cdx::figures
