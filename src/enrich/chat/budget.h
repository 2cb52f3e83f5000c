// What a day of a paid annotator may cost, and what it has cost.
//
// Promises: days are those of UTC; when a day's budget is used up, nothing is asked until midnight. What a
// request costs is known only afterwards: the request that reaches the limit may pass it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.h"
#include "enrich/annotate.h"

namespace cdx::enrich {

struct Spend {
  std::uint64_t requests = 0;
  std::uint64_t tokens = 0;  // in and out
  double usd = 0;
  friend bool operator==(const Spend&, const Spend&) = default;
};

// Adds up by day. Thread-safe. Twins: in memory, AnnotationFile.
class SpendLedger {
 public:
  virtual ~SpendLedger() = default;
  virtual Status add(const Call&, Time at, const Spend& spend) = 0;
  virtual Result<Spend> of_day(const Call&, Time at) = 0;  // of the UTC day that holds `at`
};
std::unique_ptr<SpendLedger> make_memory_ledger();

struct DailyBudget {  // absent: no limit
  std::optional<std::uint64_t> requests = {};
  std::optional<std::uint64_t> tokens = {};
  std::optional<double> usd = {};
};

// Hands over to `inner` while the day's spend is below every limit; then `rate_limited`, with the time until
// midnight UTC. Borrows `ledger`, which `inner` itself tells what it spends.
std::unique_ptr<Annotator> make_budgeted_annotator(std::unique_ptr<Annotator> inner, SpendLedger& ledger,
                                                   const DailyBudget& budget, const Clock& clock);

}  // namespace cdx::enrich
