// The exact answer, and how much of it was found. Private to the benchmark room.
#pragma once

#include <cstdint>
#include <span>

#include "base/call.h"
#include "benchmark/npy.h"

namespace cdx::benchmark {

// For each of the first `queries` rows of `query` the k rows of `base` with the largest inner product, best
// first, equal ones by number; -1 where fewer may be returned. `allowed`: bit r of allowed[r / 64]; empty:
// all. Reads everything.
Result<RowMatrix> exact_nearest(const Call& call, const FloatMatrix& base, const FloatMatrix& query,
                                std::size_t queries, std::size_t k, std::span<const std::uint64_t> allowed,
                                std::size_t threads);

// The share of the rows of `truth` (its first k columns, -1 left out) that are among `found`, over all
// queries of `found`; 1 when there is nothing to find.
double recall(const RowMatrix& found, const RowMatrix& truth, std::size_t k);

}  // namespace cdx::benchmark
