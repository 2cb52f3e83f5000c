// The rules of campaigns.h and usage.h that need no state.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "store/check.h"

namespace cdx {
namespace {

Status refuse(const std::string& what, const std::string& why) {
  return fail(ErrorKind::invalid, what + ": " + why);
}

Status check_finite(const std::string& what, std::string_view name, double value) {
  if (std::isfinite(value)) return {};
  return refuse(what, std::string(name) + " is not a finite number");
}

auto place(const MatchScore& score) { return std::tuple(score.campaign, score.creator); }

}  // namespace

Status check(const Campaign& campaign) {
  const auto what = "campaign " + campaign.id.text();
  const auto& brief = campaign.brief;
  CDX_TRY(check_finite(what, "total_budget_usd", brief.total_budget_usd.value_or(0)));
  CDX_TRY(check_finite(what, "min_engagement", brief.min_engagement.value_or(0)));
  return check_finite(what, "max_engagement", brief.max_engagement.value_or(0));
}

Status check(std::span<const MatchScore> scores) {
  for (const auto& score : scores) {
    const std::pair<std::string_view, double> parts[] = {{"match", score.match},
                                                         {"niche", score.niche},
                                                         {"audience", score.audience},
                                                         {"engagement", score.engagement},
                                                         {"budget", score.budget}};
    for (const auto& [name, value] : parts) {
      if (std::isfinite(value)) continue;
      return refuse("score of " + score.creator.text() + " for " + score.campaign.text(),
                    std::string(name) + " is not a finite number");
    }
  }
  return {};
}

Status check(std::span<const LoggedQuestion> questions) {
  for (const auto& question : questions) {
    const auto what = "question " + question.id.text();
    if (question.shown.size() > max_shown_creators) {
      return refuse(what, std::to_string(question.shown.size()) + " creators shown; at most " +
                              std::to_string(max_shown_creators) + " are kept");
    }
    if (question.first_seen > question.shown.size() ||
        question.count_seen > question.shown.size() - question.first_seen) {
      return refuse(what, "the creators seen are not among its " + std::to_string(question.shown.size()));
    }
    const auto names = question.feature_names.size();
    for (const auto& shown : question.shown) {
      CDX_TRY(check_finite(what + ", creator " + shown.creator.text(), "score", shown.score));
      const auto features = shown.features.size();
      if (features == 0 || features == names) continue;
      return refuse(what + ", creator " + shown.creator.text(),
                    std::to_string(features) + " features for " + std::to_string(names) + " names");
    }
  }
  return {};
}

Status check(const NamedProfile& profile) {
  if (profile.name.empty())
    return refuse("profile", "it needs a name; the empty one is the built-in profile");
  return {};
}

Status check(CampaignId campaign, std::span<const MatchScore> scores) {
  for (const auto& score : scores)
    if (score.campaign != campaign)
      return refuse("score of " + score.creator.text(),
                    "is for " + score.campaign.text() + ", not for " + campaign.text());
  return check(scores);
}

std::vector<const MatchScore*> scores_in_order(std::span<const MatchScore> scores) {
  std::vector<const MatchScore*> all;
  all.reserve(scores.size());
  for (auto score = scores.rbegin(); score != scores.rend(); ++score) all.push_back(&*score);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return place(*a) < place(*b); });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const auto* a, const auto* b) { return place(*a) == place(*b); }),
            all.end());
  return all;
}

bool same_but_for_time(const MatchScore& a, const MatchScore& b) {
  const auto parts = [](const MatchScore& score) {
    return std::tie(score.campaign, score.creator, score.match, score.niche, score.audience, score.engagement,
                    score.budget, score.profile, score.formula, score.model);
  };
  return parts(a) == parts(b);
}

}  // namespace cdx
