// Lists joined by their ranks (reciprocal rank fusion, Cormack, Clarke, Büttcher 2009), as the libraries
// compared with do it. Private to the benchmark room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cdx::benchmark {

inline constexpr double join_k = 60;

// The k documents with the largest sum of 1 / (join_k + rank) over the lists, ranks from 1; equal sums by
// number.
std::vector<std::uint64_t> join_by_rank(const std::vector<std::vector<std::uint64_t>>& lists, std::size_t k);

}  // namespace cdx::benchmark
