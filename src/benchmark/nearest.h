// The exact answer, and how much of it was found. Private to the benchmark room.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/call.h"
#include "benchmark/npy.h"

namespace cdx::benchmark {

using RowBits = std::vector<std::uint64_t>;

// For each of the first `queries` rows of `query` the k rows of `base` with the largest inner product, best
// first, equal ones by number; -1 where fewer may be returned. Query q may find row r where bit r % 64 of
// word r / 64 of filters[q % filters.size()] is set; without filters all. Reads everything.
Result<RowMatrix> exact_nearest(const Call& call, const FloatMatrix& base, const FloatMatrix& query,
                                std::size_t queries, std::size_t k, std::span<const RowBits> filters,
                                std::size_t threads);

// The share of the rows of `truth` (its first k columns, -1 left out) that are among `found`, over all
// queries of `found`; 1 when there is nothing to find.
double recall(const RowMatrix& found, const RowMatrix& truth, std::size_t k);

}  // namespace cdx::benchmark
