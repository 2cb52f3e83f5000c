// Made-up follower histories with known bought steps, for the tests of this room only.
#pragma once

#include <cstdint>
#include <vector>

#include "model/model.h"

namespace cdx::figures {

struct Planted {
  Time begin, seen;    // before the first follower came; the second reading after the last one came
  double change = 0;   // of the level
  double cadence = 1;  // days between readings
};
struct History {
  std::vector<MetricSnapshot> snapshots;
  std::vector<Planted> planted;
  double months = 0;
  Time now;
};
struct Plants {
  double least = 0.08, most = 0.8;  // gained, of the level; log-uniform
  double purges = 0.25;             // share of the steps that lose followers, 6 to 25 %
};

// One to three growth regimes of 0.02 to 0.6 % a day or shrinking, weekly rhythm, noise with heavy tails
// (Student, 4 degrees), readings every 1, 3 or 7 days with days and weeks missing, counts shown with three
// digits, definitions that change, wrong readings, and rises by success (up to 60 %) that die away as a power
// of time or exponentially, of which most are followed by views where those are kept. With `plants`, one or
// two steps of followers that come within three days and partly leave again, unnoticed by the views.
History make_history(std::uint64_t seed, int days, const Plants* plants);

}  // namespace cdx::figures
