#include "serve/search_figures.h"

#include <algorithm>
#include <cmath>

namespace cdx::serve {
namespace {

constexpr double first_bound_ms = 0.1, growth = 1.1;

double bound_ms(std::size_t bucket) { return first_bound_ms * std::pow(growth, static_cast<double>(bucket)); }

}  // namespace

std::string_view name(SearchKind kind) {
  constexpr std::array<std::string_view, search_kinds> names{
      "keyword", "semantic",      "hybrid",          "rrf",          "similar",
      "match",   "picture_words", "picture_example", "picture_mixed"};
  return names[static_cast<std::size_t>(kind)];
}

std::int64_t SearchFigures::minute() const {
  return std::chrono::floor<std::chrono::minutes>(clock_.now()).time_since_epoch().count();
}

void SearchFigures::note(SearchKind kind, const SearchOutcome& outcome) {
  const auto now = minute();
  const double ms = std::chrono::duration<double, std::milli>(outcome.took).count();
  const auto steps = ms <= first_bound_ms ? 0.0 : std::ceil(std::log(ms / first_bound_ms) / std::log(growth));
  const auto bucket = std::min(static_cast<std::size_t>(steps), buckets - 1);
  const std::scoped_lock lock(mutex_);
  auto& slot = slots_[static_cast<std::size_t>(now) % slots_.size()];
  if (slot.minute != now) slot = Slot{now, {}};
  auto& counts = slot.kinds[static_cast<std::size_t>(kind)];
  ++counts.asked;
  if (outcome.failed) {
    ++counts.failed;
    return;
  }
  if (outcome.degraded) ++counts.degraded;
  if (outcome.empty) ++counts.empty;
  ++counts.times[bucket];
  counts.slowest_ms = std::max(counts.slowest_ms, ms);
}

void SearchFigures::Counts::add(const Counts& other) {
  asked += other.asked;
  failed += other.failed;
  degraded += other.degraded;
  empty += other.empty;
  slowest_ms = std::max(slowest_ms, other.slowest_ms);
  for (std::size_t i = 0; i < buckets; ++i) times[i] += other.times[i];
}

SearchFigures::Figures SearchFigures::Counts::figures() const {
  Figures out{asked, failed, degraded, empty, 0, 0, 0, slowest_ms};
  const auto quantile = [&](double share) {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(asked - failed)));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
      below += times[i];
      if (below >= rank) return std::min(bound_ms(i), slowest_ms);
    }
    return slowest_ms;
  };
  if (asked == failed) return out;
  out.p50_ms = quantile(0.50);
  out.p95_ms = quantile(0.95);
  out.p99_ms = quantile(0.99);
  return out;
}

SearchFigures::Report SearchFigures::last_hour() const {
  const auto now = minute();
  std::vector<Counts> sums(search_kinds);
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& slot : slots_)
      if (slot.minute <= now && slot.minute > now - window.count())
        for (std::size_t i = 0; i < search_kinds; ++i) sums[i].add(slot.kinds[i]);
  }
  Report out;
  Counts total;
  for (std::size_t i = 0; i < search_kinds; ++i) {
    if (sums[i].asked == 0) continue;
    total.add(sums[i]);
    out.kinds.emplace_back(static_cast<SearchKind>(i), sums[i].figures());
  }
  out.total = total.figures();
  return out;
}

}  // namespace cdx::serve
