// What a creator's former work for brands says about a brief.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "match/parts.h"

namespace cdx {
namespace {

constexpr double recent_days = 90, forgotten_days = 365, undated = 0.5;

double weight_of(CollaborationKind kind) {
  switch (kind) {
    case CollaborationKind::paid:
      return 1;
    case CollaborationKind::affiliate:
      return 0.7;
    case CollaborationKind::gifted:
      return 0.3;
  }
  return 0;
}

double days_ago(const Wanted& wanted, const Collaboration& work) {
  return std::chrono::duration<double, std::ratio<86'400>>(wanted.now - *work.last).count();
}

double recency(const Wanted& wanted, const Collaboration& work) {
  if (wanted.now == Time{}) return 1;
  if (!work.last) return undated;
  return std::clamp((forgotten_days - days_ago(wanted, work)) / (forgotten_days - recent_days), 0.0, 1.0);
}

std::string when(const Wanted& wanted, const Collaboration& work) {
  if (wanted.now == Time{} || !work.last) return "at a time that is not known";
  const auto days = std::llround(std::max(0.0, days_ago(wanted, work)));
  return days == 0 ? "today" : days == 1 ? "yesterday" : fmt::format("{} days ago", days);
}

struct Work {
  const Collaboration* what = nullptr;
  double strength = 0;
};
template <class Counts>
Work strongest(const Wanted& wanted, const Creator& creator, Counts counts) {
  Work out;
  for (const auto& one : creator.collaborations) {
    if (one.brand.empty() || !counts(one.brand)) continue;
    const double strength = recency(wanted, one) * weight_of(one.kind) * std::clamp(one.confidence, 0.0, 1.0);
    if (strength > out.strength) out = {&one, strength};
  }
  return out;
}

}  // namespace

MatchPart history_part(const Wanted& wanted, const Creator& creator) {
  MatchPart out{"history", {}, 0, 0, {}, {}};
  if (wanted.brand.empty() && wanted.competitors.empty()) {
    out.reason = "the brief names no brand";
    return out;
  }
  if (!creator.sponsored_share) {
    out.reason = "no posts are known that could disclose work for brands";
    return out;
  }
  const auto own = strongest(
      wanted, creator, [&](const auto& brand) { return !wanted.brand.empty() && brand == wanted.brand; });
  const auto conflict = strongest(wanted, creator, [&](const auto& brand) {
    return std::find(wanted.competitors.begin(), wanted.competitors.end(), brand) != wanted.competitors.end();
  });
  if (own.what == nullptr && conflict.what == nullptr) {
    out.reason = wanted.competitors.empty() ? "its posts disclose no work for the brand"
                                            : "its posts disclose no work for the brand or its competitors";
    return out;
  }
  out.value = 0.5 + (own.strength - conflict.strength) / 2;
  const auto said = [&](const Collaboration& work, std::string_view role) {
    return fmt::format("{} work for {}{} {}", name(work.kind), work.name, role, when(wanted, work));
  };
  if (conflict.what != nullptr) {
    out.reason = said(*conflict.what, ", a competitor,");
    out.details.emplace_back("conflict", conflict.strength);
  }
  if (own.what != nullptr) {
    out.reason += (out.reason.empty() ? "" : "; ") + said(*own.what, ", the brand itself,");
    out.details.emplace_back("own", own.strength);
  }
  return out;
}

}  // namespace cdx
