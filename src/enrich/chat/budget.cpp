#include "enrich/chat/budget.h"

#include <map>
#include <mutex>

#include "base/metrics.h"

namespace cdx::enrich {
namespace {

using std::chrono::floor;

std::int64_t day_of(Time at) { return floor<std::chrono::days>(at).time_since_epoch().count(); }

class MemoryLedger final : public SpendLedger {
 public:
  Status add(const Call& call, Time at, const Spend& spend) override {
    CDX_TRY(call.check());
    const std::lock_guard lock(mutex_);
    auto& day = days_[day_of(at)];
    day.requests += spend.requests;
    day.tokens += spend.tokens;
    day.usd += spend.usd;
    return {};
  }
  Result<Spend> of_day(const Call& call, Time at) override {
    CDX_TRY(call.check());
    const std::lock_guard lock(mutex_);
    const auto found = days_.find(day_of(at));
    return found == days_.end() ? Spend{} : found->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::int64_t, Spend> days_;
};

class BudgetedAnnotator final : public Annotator {
 public:
  BudgetedAnnotator(std::unique_ptr<Annotator> inner, SpendLedger& ledger, const DailyBudget& budget,
                    const Clock& clock)
      : inner_(std::move(inner)), ledger_(ledger), budget_(budget), clock_(clock) {}

  std::string version() const override { return inner_->version(); }
  std::size_t batch() const override { return inner_->batch(); }

  Result<std::vector<Result<Annotation>>> annotate(const Call& call,
                                                   std::span<const AnnotatorInput> inputs) override {
    const auto now = clock_.now();
    CDX_TRY_LET(const auto spent, ledger_.of_day(call, now));
    if (const auto limit = reached(spent); !limit.empty()) {
      metrics::count("creatordex_annotate_over_budget_total",
                     "Calls refused because the day's budget was used up.");
      const auto midnight = floor<std::chrono::days>(now) + std::chrono::days(1);
      return tl::unexpected<Error>(
          Error{ErrorKind::rate_limited, "the day's budget of " + limit + " is used up",
                std::chrono::duration_cast<std::chrono::milliseconds>(midnight - now)});
    }
    return inner_->annotate(call, inputs);
  }

 private:
  std::string reached(const Spend& spent) const {
    if (budget_.requests && spent.requests >= *budget_.requests)
      return std::to_string(*budget_.requests) + " requests";
    if (budget_.tokens && spent.tokens >= *budget_.tokens) return std::to_string(*budget_.tokens) + " tokens";
    if (budget_.usd && spent.usd >= *budget_.usd) return std::to_string(*budget_.usd) + " USD";
    return {};
  }

  std::unique_ptr<Annotator> inner_;
  SpendLedger& ledger_;
  DailyBudget budget_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<SpendLedger> make_memory_ledger() { return std::make_unique<MemoryLedger>(); }

std::unique_ptr<Annotator> make_budgeted_annotator(std::unique_ptr<Annotator> inner, SpendLedger& ledger,
                                                   const DailyBudget& budget, const Clock& clock) {
  return std::make_unique<BudgetedAnnotator>(std::move(inner), ledger, budget, clock);
}

}  // namespace cdx::enrich
