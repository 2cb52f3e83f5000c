// The one candidate set of a question: which stay, in which order, and the counts over it.
// Private to the search room; pure but for questions to the view.
#pragma once

#include <vector>

#include "search/fuse.h"
#include "search/plan.h"
#include "search/search.h"

namespace cdx {

// Everything that decides which candidates there are and in which order; limit and cursor are not part of it.
struct Question {
  RankingWeights weights;
  double min_score = 0;
  bool semantic = false, reranked = false;
  std::string synonyms;  // their version
};
std::uint64_t question_hash(const Query& query, const Question& question);

// Could a document that is no candidate reach `min_score`? Then totals and counts are lower bounds.
// `picture`: what was asked of pictures, null for nothing.
bool more_may_match(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights,
                    SearchMode mode, double min_score, const PictureQuestion* picture, bool picture_alone);

// Positions of all candidates. The best score first, ties by id; or by the sort keys in turn, absent numbers
// and names last, then score, then id.
std::vector<std::size_t> in_order(const Query& query, const Retrieved& retrieved, const Fused& fused);

// Most frequent first, ties by value.
std::vector<FacetCount> count_facet(const Retrieved::Facet& facet, const std::vector<std::size_t>& order);

}  // namespace cdx
