// Asks queries under the clock. Private to the benchmark room.
#pragma once

#include <functional>
#include <vector>

#include "benchmark/benchmark.h"

namespace cdx::benchmark {

// `percent` of [0,100] of the values, linear between neighbours (as NumPy's percentile); 0 without values.
double percentile(std::vector<double> values, double percent);

// Calls ask(query) for 0 .. queries - 1, once to warm up and three times measured, on `threads` threads that
// take the next query each; tells the run with the median CPU time. The first error ends it. `ask` is called
// from several threads, never twice at once for the same query.
Result<Speed> measure_speed(const Call& call, std::size_t queries, std::size_t threads,
                            const std::function<Status(std::size_t query)>& ask);

}  // namespace cdx::benchmark
