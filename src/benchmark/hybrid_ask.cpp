#include "benchmark/hybrid_ask.h"

#include <algorithm>

#include "benchmark/join.h"

namespace cdx::benchmark {
namespace {

constexpr float below_any_cosine = -2;

// The `depth` documents with the largest values of a column, values above `floor` only; equal ones by number.
std::vector<std::uint64_t> best_by(const std::vector<float>& column,
                                   const std::vector<std::uint64_t>& documents, float floor,
                                   std::size_t depth) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < column.size(); ++i)
    if (column[i] > floor) order.push_back(i);  // never for NaN: absent
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(depth, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
    return column[a] != column[b] ? column[a] > column[b] : a < b;
  });
  std::vector<std::uint64_t> out;
  for (auto at = order.begin(); at != end; ++at) out.push_back(documents[*at]);
  return out;
}

// How many different values the candidates have, counting each: what a page shows beside its hits.
std::size_t count_values(const Retrieved::Facet& facet) {
  std::vector<std::uint32_t> counts(facet.values.size(), 0);
  for (const auto ordinal : facet.ordinals) ++counts[ordinal];
  return static_cast<std::size_t>(std::ranges::count_if(counts, [](auto count) { return count > 0; }));
}

}  // namespace

Result<HybridAnswer> ask_hybrid(const Call& call, const IndexSnapshot& snapshot, const Retrieval& retrieval,
                                std::size_t depth, std::size_t k) {
  CDX_TRY_LET(auto found, snapshot.retrieve(call, retrieval));
  std::vector<std::vector<std::uint64_t>> lists;
  lists.push_back(best_by(found.bm25, found.documents, 0, depth));
  for (const auto& column : found.similarities)
    lists.push_back(best_by(column, found.documents, below_any_cosine, depth));
  HybridAnswer out{join_by_rank(lists, k), found.documents.size(), 0, std::move(found.plan)};
  for (const auto& [field, facet] : found.facets) out.values += count_values(facet);
  return out;
}

Result<std::vector<std::int64_t>> ask_vector(const Call& call, const IndexSnapshot& snapshot,
                                             Retrieval retrieval, std::size_t k) {
  retrieval.words.clear();
  retrieval.vectors.resize(1);
  retrieval.vectors.resize(snapshot.schema().vectors.size());  // the other fields are not searched
  retrieval.vector_depth = k;
  retrieval.facet_fields.clear();
  retrieval.number_fields.clear();
  CDX_TRY_LET(const auto found, snapshot.retrieve(call, retrieval));
  const auto best = best_by(found.similarities[0], found.documents, below_any_cosine, k);
  std::vector<std::int64_t> out(k, -1);
  std::ranges::transform(best, out.begin(),
                         [](auto document) { return static_cast<std::int64_t>(document); });
  return out;
}

double agreement(const std::vector<std::vector<std::uint64_t>>& found,
                 const std::vector<std::vector<std::uint64_t>>& exhaustive) {
  double sum = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto hits = std::ranges::count_if(
        exhaustive[i], [&](auto one) { return std::ranges::find(found[i], one) != found[i].end(); });
    sum += exhaustive[i].empty() ? 1 : static_cast<double>(hits) / static_cast<double>(exhaustive[i].size());
  }
  return found.empty() ? 1 : sum / static_cast<double>(found.size());
}

}  // namespace cdx::benchmark
