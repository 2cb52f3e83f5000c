#include "match/optimise.h"

#include <algorithm>
#include <numeric>
#include <queue>

namespace cdx {
namespace {

constexpr std::size_t pair_seeds = 24;      // creators whose pairs are tried as a start
constexpr std::size_t improved_starts = 8;  // best greedy walks that are improved by exchanges
constexpr std::size_t most_rounds = 200;    // of exchanges
constexpr double rounding = 1e-9;           // of money, and the gain that counts as one

// A set with its reach, changed one creator at a time.
class Chosen {
 public:
  Chosen(const ReachProblem& problem, const ReachPools& pools)
      : problem_(problem), pools_(pools), in_(problem.items.size(), false) {
    for (std::size_t d = 0; d < reach_kinds; ++d) left_[d].assign(pools[d].size(), 1.0);
  }
  bool has(std::size_t i) const { return in_[i]; }
  std::size_t count() const { return count_; }
  double cost() const { return cost_; }
  double reach() const { return reach_; }

  double gain(std::size_t i) const {
    const auto& item = problem_.items[i];
    double share = 0;
    for (std::size_t d = 0; d < reach_kinds; ++d) share += problem_.weights[d] * left_[d][item.group[d]];
    return item.reach * share;
  }
  void add(std::size_t i) {
    reach_ += gain(i);
    change(i, true);
  }
  void remove(std::size_t i) {
    change(i, false);
    reach_ -= gain(i);
  }
  Selection selection() const {
    Selection out;
    for (std::size_t i = 0; i < in_.size(); ++i)
      if (in_[i]) out.chosen.push_back(i);
    out.cost = cost_;
    out.reach = reach_of(problem_, pools_, out.chosen);
    return out;
  }

 private:
  void change(std::size_t i, bool in) {
    const auto& item = problem_.items[i];
    for (std::size_t d = 0; d < reach_kinds; ++d) {
      const double pool = pools_[d][item.group[d]];
      const double stays = pool > 0 ? 1 - item.reach / pool : 1;
      left_[d][item.group[d]] *= in ? stays : 1 / stays;
    }
    in_[i] = in;
    cost_ += in ? item.cost : -item.cost;
    in ? ++count_ : --count_;
  }

  const ReachProblem& problem_;
  const ReachPools& pools_;
  std::vector<bool> in_;
  std::array<std::vector<double>, reach_kinds> left_;  // share of each pool not reached yet
  std::size_t count_ = 0;
  double cost_ = 0, reach_ = 0;
};

class Solver {
 public:
  Solver(const Call& call, const ReachProblem& problem)
      : call_(call), problem_(problem), pools_(reach_pools(problem)) {
    by_cost_.resize(problem.items.size());
    std::iota(by_cost_.begin(), by_cost_.end(), std::size_t{0});
    std::stable_sort(by_cost_.begin(), by_cost_.end(), [&](std::size_t a, std::size_t b) {
      return problem.items[a].cost < problem.items[b].cost;
    });
  }

  Result<Selection> solve(bool thorough);

 private:
  // Could the set with `i` still be completed to min_count within the budget?
  bool fits(const Chosen& set, std::size_t i) const {
    double cost = set.cost() + problem_.items[i].cost;
    if (set.has(i) || set.count() + 1 > problem_.max_count || over(cost)) return false;
    for (std::size_t at = 0, count = set.count() + 1; count < problem_.min_count; ++at) {
      if (at == by_cost_.size()) return false;
      const auto other = by_cost_[at];
      if (other == i || set.has(other)) continue;
      cost += problem_.items[other].cost;
      ++count;
      if (over(cost)) return false;
    }
    return true;
  }
  bool over(double cost) const { return cost > problem_.budget * (1 + rounding) + rounding; }
  bool allowed(const Chosen& set) const {
    return !over(set.cost()) && set.count() >= problem_.min_count && set.count() <= problem_.max_count;
  }

