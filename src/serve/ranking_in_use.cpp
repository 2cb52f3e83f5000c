#include "serve/ranking_in_use.h"

#include "base/log.h"
#include "match/match.h"

namespace cdx::serve {
namespace {

constexpr std::chrono::seconds often{1};

Result<std::optional<RankingWeights>> look_up(const Call& call, const UsageStore& usage) {
  CDX_TRY_LET(const auto active, usage.active_profile(call, "ranking"));
  if (active.name.empty()) return std::optional<RankingWeights>();
  CDX_TRY_LET(const auto kept, usage.profiles(call, "ranking"));
  for (const auto& one : kept)
    if (one.name == active.name) {
      CDX_TRY_LET(const auto profile, read_profile(one.name, "{\"ranking\":" + one.settings + "}"));
      return std::optional(profile.ranking);
    }
  return fail(ErrorKind::not_found, "the ranking profile in use, " + active.name + ", is not kept");
}

}  // namespace

std::optional<RankingWeights> RankingInUse::weights(const Call& call) const {
  if (usage_ == nullptr) return {};
  const std::scoped_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < often) return weights_;
  auto found = look_up(call, *usage_);
  if (!found) {
    log::warning("ranking profile", {{"reason", found.error().message}});
    return weights_;
  }
  looked_ = now;
  weights_ = *std::move(found);
  return weights_;
}

}  // namespace cdx::serve
