#include "search/rank.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/hash.h"

namespace cdx {
namespace {

// Drops candidates at the positions where `keep` says no, from every column.
void keep_only(Retrieved& retrieved, const std::vector<bool>& keep) {
  const auto squeeze = [&](auto& column) {
    if (column.empty()) return;
    std::size_t to = 0;
    for (std::size_t i = 0; i < keep.size(); ++i)
      if (keep[i]) column[to++] = column[i];
    column.resize(to);
  };
  for (auto& [field, facet] : retrieved.facets) {
    Retrieved::Facet kept;
    kept.values = std::move(facet.values);
    kept.begin.push_back(0);
    for (std::size_t i = 0; i < keep.size(); ++i) {
      if (!keep[i]) continue;
      for (auto at = facet.begin[i]; at < facet.begin[i + 1]; ++at)
        kept.ordinals.push_back(facet.ordinals[at]);
      kept.begin.push_back(static_cast<std::uint32_t>(kept.ordinals.size()));
    }
    facet = std::move(kept);
  }
  for (auto& column : retrieved.similarities) squeeze(column);
  for (auto& [field, column] : retrieved.numbers) squeeze(column);
  squeeze(retrieved.bm25);
  squeeze(retrieved.name_match);
  squeeze(retrieved.documents);
}

// Documents that hold every one of the analysed terms, with no typos forgiven.
Result<std::unordered_set<std::uint64_t>> holders(const Call& call, const SearchView& view,
                                                  const Filter& filter,
                                                  const std::vector<std::string>& terms) {
  std::unordered_set<std::uint64_t> out;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    Retrieval retrieval;
    retrieval.words = {{terms[t], "", 1}};
    retrieval.filter = filter;
    retrieval.word_depth = std::max<std::size_t>(view.size(), 1);
    CDX_TRY_LET(const auto found, view.retrieve(call, retrieval));
    const std::unordered_set<std::uint64_t> with(found.documents.begin(), found.documents.end());
    if (t == 0) out = with;
    std::erase_if(out, [&](std::uint64_t document) { return !with.contains(document); });
  }
  return out;
}

}  // namespace

std::uint64_t question_hash(const Query& query, const RankingWeights& weights, double min_score,
                            bool semantic) {
  std::string key =
      fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", query.text, describe(canonical(query.filter)), name(query.mode),
                  weights.alpha, weights.beta, weights.gamma, min_score, semantic);
  for (const auto& sort : query.sort) key += fmt::format("|{}{}", sort.descending ? '-' : '+', sort.field);
  for (const auto& id : query.ignore) key += "|!" + id;
  return hash64(key + (query.understand ? "|u" : ""));
}

Status apply_word_conditions(const Call& call, const SearchView& view, const SearchPlan& plan,
                             Retrieved& retrieved) {
  std::vector<bool> keep(retrieved.documents.size(), true);
  const auto demand = [&](const std::vector<std::string>& terms, bool wanted) -> Status {
    CDX_TRY_LET(const auto with, holders(call, view, plan.retrieval.filter, terms));
    for (std::size_t i = 0; i < keep.size(); ++i)
      if (with.contains(retrieved.documents[i]) != wanted) keep[i] = false;
    return {};
  };
  for (const auto& terms : plan.excluded) CDX_TRY(demand(terms, false));
  if (!plan.required.empty()) CDX_TRY(demand(plan.required, true));
  if (!plan.excluded.empty() || !plan.required.empty()) keep_only(retrieved, keep);
  return {};
}

std::vector<std::size_t> in_order(const Query& query, const Retrieved& retrieved, const Fused& fused,
                                  double min_score) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < retrieved.documents.size(); ++i)
    if (fused.scores[i] >= min_score) order.push_back(i);
  const auto by_key = [&](const SortKey& key, std::size_t a, std::size_t b) {
    const auto& column = key.field == "score" ? fused.scores : retrieved.numbers.at(key.field);
    const double left = column[a], right = column[b];
    if (std::isnan(left) || std::isnan(right)) return std::isnan(right) - std::isnan(left);
    if (left == right) return 0;
    return (left > right) == key.descending ? 1 : -1;
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (const auto& key : query.sort)
      if (const int side = by_key(key, a, b); side != 0) return side > 0;
    if (fused.scores[a] != fused.scores[b]) return fused.scores[a] > fused.scores[b];
    return retrieved.documents[a] < retrieved.documents[b];
  });
  return order;
}

std::vector<FacetCount> count_facet(const Retrieved::Facet& facet, const std::vector<std::size_t>& order) {
  std::vector<std::size_t> counts(facet.values.size(), 0);
  for (const auto i : order)
    for (auto at = facet.begin[i]; at < facet.begin[i + 1]; ++at) ++counts[facet.ordinals[at]];
  std::vector<FacetCount> out;
  for (std::size_t v = 0; v < counts.size(); ++v)
    if (counts[v] > 0) out.push_back({facet.values[v], counts[v]});
  std::sort(out.begin(), out.end(), [](const FacetCount& a, const FacetCount& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  });
  return out;
}

}  // namespace cdx