  Status grow(Chosen& set, bool by_money) const;
  Status start_from(const std::vector<std::size_t>& seed);
  Status enumerate();
  Result<bool> improve_once(Chosen& set, bool thorough) const;
  bool add_any(Chosen& set) const;
  bool exchange_one(Chosen& set, bool thorough) const;
  bool try_in_place_of(Chosen& set, double reach_to_beat, std::size_t out, bool thorough) const;
  bool exchange_two(Chosen& set) const;
  std::vector<std::size_t> members(const Chosen& set) const;
  void remember(const Chosen& set);

  const Call& call_;
  const ReachProblem& problem_;
  ReachPools pools_;
  std::vector<std::size_t> by_cost_;
  std::vector<Selection> starts_;  // best first, at most improved_starts
};

// Adds the best that fits, again and again. A gain never grows, so the old one bounds the new.
Status Solver::grow(Chosen& set, bool by_money) const {
  const auto worth = [&](std::size_t i) {
    const double gain = set.gain(i);
    return by_money ? gain / std::max(problem_.items[i].cost, rounding) : gain;
  };
  using Bound = std::pair<double, std::size_t>;
  const auto later = [](const Bound& a, const Bound& b) {
    return a.first != b.first ? a.first < b.first : a.second > b.second;
  };
  std::vector<Bound> bounds;
  for (std::size_t i = 0; i < problem_.items.size(); ++i)
    if (!set.has(i)) bounds.emplace_back(worth(i), i);
  std::priority_queue<Bound, std::vector<Bound>, decltype(later)> queue(later, std::move(bounds));
  while (!queue.empty()) {
    const auto i = queue.top().second;
    queue.pop();
    if (!fits(set, i)) continue;  // and never will: money and places only shrink
    const double now = worth(i);
    if (!queue.empty() && now < queue.top().first) {
      queue.emplace(now, i);
      continue;
    }
    set.add(i);
  }
  return call_.check();
}

void Solver::remember(const Chosen& set) {
  if (!allowed(set)) return;
  auto selection = set.selection();
  const auto at = std::find_if(starts_.begin(), starts_.end(), [&](const Selection& one) {
    return one.reach < selection.reach || one.chosen == selection.chosen;
  });
  if (at != starts_.end() && at->chosen == selection.chosen) return;
  starts_.insert(at, std::move(selection));
  if (starts_.size() > improved_starts) starts_.pop_back();
}

Status Solver::start_from(const std::vector<std::size_t>& seed) {
  for (const bool by_money : {true, false}) {
    Chosen set(problem_, pools_);
    for (const auto i : seed) {
      if (!fits(set, i)) return {};
      set.add(i);
    }
    CDX_TRY(grow(set, by_money));
    remember(set);
  }
  return {};
}

Status Solver::enumerate() {
  std::vector<std::size_t> largest(problem_.items.size());
  std::iota(largest.begin(), largest.end(), std::size_t{0});
  std::stable_sort(largest.begin(), largest.end(), [&](std::size_t a, std::size_t b) {
    return problem_.items[a].reach > problem_.items[b].reach;
  });
  for (const auto i : largest) CDX_TRY(start_from({i}));
  largest.resize(std::min(largest.size(), pair_seeds));
  for (std::size_t a = 0; a < largest.size(); ++a)
    for (std::size_t b = a + 1; b < largest.size(); ++b) CDX_TRY(start_from({largest[a], largest[b]}));
  return {};
}

std::vector<std::size_t> Solver::members(const Chosen& set) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < problem_.items.size(); ++i)
    if (set.has(i)) out.push_back(i);
  return out;
}

bool Solver::add_any(Chosen& set) const {
  for (std::size_t i = 0; i < problem_.items.size(); ++i)
    if (fits(set, i) && set.gain(i) > rounding) {
      set.add(i);
      return true;
    }
  return false;
}

// `out` has just been taken away: is there one, or are there two, that bring more?
bool Solver::try_in_place_of(Chosen& set, double reach_to_beat, std::size_t out, bool thorough) const {
  const auto gains = [&] { return set.reach() > reach_to_beat * (1 + rounding) + rounding; };
  for (std::size_t i = 0; i < problem_.items.size(); ++i) {
    if (i == out || set.has(i) || over(set.cost() + problem_.items[i].cost) ||
        set.count() + 1 > problem_.max_count)
      continue;
    set.add(i);
    if (gains() && allowed(set)) return true;
    if (thorough && set.count() + 1 <= problem_.max_count) {
      for (std::size_t j = i + 1; j < problem_.items.size(); ++j) {
        if (j == out || set.has(j) || over(set.cost() + problem_.items[j].cost)) continue;
        if (set.reach() + set.gain(j) <= reach_to_beat * (1 + rounding) + rounding) continue;
        set.add(j);
        if (allowed(set)) return true;
        set.remove(j);
      }
    }
    set.remove(i);
  }
  return false;
}

