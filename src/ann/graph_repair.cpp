// What makes a built graph easy to walk: where walks begin, and links to rows they do not find.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ann/graph_build.h"

namespace cdx::ann {

std::size_t entry_count(std::size_t rows) {
  const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(rows)));
  return std::min(rows, std::clamp<std::size_t>(root, 16, 1024));
}

// Entries far from one another, so that few clusters are without: of a sample, in turn the row farthest from
// the entries before and one drawn by its squared distance to them (cf. Gonzalez 1985, "Clustering to
// minimize the maximum intercluster distance", and Arthur and Vassilvitskii 2007, "k-means++").
std::vector<std::uint32_t> GraphBuilder::choose_entries() {
  const auto wanted = entry_count(codes_.rows);
  auto sample = shuffled(codes_.rows);
  sample.resize(std::min(codes_.rows, 16 * wanted));
  std::vector<std::uint32_t> out{sample[0]};
  std::vector<float> apart(sample.size(), std::numeric_limits<float>::max());
  std::uint64_t state = 2;
  auto& worker = workers_[0];
  std::array<float, rows_a_call> scores;
  while (out.size() < wanted) {
    ask_with_row(codes_, out.back(), worker.asked);
    double sum = 0;
    for (std::size_t at = 0; at < sample.size(); at += rows_a_call) {
      const auto some = std::span(sample).subspan(at, std::min(rows_a_call, sample.size() - at));
      RowScore{codes_, squares_, worker.asked}(some.data(), some.size(), scores.data());
      for (std::size_t i = 0; i < some.size(); ++i) {
        auto& least = apart[at + i];
        least = some[i] == out.back() ? 0 : std::max(0.0F, std::min(least, squares_[out.back()] - scores[i]));
        sum += static_cast<double>(least);
      }
    }
    state = state * 6364136223846793005U + 1442695040888963407U;
    auto left = sum * static_cast<double>(state >> 40) / static_cast<double>(1U << 24);
    std::size_t drawn = 0;
    if (out.size() % 2 == 1)
      drawn = static_cast<std::size_t>(std::max_element(apart.begin(), apart.end()) - apart.begin());
    else
      while (drawn + 1 < sample.size() && (left -= static_cast<double>(apart[drawn])) >= 0) ++drawn;
    out.push_back(sample[drawn]);
  }
  return out;
}

// Whether a walk to the row finds it; otherwise worker.near has what it found instead.
bool GraphBuilder::finds(Worker& worker, std::uint32_t row) {
  search(worker, row, repair_window);
  const auto& near = worker.near;
  for (const auto& one : near) {  // nearest first
    const auto links = list(one.row);
    if (std::find(links.begin(), links.end(), row) != links.end()) return true;
  }
  return std::find(starts_.begin(), starts_.end(), row) != starts_.end();
}

// Clusters can be so dense that no link leads from one to the next. Each row that a walk to it does not find
// gets a link from where the walk ended, while there is room; with one row of a cluster the others are mostly
// found.
Status GraphBuilder::repair(const Call& call) {
  constexpr int rounds = 4;
  std::vector<std::uint32_t> lost(codes_.rows);
  std::iota(lost.begin(), lost.end(), 0U);
  for (int round = 0; round < rounds && !lost.empty(); ++round) {
    std::vector<std::uint32_t> ended(lost.size(), nobody);  // where walks ended that did not find the row
    CDX_TRY(for_all(call, lost.size(), [&](Worker& worker, std::size_t i) {
      if (!finds(worker, lost[i]) && !worker.near.empty()) ended[i] = worker.near.front().row;
    }));
    std::vector<std::uint32_t> still;
    for (std::size_t i = 0; i < lost.size(); ++i) {
      if (ended[i] == nobody) continue;
      auto& all = workers_[0].scratch.rows;
      all.assign(list(ended[i]).begin(), list(ended[i]).end());
      if (all.size() < options_.degree) {
        all.push_back(lost[i]);
        set_list(ended[i], all);
      }
      still.push_back(lost[i]);
    }
    lost = std::move(still);
  }
  return {};
}

}  // namespace cdx::ann
