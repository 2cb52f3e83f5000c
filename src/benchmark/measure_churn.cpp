#include <algorithm>
#include <numeric>
#include <random>

#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/hybrid_ask.h"
#include "benchmark/hybrid_world.h"
#include "benchmark/kept_index.h"
#include "benchmark/nearest.h"
#include "benchmark/speed.h"

namespace cdx::benchmark {
namespace {

constexpr std::size_t change_batch = 1'000;  // documents changed at once
constexpr std::size_t removed_share =
    10;  // one in so many of a round's documents goes instead, until the next round

// Documents in an order that has nothing to do with their numbers, taken round after round.
class Turn {
 public:
  explicit Turn(std::size_t documents) : order_(documents) {
    std::iota(order_.begin(), order_.end(), 0);
    std::shuffle(order_.begin(), order_.end(), std::mt19937_64(7));
  }
  std::vector<std::size_t> take(std::size_t count) {
    std::vector<std::size_t> out;
    for (; out.size() < count; at_ = (at_ + 1) % order_.size()) out.push_back(order_[at_]);
    return out;
  }

 private:
  std::vector<std::size_t> order_;
  std::size_t at_ = 0;
};

// Applies the world's present state of these documents, batch by batch; the time of each batch goes to
// `batch_ms`.
Status apply_changes(const Call& call, const HybridWorld& world, const std::vector<std::size_t>& changed,
                     const std::vector<std::size_t>& removed, Index& index, std::vector<double>& batch_ms) {
  const auto whole = std::max(changed.size(), removed.size());
  for (std::size_t first = 0; first < whole; first += change_batch) {
    IndexBatch batch;
    for (auto i = first; i < std::min(first + change_batch, changed.size()); ++i)
      batch.upserts.push_back(world.document(changed[i]));
    for (auto i = first; i < std::min(first + change_batch, removed.size()); ++i)
      batch.removals.push_back(removed[i]);
    const auto begin = std::chrono::steady_clock::now();
    CDX_TRY(index.apply(call, batch));
    batch_ms.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  return {};
}

// Agreement, recall and speed of the index as it is now.
Status measure_now(const Call& call, const ChurnOptions& options, const HybridWorld& world,
                   const Index& index, ChurnRound& round) {
  const auto& asking = options.hybrid.asking;
  const auto snapshot = index.snapshot();
  CDX_TRY_LET(const auto exhaustive, world.exhaustive(call));
  CDX_TRY_LET(const auto truth, world.exact_by_vector(call, asking.k));
  std::vector<std::vector<std::uint64_t>> best(world.queries());
  CDX_TRY_LET(
      round.speed, measure_speed(call, world.queries(), asking.threads, [&](std::size_t query) -> Status {
        CDX_TRY_LET(auto answer,
                    ask_hybrid(call, *snapshot, world.retrieval(query), options.hybrid.depth, asking.k));
        best[query] = std::move(answer.best);
        return {};
      }));
  RowMatrix near{world.queries(), asking.k, {}};
  for (std::size_t query = 0; query < world.queries(); ++query) {
    CDX_TRY_LET(const auto found, ask_vector(call, *snapshot, world.retrieval(query), asking.k));
    near.values.insert(near.values.end(), found.begin(), found.end());
  }
  const auto health = index.health();
  round.documents = snapshot->size();
  round.segments = health.segments;
  round.agreement = agreement(best, exhaustive);
  round.recall = recall(near, truth, asking.k);
  round.rss_mb = resident_mb();
  round.disk_bytes = folder_bytes(options.folder);
  return {};
}

}  // namespace

Result<std::vector<ChurnRound>> measure_churn(const Call& call, const ChurnOptions& options) {
  CDX_TRY_LET(auto world, HybridWorld::read(options.hybrid));
  std::vector<ChurnRound> out;
  const double begin = process_cpu_s();
  CDX_TRY_LET(auto kept, keep_index(call, options.folder, world));
  if (!kept.built)
    return fail(ErrorKind::invalid,
                options.folder + ": already holds an index; churn changes it, so give a new folder");
  // Loading did not merge; living with changes does.
  kept.index.reset();
  CDX_TRY_LET(kept.index, open_kept_index(options.folder, world.schema()));
  ChurnRound first;
  first.apply_cpu_s = process_cpu_s() - begin;
  CDX_TRY(measure_now(call, options, world, *kept.index, first));
  out.push_back(first);

  Turn turn(world.documents());
  std::vector<std::size_t> gone;
  const auto count = std::max<std::size_t>(
      removed_share, static_cast<std::size_t>(options.share * static_cast<double>(world.documents())));
  for (std::size_t number = 1; number <= options.rounds; ++number) {
    auto changed = turn.take(count);
    std::vector<std::size_t> removed(changed.end() - static_cast<std::ptrdiff_t>(count / removed_share),
                                     changed.end());
    changed.resize(count - removed.size());
    world.exchange(changed);
    for (const auto document : gone) world.bring_back(document);
    for (const auto document : removed) world.remove(document);
    std::erase_if(gone, [&](auto document) { return std::ranges::find(removed, document) != removed.end(); });
    changed.insert(changed.end(), gone.begin(), gone.end());
    gone = removed;

    ChurnRound round;
    round.round = number;
    round.changed = changed.size() + removed.size();
    std::vector<double> batch_ms;
    const double before = process_cpu_s();
    CDX_TRY(apply_changes(call, world, changed, removed, *kept.index, batch_ms));
    if (number == options.rounds && options.compact) {
      CDX_TRY(kept.index->flush(call));
      CDX_TRY(kept.index->compact(call));
      round.compacted = true;
    }
    round.apply_cpu_s = process_cpu_s() - before;
    round.batch_p50_ms = percentile(batch_ms, 50);
    round.batch_p99_ms = percentile(batch_ms, 99);
    CDX_TRY(measure_now(call, options, world, *kept.index, round));
    out.push_back(round);
  }
  return out;
}

}  // namespace cdx::benchmark