bool Solver::exchange_one(Chosen& set, bool thorough) const {
  const double reach = set.reach();
  for (const auto out : members(set)) {
    set.remove(out);
    if (try_in_place_of(set, reach, out, thorough)) return true;
    set.add(out);
  }
  return false;
}

bool Solver::exchange_two(Chosen& set) const {
  const double reach = set.reach();
  const auto own = members(set);
  for (std::size_t a = 0; a < own.size(); ++a)
    for (std::size_t b = a + 1; b < own.size(); ++b) {
      set.remove(own[a]);
      set.remove(own[b]);
      for (std::size_t i = 0; i < problem_.items.size(); ++i) {
        if (i == own[a] || i == own[b] || set.has(i) || over(set.cost() + problem_.items[i].cost)) continue;
        if (set.reach() + set.gain(i) <= reach * (1 + rounding) + rounding) continue;
        set.add(i);
        if (allowed(set)) return true;
        set.remove(i);
      }
      set.add(own[a]);
      set.add(own[b]);
    }
  return false;
}

Result<bool> Solver::improve_once(Chosen& set, bool thorough) const {
  CDX_TRY(call_.check());
  return add_any(set) || exchange_one(set, false) ||
         (thorough && (exchange_two(set) || exchange_one(set, true)));
}

Result<Selection> Solver::solve(bool thorough) {
  if (!feasible(problem_)) return Selection{};
  CDX_TRY(start_from({}));
  if (thorough) CDX_TRY(enumerate());
  Selection best;
  for (const auto& start : starts_) {
    Chosen set(problem_, pools_);
    for (const auto i : start.chosen) set.add(i);
    for (std::size_t round = 0; round < most_rounds; ++round) {
      CDX_TRY_LET(const bool better, improve_once(set, thorough));
      if (!better) break;
    }
    auto improved = set.selection();
    if (improved.reach > best.reach || best.chosen.empty()) best = std::move(improved);
  }
  return best;
}

}  // namespace

ReachPools reach_pools(const ReachProblem& problem) {
  ReachPools out;
  for (std::size_t d = 0; d < reach_kinds; ++d)
    for (const auto& item : problem.items) {
      auto& pools = out[d];
      if (pools.size() <= item.group[d]) pools.resize(item.group[d] + std::size_t{1}, 0.0);
      pools[item.group[d]] = std::max(pools[item.group[d]], problem.pool_factor * item.reach);
    }
  return out;
}

double reach_of(const ReachProblem& problem, const ReachPools& pools,
                const std::vector<std::size_t>& chosen) {
  double out = 0;
  for (std::size_t d = 0; d < reach_kinds; ++d) {
    std::vector<double> left(pools[d].size(), 1.0);
    for (const auto i : chosen) {
      const auto& item = problem.items[i];
      const double pool = pools[d][item.group[d]];
      if (pool > 0) left[item.group[d]] *= 1 - item.reach / pool;
    }
    for (std::size_t g = 0; g < left.size(); ++g) out += problem.weights[d] * pools[d][g] * (1 - left[g]);
  }
  return out;
}

bool feasible(const ReachProblem& problem) {
  if (problem.items.size() < problem.min_count || problem.min_count > problem.max_count) return false;
  std::vector<double> costs;
  for (const auto& item : problem.items) costs.push_back(item.cost);
  std::sort(costs.begin(), costs.end());
  const double least =
      std::accumulate(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(problem.min_count), 0.0);
  return least <= problem.budget * (1 + rounding) + rounding;
}

Result<Selection> optimise(const Call& call, const ReachProblem& problem, bool thorough) {
  return Solver(call, problem).solve(thorough);
}

}  // namespace cdx
