// Steps in follower histories that do not fit the rest: bought followers, purges. Part of figures/figures.h.
//
// Promises: a change of a metric's definition is never a spike; nor is a rise that goes on, dies away slowly
// (people keep coming after a success: Crane and Sornette 2008) or that views follow; nor one wrong reading.
// Never: a word on histories too short to know what is usual.
#pragma once

#include <span>
#include <vector>

#include "base/time.h"
#include "model/model.h"

namespace cdx::figures {

struct SpikeRules {
  double threshold = 10;        // robust deviations
  double least_change = 0.05;   // of the level
  double least_followers = 50;  // gained or lost
  double tail_share = 0.15;     // what may still come in the week after, of what came at once
  double views_rise = 1.5;      // views during the step, as a multiple of the usual, that explain it
};

// Newest first. Follower snapshots are judged; snapshots of views and likes of the same accounts explain.
// Too short a history (fewer than six steps around the one in question) gives none.
std::vector<Spike> find_spikes(std::span<const MetricSnapshot> snapshots, Time now,
                               const SpikeRules& rules = {});

}  // namespace cdx::figures
