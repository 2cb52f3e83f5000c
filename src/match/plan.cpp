#include "match/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "match/matcher.h"
#include "match/optimise.h"

namespace cdx {
namespace {

constexpr double most_views_per_follower = 1.5;  // beyond it the views are not those of followers
constexpr double curve_end = 1.5;                // of the budget

tl::unexpected<Error> refuse(std::string_view pointer, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", pointer, reason));
}

Status check(const PlanOptions& options) {
  if (!(std::isfinite(options.budget_usd) && options.budget_usd > 0))
    return refuse("/budget", "must be above 0");
  if (options.most_candidates < 1 || options.most_candidates > 1000)
    return refuse("/most_candidates", "must be between 1 and 1000");
  if (options.candidates.size() > 1000) return refuse("/candidates", "must be at most 1000 creators");
  if (options.max_count && (*options.max_count < 1 || *options.max_count < options.min_count))
    return refuse("/max_count", "must be at least 1 and at least min_count");
  if (options.price_per_follower &&
      !(std::isfinite(*options.price_per_follower) && *options.price_per_follower > 0))
    return refuse("/price_per_follower", "must be above 0");
  if (!(options.views_per_follower > 0 && options.views_per_follower <= most_views_per_follower))
    return refuse("/views_per_follower",
                  fmt::format("must be above 0 and at most {}", most_views_per_follower));
  const auto& reach = options.reach;
  for (const double weight : {reach.niche, reach.platform, reach.country})
    if (!std::isfinite(weight) || weight < 0) return refuse("/reach", "weights must be 0 or more");
  if (!(reach.niche + reach.platform + reach.country > 0))
    return refuse("/reach", "some weight must be above 0");
  if (!(std::isfinite(reach.pool_factor) && reach.pool_factor > 1))
    return refuse("/reach/pool_factor", "must be above 1");
  if (options.curve_points > 50) return refuse("/curve_points", "must be at most 50");
  return {};
}

std::string shown(const Creator& creator) {
  return creator.handle.empty() ? creator.name : "@" + creator.handle;
}

// The platform of the account with most followers.
std::string main_platform(const Profile& profile) {
  const Account* best = nullptr;
  for (const auto& account : profile.accounts)
    if (best == nullptr ||
        value_or<std::int64_t>(account.followers, -1) > value_or<std::int64_t>(best->followers, -1))
      best = &account;
  return best == nullptr ? std::string() : std::string(name(best->platform));
}

// Candidates with a price and people, as the optimiser wants them.
class Market {
 public:
  explicit Market(const PlanOptions& options) : options_(options) {
    const auto& reach = options.reach;
    const double sum = reach.niche + reach.platform + reach.country;
    problem_.weights = {reach.niche / sum, reach.platform / sum, reach.country / sum};
    problem_.pool_factor = reach.pool_factor;
    problem_.budget = options.budget_usd;
    problem_.min_count = options.min_count;
    problem_.max_count = options.max_count.value_or(SIZE_MAX);
  }

  void offer(Profile profile, double audience_fit, std::vector<LeftOut>& left_out) {
    const auto& creator = profile.creator;
    PlannedCreator out;
    out.id = creator.id;
    const auto leave = [&](std::string reason) {
      left_out.push_back({out.id, shown(creator), std::move(reason)});
    };
    if (creator.total_followers <= 0) return leave("the number of followers is not known");
    const auto followers = static_cast<double>(creator.total_followers);
    if (creator.price_usd && *creator.price_usd > 0) {
      out.cost_usd = *creator.price_usd;
    } else if (options_.price_per_follower) {
      out.cost_usd = followers * *options_.price_per_follower;
      out.cost_estimated = true;
    } else {
      return leave("the price is not known");
    }
    if (out.cost_usd > options_.budget_usd)
      return leave(fmt::format("asks ${:.0f}, more than the whole budget", out.cost_usd));
    out.audience_fit = audience_fit;
    out.views_estimated = !creator.views_per_follower;
    out.views_per_follower = std::clamp(creator.views_per_follower.value_or(options_.views_per_follower), 0.0,
                                        most_views_per_follower);
    out.reach = followers * out.views_per_follower * audience_fit;
    problem_.items.push_back(
        {out.cost_usd,
         out.reach,
         {group(0, creator.primary_niche), group(1, main_platform(profile)), group(2, creator.country)}});
    out.profile = std::move(profile);
    creators_.push_back(std::move(out));
  }

  const ReachProblem& problem() const { return problem_; }
  std::vector<PlannedCreator>& creators() { return creators_; }

 private:
  std::uint32_t group(std::size_t kind, const std::string& key) {
    auto& known = groups_[kind];
    return known.emplace(key, static_cast<std::uint32_t>(known.size())).first->second;
  }

