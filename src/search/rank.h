// The one candidate set of a question: which stay, in which order, and the counts over it.
// Private to the search room; pure but for questions to the view.
#pragma once

#include <vector>

#include "search/fuse.h"
#include "search/plan.h"
#include "search/search.h"

namespace cdx {

// Everything that decides which candidates there are and in which order; limit and cursor are not part of it.
std::uint64_t question_hash(const Query& query, const RankingWeights& weights, double min_score,
                            bool semantic);

// Applies "not these words" and "these words must occur" to the candidates.
Status apply_word_conditions(const Call& call, const SearchView& view, const SearchPlan& plan,
                             Retrieved& retrieved);

// Positions of the candidates that reach `min_score`. The best score first, ties by id; or by the sort keys
// in turn, absent numbers last, then score, then id.
std::vector<std::size_t> in_order(const Query& query, const Retrieved& retrieved, const Fused& fused,
                                  double min_score);

// Most frequent first, ties by value.
std::vector<FacetCount> count_facet(const Retrieved::Facet& facet, const std::vector<std::size_t>& order);

}  // namespace cdx
