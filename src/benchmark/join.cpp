#include "benchmark/join.h"

#include <algorithm>
#include <utility>

namespace cdx::benchmark {

std::vector<std::uint64_t> join_by_rank(const std::vector<std::vector<std::uint64_t>>& lists, std::size_t k) {
  std::vector<std::pair<std::uint64_t, double>> sums;
  for (const auto& list : lists)
    for (std::size_t i = 0; i < list.size(); ++i)
      sums.emplace_back(list[i], 1 / (join_k + static_cast<double>(i + 1)));
  std::sort(sums.begin(), sums.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (kept > 0 && sums[kept - 1].first == sums[i].first)
      sums[kept - 1].second += sums[i].second;
    else
      sums[kept++] = sums[i];
  }
  sums.resize(kept);
  const auto end = sums.begin() + static_cast<std::ptrdiff_t>(std::min(k, kept));
  std::partial_sort(sums.begin(), end, sums.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::vector<std::uint64_t> out;
  for (auto at = sums.begin(); at != end; ++at) out.push_back(at->first);
  return out;
}

}  // namespace cdx::benchmark