  const PlanOptions& options_;
  ReachProblem problem_;
  std::vector<PlannedCreator> creators_;
  std::array<std::map<std::string, std::uint32_t>, reach_kinds> groups_;
};

// Rising: what a smaller budget pays for, a larger one pays for as well.
Result<std::vector<CurvePoint>> curve_of(const Call& call, ReachProblem problem, const PlanOptions& options,
                                         const Selection& chosen) {
  std::vector<CurvePoint> out;
  CurvePoint best;
  for (std::size_t i = 0; i < options.curve_points; ++i) {
    const double share = options.curve_points == 1 ? 1
                                                   : curve_end * static_cast<double>(i) /
                                                         static_cast<double>(options.curve_points - 1);
    problem.budget = share * options.budget_usd;
    CDX_TRY_LET(auto found, optimise(call, problem, false));
    if (problem.budget >= chosen.cost && chosen.reach > found.reach) found = chosen;
    if (found.reach > best.reach) best = {0, found.reach, found.cost, found.chosen.size()};
    best.budget_usd = problem.budget;
    out.push_back(best);
  }
  return out;
}

std::string reason_for(const PlannedCreator& one) {
  auto out = fmt::format("reaches about {:.0f} people for ${:.0f}", one.reach, one.cost_usd);
  if (one.reach > 0 && one.marginal < 0.98 * one.reach)
    out += fmt::format(", {:.0f} of them by nobody else in the plan", one.marginal);
  if (one.cost_estimated) out += "; the price is estimated";
  if (one.views_estimated) out += "; the views are estimated";
  return out;
}

void fill_chosen(Market& market, const Selection& selection, PlanAnswer& out) {
  const auto pools = reach_pools(market.problem());
  for (const auto i : selection.chosen) {
    auto others = selection.chosen;
    std::erase(others, i);
    auto& one = market.creators()[i];
    one.marginal = std::max(0.0, selection.reach - reach_of(market.problem(), pools, others));
    one.why = reason_for(one);
    out.reach_without_overlap += one.reach;
  }
  for (std::size_t i = 0; i < market.creators().size(); ++i) {
    auto& one = market.creators()[i];
    if (std::binary_search(selection.chosen.begin(), selection.chosen.end(), i))
      out.chosen.push_back(std::move(one));
    else
      out.left_out.push_back(
          {one.id, shown(one.profile.creator), "adds less for its price than those chosen"});
  }
  std::sort(out.chosen.begin(), out.chosen.end(), [](const PlannedCreator& a, const PlannedCreator& b) {
    const double left = a.marginal * std::max(b.cost_usd, 1e-9),
                 right = b.marginal * std::max(a.cost_usd, 1e-9);
    return left != right ? left > right : a.id < b.id;
  });
  out.cost_usd = selection.cost;
  out.reach = selection.reach;
}

// Of those reached, the share that is of the audience: by audience, and by niche where the brief names one.
// Who follows a stranger's niche is a quarter as likely to be meant.
double fit_of(const Wanted& wanted, const Creator& creator, double audience) {
  if (wanted.niche.empty()) return audience;
  constexpr double strangers = 0.25;
  return audience * (strangers + (1 - strangers) * niche_part(wanted, creator).value.value_or(0.5));
}

}  // namespace

Result<PlanAnswer> Matcher::plan(const Call& call, const Brief& brief, const PlanOptions& options) {
  auto& state = *state_;
  CDX_TRY(check(options));
  CDX_TRY(check_brief(brief));
  MatchOptions asked;
  asked.profile = options.profile;
  asked.custom = options.custom;
  CDX_TRY_LET(const auto profile, state.profile_of(asked));
  PlanAnswer out;
  Market market(options);

  std::vector<CreatorId> ids = options.candidates;
  std::unordered_map<CreatorId, double> fit;
  if (ids.empty()) {
    CDX_TRY_LET(const auto ranking, state.ranker.rank(call, brief, profile, state.options.candidates));
    out.degraded = ranking.degraded;
    for (const auto& one : ranking.creators) {
      if (ids.size() == options.most_candidates) break;
      ids.push_back(one.id);
      fit[one.id] = part_value(one.scored, "audience");
    }
  }
  if (std::set<CreatorId>(ids.begin(), ids.end()).size() != ids.size())
    return refuse("/candidates", "the same creator stands there twice");
  CDX_TRY_LET(auto profiles, state.store.profiles(call, ids, 0));
  for (const auto id : options.candidates)
    if (std::none_of(profiles.begin(), profiles.end(),
                     [&](const Profile& one) { return one.creator.id == id; }))
      return fail(ErrorKind::not_found, fmt::format("/candidates: there is no creator {}", id.text()));
  const auto wanted = read_wanted(brief);
  for (auto& one : profiles) {
    const auto known = fit.find(one.creator.id);
    const double audience =
        known != fit.end() ? known->second
                           : audience_part(wanted, one.creator, {}, profile.audience).value.value_or(0.5);
    const double of_audience = fit_of(wanted, one.creator, audience);
    market.offer(std::move(one), of_audience, out.left_out);
  }
  const auto& problem = market.problem();
  if (!feasible(problem))
    return refuse("/min_count",
                  fmt::format("{} creators cannot be had for ${:.0f}: {} have a price within it",
                              options.min_count, options.budget_usd, problem.items.size()));
  CDX_TRY_LET(const auto selection, optimise(call, problem, true));
  CDX_TRY_LET(out.curve, curve_of(call, problem, options, selection));
  out.method = "greedy from many starts, then exchanges; reach with shared audiences counted once";
  fill_chosen(market, selection, out);
  return out;
}

}  // namespace cdx
