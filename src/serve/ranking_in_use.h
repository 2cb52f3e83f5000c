// The ranking profile that was switched on, looked up now and then, so that a switch needs no restart. Private to
// serve. Thread-safe.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "base/call.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx::serve {

class RankingInUse {
 public:
  explicit RankingInUse(const UsageStore* usage) : usage_(usage) {}  // null: the searcher's own, always
  // Absent: the searcher's own weights. A profile that cannot be read is logged and counts as absent.
  std::optional<RankingWeights> weights(const Call& call) const;

 private:
  const UsageStore* usage_;
  mutable std::mutex mutex_;
  mutable std::chrono::steady_clock::time_point looked_{};
  mutable std::optional<RankingWeights> weights_;
};

}  // namespace cdx::serve
