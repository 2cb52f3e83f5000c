#include "benchmark/speed.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/assert.h"
#include "benchmark/cost.h"

namespace cdx::benchmark {
namespace {

constexpr std::size_t runs = 3;

struct Run {
  double wall_s = 0;
  std::vector<double> cpu_ms, wall_ms;  // by query
  double cpu_total_ms() const { return std::accumulate(cpu_ms.begin(), cpu_ms.end(), 0.0); }
};

Status ask_one(Run& run, std::size_t query, const std::function<Status(std::size_t)>& ask) {
  const auto wall = std::chrono::steady_clock::now();
  const double cpu = thread_cpu_s();
  CDX_TRY(ask(query));
  run.cpu_ms[query] = (thread_cpu_s() - cpu) * 1e3;
  run.wall_ms[query] =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count();
  return {};
}

Result<Run> run_once(const Call& call, std::size_t queries, std::size_t threads,
                     const std::function<Status(std::size_t)>& ask) {
  Run run{0, std::vector<double>(queries), std::vector<double>(queries)};
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status first_error;
  const auto work = [&] {
    for (auto query = next++; query < queries; query = next++) {
      auto done = call.check();
      if (done) done = ask_one(run, query, ask);
      if (done) continue;
      const std::lock_guard lock(mutex);
      if (first_error) first_error = done;
      next = queries;
    }
  };
  const auto begin = std::chrono::steady_clock::now();
  if (threads == 1) {
    work();
  } else {
    std::vector<std::jthread> others;
    for (std::size_t i = 0; i < threads; ++i) others.emplace_back(work);
  }
  run.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  CDX_TRY(first_error);
  return run;
}

}  // namespace

double percentile(std::vector<double> values, double percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = percent / 100 * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

Result<Speed> measure_speed(const Call& call, std::size_t queries, std::size_t threads,
                            const std::function<Status(std::size_t query)>& ask) {
  CDX_ASSERT(queries > 0 && threads > 0);
  std::vector<Run> done;
  for (std::size_t i = 0; i <= runs; ++i) {
    CDX_TRY_LET(auto run, run_once(call, queries, threads, ask));
    if (i > 0) done.push_back(std::move(run));  // the first one warms up
  }
  std::sort(done.begin(), done.end(),
            [](const Run& a, const Run& b) { return a.cpu_total_ms() < b.cpu_total_ms(); });
  const auto& middle = done[runs / 2];
  const auto count = static_cast<double>(queries);
  const double cpu_ms = middle.cpu_total_ms() / count;
  Speed out{queries, threads, count / middle.wall_s, 1e3 / cpu_ms, cpu_ms};
  out.p50_ms = percentile(middle.wall_ms, 50);
  out.p95_ms = percentile(middle.wall_ms, 95);
  out.p99_ms = percentile(middle.wall_ms, 99);
  out.cpu_p50_ms = percentile(middle.cpu_ms, 50);
  out.cpu_p95_ms = percentile(middle.cpu_ms, 95);
  out.cpu_p99_ms = percentile(middle.cpu_ms, 99);
  return out;
}

}  // namespace cdx::benchmark
