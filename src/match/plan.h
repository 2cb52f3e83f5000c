// Whom to pay for with a budget, so that most people of the audience are reached. Part of match/match.h.
//
// Reach of one creator: r = followers * views per follower * audience fit, the audience part times, where the
// brief names a niche, 0.25 + 0.75 * niche part. Creators of the same niche,
// platform or country share an audience: in a group g whose pool is P_g = pool_factor * (largest r of its
// candidates), one who reaches r reaches each of the pool with probability r / P_g, independently; so the
// group gives P_g * (1 - prod(1 - r_i / P_g)), and the reach of a set is the mean of this over the three ways
// to group, weighted. It grows with every creator, and the less the more like-minded ones are chosen already
// (monotone and submodular). What is not known of a creator (no niche, no country) forms a group like any
// other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "match/profile.h"
#include "model/model.h"

namespace cdx {

struct ReachWeights {  // how much each kind of sameness makes audiences overlap; they are normalised
  double niche = 0.5, platform = 0.2, country = 0.3;
  double pool_factor = 3;  // above 1
};

struct PlanOptions {
  double budget_usd = 0;
  std::vector<CreatorId> candidates;  // empty: the best for the brief
  std::size_t most_candidates = 200;  // of the best for the brief, 1 to 1,000
  std::size_t min_count = 0;
  std::optional<std::size_t> max_count;
  // What a creator that states no price is thought to ask for each follower, US dollars; absent: left out.
  std::optional<double> price_per_follower;
  double views_per_follower = 0.2;  // where a creator's own is not known
  ReachWeights reach;
  std::size_t curve_points = 12;  // 0 to 50
  std::string profile = "balanced";
  std::optional<ScoringProfile> custom;
};

struct PlannedCreator {
  CreatorId id;
  double cost_usd = 0;
  bool cost_estimated = false;
  double reach = 0;     // people, alone
  double marginal = 0;  // people the set would lose without this creator
  double audience_fit = 0;
  double views_per_follower = 0;
  bool views_estimated = false;
  std::string why;
  Profile profile;
};
struct LeftOut {
  CreatorId id;
  std::string name;
  std::string reason;  // "price is not known", "asks more than the whole budget", "adds less for its price"
};
struct CurvePoint {
  double budget_usd = 0, reach = 0, cost_usd = 0;
  std::size_t creators = 0;
};
struct PlanAnswer {
  std::vector<PlannedCreator> chosen;  // by marginal reach for the money, best first
  double cost_usd = 0, reach = 0;
  double reach_without_overlap = 0;  // sum of those alone
  std::vector<LeftOut> left_out;
  std::vector<CurvePoint> curve;  // rising, from no money to the budget and half as much again
  std::string method;
  std::vector<std::string> degraded;
};

}  // namespace cdx
