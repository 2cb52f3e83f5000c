#include "ann/graph_order.h"

#include "base/assert.h"

namespace cdx::ann {

std::vector<std::uint32_t> depth_first(const BuiltGraph& graph, std::size_t degree) {
  CDX_ASSERT(degree > 0 && graph.links.size() % degree == 0);
  const auto rows = graph.links.size() / degree;
  std::vector<bool> placed(rows);
  std::vector<std::uint32_t> out;
  out.reserve(rows);
  const auto place = [&](std::uint32_t row) {
    if (row >= rows || placed[row]) return false;
    placed[row] = true;
    out.push_back(row);
    return true;
  };
  for (const auto row : graph.entries) place(row);
  struct Step {
    std::uint32_t row, next = 0;  // of its neighbours
  };
  std::vector<Step> path;
  for (const auto entry : graph.entries) {
    path.push_back({entry});
    while (!path.empty()) {
      auto& [row, next] = path.back();
      if (next == degree) {
        path.pop_back();
        continue;
      }
      const auto neighbour = graph.links[row * degree + next++];
      if (place(neighbour)) path.push_back({neighbour});
    }
  }
  for (std::uint32_t row = 0; row < rows; ++row) place(row);  // no walk gets there
  return out;
}

std::vector<std::uint32_t> turned_round(const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> out(order.size());
  for (std::uint32_t slot = 0; slot < order.size(); ++slot) out[order[slot]] = slot;
  return out;
}

}  // namespace cdx::ann
