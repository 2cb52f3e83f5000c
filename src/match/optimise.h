// The choice behind a plan: most reach for a budget, where like creators share an audience (formula: plan.h).
// Private to the match room; pure.
//
// A monotone submodular objective under a knapsack and bounds on the count. Greedy by reach for the money and
// greedy by reach, each from nothing, from every single creator and from pairs of the largest (partial
// enumeration, as in Sviridenko 2004, whose triples would give 1 - 1/e at any size), lazily evaluated (Minoux
// 1978), then local search: add, exchange one for one, one for two, two for one, until nothing gains.
// Deterministic.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/call.h"

namespace cdx {

inline constexpr std::size_t reach_kinds = 3;  // niche, platform, country

struct ReachItem {
  double cost = 0;   // 0 or more
  double reach = 0;  // alone, 0 or more
  std::array<std::uint32_t, reach_kinds> group{};
};

struct ReachProblem {
  std::vector<ReachItem> items;
  std::array<double, reach_kinds> weights{};  // sum 1
  double pool_factor = 3;                     // above 1
  double budget = 0;
  std::size_t min_count = 0;
  std::size_t max_count = SIZE_MAX;
};

struct Selection {
  std::vector<std::size_t> chosen;  // ascending
  double reach = 0, cost = 0;
};

// Pools of every group of every kind: pool_factor times the largest reach in it.
using ReachPools = std::array<std::vector<double>, reach_kinds>;
ReachPools reach_pools(const ReachProblem& problem);
double reach_of(const ReachProblem& problem, const ReachPools& pools, const std::vector<std::size_t>& chosen);

// The cheapest that satisfy min_count cost more than the budget, or there are too few: then nothing is
// feasible.
bool feasible(const ReachProblem& problem);

// `thorough`: partial enumeration and all exchanges; without, the two plain greedy walks and one-for-one
// exchanges (for curves). An empty selection when nothing is feasible. `cancelled`, `timed_out` from the
// call.
Result<Selection> optimise(const Call& call, const ReachProblem& problem, bool thorough);

}  // namespace cdx
