// One hybrid question: candidates from the index, facets counted, lists joined. Private to the benchmark
// room.
#pragma once

#include "benchmark/benchmark.h"
#include "index/index.h"

namespace cdx::benchmark {

struct HybridAnswer {
  std::vector<std::uint64_t> best;
  std::size_t candidates = 0, values = 0;  // facet values counted
  std::string plan;
};
// The best `depth` of each list are joined, the best k of that returned.
Result<HybridAnswer> ask_hybrid(const Call& call, const IndexSnapshot& snapshot, const Retrieval& retrieval,
                                std::size_t depth, std::size_t k);

// The k nearest by the first vector field alone, -1 where there are fewer.
Result<std::vector<std::int64_t>> ask_vector(const Call& call, const IndexSnapshot& snapshot,
                                             Retrieval retrieval, std::size_t k);

// Mean share of the exhaustive lists that is found.
double agreement(const std::vector<std::vector<std::uint64_t>>& found,
                 const std::vector<std::vector<std::uint64_t>>& exhaustive);

}  // namespace cdx::benchmark
