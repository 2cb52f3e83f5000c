#include "benchmark/nearest.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <unordered_set>

namespace cdx::benchmark {
namespace {

constexpr std::size_t lanes = 16;           // queries compared with a row at once
constexpr std::size_t tile_rows = 1 << 9U;  // rows that stay in the cache while all queries see them

struct Found {
  float similarity = 0;
  std::int64_t row = 0;
};
// Better first; as a heap's order, the worst kept is on top.
bool better(const Found& a, const Found& b) {
  return a.similarity != b.similarity ? a.similarity > b.similarity : a.row < b.row;
}

// Sixteen queries, dimension by dimension, so that a row's value meets all of them at once; missing ones are
// zero.
class Lanes {
 public:
  Lanes(const FloatMatrix& query, std::size_t first, std::size_t end) : values_(query.columns() * lanes) {
    for (std::size_t lane = 0; first + lane < end && lane < lanes; ++lane)
      for (std::size_t d = 0; d < query.columns(); ++d)
        values_[d * lanes + lane] = query.row(first + lane)[d];
  }
  std::array<float, lanes> products(std::span<const float> row) const {
    std::array<float, lanes> sums{};
    const float* values = values_.data();
    for (const float value : row) {
      for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += value * values[lane];
      values += lanes;
    }
    return sums;
  }

 private:
  std::vector<float> values_;
};

struct Best {
  std::vector<Found> heap;
  void offer(Found one, std::size_t k) {
    if (heap.size() == k) {
      if (!better(one, heap.front())) return;
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.back() = one;
    } else {
      heap.push_back(one);
    }
    std::push_heap(heap.begin(), heap.end(), better);
  }
};

bool passes(std::span<const RowBits> filters, std::size_t query, std::size_t row) {
  return filters.empty() || (filters[query % filters.size()][row / 64] >> (row % 64) & 1U) != 0;
}

// Queries first .. end - 1, on this thread.
Status search_part(const Call& call, const FloatMatrix& base, const FloatMatrix& query, std::size_t first,
                   std::size_t end, std::span<const RowBits> filters, RowMatrix& out) {
  std::vector<Lanes> groups;
  for (auto at = first; at < end; at += lanes) groups.emplace_back(query, at, end);
  std::vector<Best> best(groups.size() * lanes);
  for (std::size_t tile = 0; tile < base.rows(); tile += tile_rows) {
    CDX_TRY(call.check());
    for (std::size_t g = 0; g < groups.size(); ++g)
      for (auto row = tile; row < std::min(tile + tile_rows, base.rows()); ++row) {
        std::array<bool, lanes> wanted;
        for (std::size_t lane = 0; lane < lanes; ++lane)
          wanted[lane] = passes(filters, first + g * lanes + lane, row);
        if (std::ranges::count(wanted, true) == 0) continue;
        const auto products = groups[g].products(base.row(row));
        for (std::size_t lane = 0; lane < lanes; ++lane)
          if (wanted[lane])
            best[g * lanes + lane].offer({products[lane], static_cast<std::int64_t>(row)}, out.columns);
      }
  }
  for (auto at = first; at < end; ++at) {
    auto& heap = best[at - first].heap;
    std::sort(heap.begin(), heap.end(), better);
    for (std::size_t i = 0; i < heap.size(); ++i) out.row(at)[i] = heap[i].row;
  }
  return {};
}

}  // namespace

Result<RowMatrix> exact_nearest(const Call& call, const FloatMatrix& base, const FloatMatrix& query,
                                std::size_t queries, std::size_t k, std::span<const RowBits> filters,
                                std::size_t threads) {
  RowMatrix out{queries, k, std::vector<std::int64_t>(queries * k, -1)};
  std::mutex mutex;
  Status first_error;
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        const auto done =
            search_part(call, base, query, queries * t / threads, queries * (t + 1) / threads, filters, out);
        const std::lock_guard lock(mutex);
        if (!done && first_error) first_error = done;
      });
  }
  CDX_TRY(first_error);
  return out;
}

double recall(const RowMatrix& found, const RowMatrix& truth, std::size_t k) {
  std::size_t hits = 0, wanted = 0;
  for (std::size_t query = 0; query < found.rows; ++query) {
    const auto answer = found.row(query);
    const std::unordered_set<std::int64_t> rows(answer.begin(), answer.end());
    for (const auto row : truth.row(query).first(k)) {
      if (row < 0) continue;
      ++wanted;
      if (rows.contains(row)) ++hits;
    }
  }
  return wanted == 0 ? 1 : static_cast<double>(hits) / static_cast<double>(wanted);
}

}  // namespace cdx::benchmark
