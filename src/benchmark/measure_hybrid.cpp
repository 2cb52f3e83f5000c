#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/hybrid_ask.h"
#include "benchmark/hybrid_world.h"
#include "benchmark/kept_index.h"
#include "benchmark/speed.h"

namespace cdx::benchmark {

Result<HybridReport> measure_hybrid(const Call& call, const HybridOptions& options) {
  CDX_TRY_LET(auto world, HybridWorld::read(options));
  CDX_TRY_LET(const auto exhaustive, world.exhaustive(call));
  HybridReport report;
  report.documents = world.documents();
  report.passing = world.passing();
  BuildCost cost;
  CDX_TRY_LET(const auto kept, keep_index(call, options.asking.index, world));
  const auto snapshot = kept.index->snapshot();
  cost.stop();
  report.segments = kept.index->health().segments;
  const auto queries = world.queries();
  world.forget_input();
  report.build = cost.report(kept.built, report.documents, kept.disk_bytes);
  std::vector<HybridAnswer> answers(queries);
  CDX_TRY_LET(
      report.speed, measure_speed(call, queries, options.asking.threads, [&](std::size_t query) -> Status {
        CDX_TRY_LET(answers[query],
                    ask_hybrid(call, *snapshot, world.retrieval(query), options.depth, options.asking.k));
        return {};
      }));
  std::vector<std::vector<std::uint64_t>> best;
  for (auto& answer : answers) {
    report.candidates += static_cast<double>(answer.candidates) / static_cast<double>(queries);
    best.push_back(std::move(answer.best));
  }
  report.agreement = agreement(best, exhaustive);
  report.plan = answers.back().plan;
  return report;
}

}  // namespace cdx::benchmark
