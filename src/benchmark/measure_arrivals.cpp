#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "benchmark/benchmark.h"
#include "benchmark/cost.h"
#include "benchmark/hybrid_ask.h"
#include "benchmark/hybrid_world.h"
#include "benchmark/kept_index.h"
#include "benchmark/speed.h"

namespace cdx::benchmark {
namespace {

using SteadyClock = std::chrono::steady_clock;

double seconds_since(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// Somebody who asks one question after another, so many a second, while other things happen.
class Asker {
 public:
  Asker(const Call& call, const HybridWorld& world, const ArrivalsOptions& options, const Index& index)
      : call_(call), world_(world), options_(options), index_(index) {
    thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  }

  // What was asked since the last time.
  Result<Speed> take() {
    const std::lock_guard lock(mutex_);
    CDX_TRY(failed_);
    Speed out;
    out.queries = wall_ms_.size();
    double cpu_ms = 0;
    for (const double one : cpu_ms_) cpu_ms += one;
    out.cpu_ms = cpu_ms / static_cast<double>(std::max<std::size_t>(1, out.queries));
    out.qps_cpu = cpu_ms > 0 ? static_cast<double>(out.queries) * 1e3 / cpu_ms : 0;
    out.qps_wall = static_cast<double>(out.queries) / seconds_since(begin_);
    out.p50_ms = percentile(wall_ms_, 50), out.cpu_p50_ms = percentile(cpu_ms_, 50);
    out.p95_ms = percentile(wall_ms_, 95), out.cpu_p95_ms = percentile(cpu_ms_, 95);
    out.p99_ms = percentile(wall_ms_, 99), out.cpu_p99_ms = percentile(cpu_ms_, 99);
    wall_ms_.clear();
    cpu_ms_.clear();
    begin_ = SteadyClock::now();
    return out;
  }

 private:
  void run(const std::stop_token& stop) {
    const std::chrono::duration<double> pause(1.0 / options_.asks_a_second);
    auto next = SteadyClock::now();
    for (std::size_t query = 0; !stop.stop_requested(); query = (query + 1) % world_.queries()) {
      std::this_thread::sleep_until(next);
      // Who comes late does not catch up: that would ask faster just when it is slow.
      next = std::max(next + std::chrono::duration_cast<SteadyClock::duration>(pause), SteadyClock::now());
      const auto wall = SteadyClock::now();
      const double cpu = thread_cpu_s();
      const auto answer = ask_hybrid(call_, *index_.snapshot(), world_.retrieval(query),
                                     options_.hybrid.depth, options_.hybrid.asking.k);
      const double cpu_ms = (thread_cpu_s() - cpu) * 1e3;
      const std::lock_guard lock(mutex_);
      if (!answer) {
        failed_ = tl::unexpected<Error>(answer.error());
        return;
      }
      wall_ms_.push_back(seconds_since(wall) * 1e3);
      cpu_ms_.push_back(cpu_ms);
    }
  }

  const Call& call_;
  const HybridWorld& world_;
  const ArrivalsOptions& options_;
  const Index& index_;
  std::mutex mutex_;
  std::vector<double> wall_ms_, cpu_ms_;
  SteadyClock::time_point begin_ = SteadyClock::now();
  Status failed_;
  std::jthread thread_;
};

// Creators as they come: new ones, others that changed, and some that go.
class Arrivals {
 public:
  explicit Arrivals(const HybridWorld& world) : world_(world), next_(world.documents()) {}

  // `fresh` new creators with the words and vectors of others.
  void add_new(std::size_t fresh, IndexBatch& batch) {
    for (std::size_t i = 0; i < fresh; ++i) batch.upserts.push_back(as(next_++));
  }
  // Known creators who take what another has, and known ones who go.
  void add_changes(std::size_t changed, std::size_t gone, IndexBatch& batch) {
    for (std::size_t i = 0; i < changed; ++i) batch.upserts.push_back(as(draw_() % next_));
    for (std::size_t i = 0; i < gone; ++i) batch.removals.push_back(draw_() % next_);
  }

 private:
  Document as(std::uint64_t id) {
    auto out = world_.document(draw_() % world_.documents());
    out.id = id;
    return out;
  }
  const HybridWorld& world_;
  std::uint64_t next_;
  std::mt19937_64 draw_{11};
};

// Applies batches and keeps the time of each until it was durable and in a new snapshot.
struct Applying {
  std::vector<double> batch_ms;
  std::size_t documents = 0;
  double busy_s = 0;

  Status apply(const Call& call, const IndexBatch& batch, Index& index) {
    const auto begin = SteadyClock::now();
    CDX_TRY(index.apply(call, batch));
    batch_ms.push_back(seconds_since(begin) * 1e3);
    busy_s += batch_ms.back() / 1e3;
    documents += batch.upserts.size() + batch.removals.size();
    return {};
  }
};

Result<ArrivalsPhase> phase_of(std::string name, double seconds, double cpu_s, const Applying& applied,
                               Asker& asker, const Index& index, const std::string& folder) {
  ArrivalsPhase out;
  out.name = std::move(name);
  out.seconds = seconds;
  out.cpu_s = cpu_s;
  out.arrived = applied.documents;
  out.batch_p50_ms = percentile(applied.batch_ms, 50);
  out.batch_p99_ms = percentile(applied.batch_ms, 99);
  out.batch_most_ms = percentile(applied.batch_ms, 100);
  out.busy_s = applied.busy_s;
  const auto health = index.health();
  out.documents = health.documents;
  out.segments = health.segments;
  out.rss_mb = resident_mb();
  out.anon_mb = anonymous_mb();
  out.disk_bytes = folder_bytes(folder);
  CDX_TRY_LET(out.speed, asker.take());
  return out;
}

Status wait(const Call& call, double seconds) {
  const auto end = SteadyClock::now() + std::chrono::duration<double>(seconds);
  while (SteadyClock::now() < end) {
    CDX_TRY(call.check());
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return {};
}

Status burst(const Call& call, const ArrivalsOptions& options, Arrivals& arrivals, Index& index,
             Applying& applied) {
  constexpr std::size_t burst_batch = 1'000;
  for (std::size_t left = options.burst; left > 0;) {
    const auto count = std::min(left, burst_batch);
    IndexBatch batch;
    arrivals.add_new(count, batch);
    CDX_TRY(applied.apply(call, batch, index));
    left -= count;
  }
  return {};
}

// Ten batches a second: 6 of 10 are changes, 3 new, 1 goes.
Status trickle(const Call& call, const ArrivalsOptions& options, double seconds, Arrivals& arrivals,
               Index& index, Applying& applied) {
  constexpr double batches_a_second = 10;
  const auto begin = SteadyClock::now();
  const auto due = [&](double share, double at) {
    return static_cast<std::size_t>(share * options.steady_a_second * at);
  };
  std::size_t changed = 0, fresh = 0, gone = 0;
  for (std::size_t tick = 1; seconds_since(begin) < seconds; ++tick) {
    const double at = static_cast<double>(tick) / batches_a_second;
    if (const double ahead = at - seconds_since(begin); ahead > 0) CDX_TRY(wait(call, ahead));
    IndexBatch batch;
    arrivals.add_new(due(0.3, at) - fresh, batch);
    arrivals.add_changes(due(0.6, at) - changed, due(0.1, at) - gone, batch);
    fresh = due(0.3, at), changed = due(0.6, at), gone = due(0.1, at);
    CDX_TRY(applied.apply(call, batch, index));
  }
  return {};
}

}  // namespace

Result<std::vector<ArrivalsPhase>> measure_arrivals(const Call& call, const ArrivalsOptions& options,
                                                    const std::function<void(const ArrivalsPhase&)>& done) {
  CDX_TRY_LET(const auto world, HybridWorld::read(options.hybrid));
  CDX_TRY_LET(auto kept, keep_index(call, options.folder, world));
  kept.index.reset();
  // As in service: flushed, merged and tidied behind the changes.
  CDX_TRY_LET(const auto index, open_kept_index(options.folder, world.schema()));
  std::vector<ArrivalsPhase> out;
  Arrivals arrivals(world);
  Asker asker(call, world, options, *index);
  CDX_TRY(wait(call, std::min(2.0, options.calm_s)));  // to warm up
  CDX_TRY(asker.take());

  using Work = std::function<Status(Applying&)>;
  const auto calm = [&](Applying&) { return wait(call, options.calm_s); };
  std::vector<std::pair<const char*, Work>> phases = {
      {"calm", calm},
      {"burst", [&](Applying& applied) { return burst(call, options, arrivals, *index, applied); }},
      {"after the burst", calm},
  };
  const double window = options.window_s > 0 ? options.window_s : options.steady_s;
  for (double at = 0; at < options.steady_s; at += window) {
    const double seconds = std::min(window, options.steady_s - at);
    phases.emplace_back("steady", [&, seconds](Applying& applied) {
      return trickle(call, options, seconds, arrivals, *index, applied);
    });
  }
  phases.emplace_back("after", calm);
  for (const auto& [name, work] : phases) {
    Applying applied;
    const auto begin = SteadyClock::now();
    const double cpu = process_cpu_s();
    CDX_TRY(work(applied));
    CDX_TRY_LET(auto phase, phase_of(name, seconds_since(begin), process_cpu_s() - cpu, applied, asker,
                                     *index, options.folder));
    done(phase);
    out.push_back(std::move(phase));
  }
  return out;
}

}  // namespace cdx::benchmark
