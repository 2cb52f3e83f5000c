#include "index/run_bests.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace cdx::engine {

double weight_of(double number) { return std::isnan(number) ? 0 : number; }

Status write_run_bests(std::span<const std::uint32_t> run_rows, std::span<const double> numbers,
                       SectionWriter& out, const std::string& name) {
  std::vector<std::uint32_t> order(numbers.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto left = weight_of(numbers[a]), right = weight_of(numbers[b]);
    return left != right ? left > right : a < b;
  });
  std::vector<std::uint32_t> place(numbers.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  std::vector<std::uint32_t> bests;
  for (std::size_t i = 0; i < run_rows.size(); ++i) {
    if (i % runs_per_best == 0) bests.push_back(std::numeric_limits<std::uint32_t>::max());
    if (run_rows[i] < place.size()) bests.back() = std::min(bests.back(), place[run_rows[i]]);
  }
  return out.add(name, bests);
}

}  // namespace cdx::engine
