// The formula of search.h over the columns a backend brought. Private to the search room; pure.
#pragma once

#include <vector>

#include "search/search.h"

namespace cdx {

struct Fused {
  std::vector<double> scores;    // one a candidate, in [0,1]
  std::vector<double> keyword;   // in [0,1]
  std::vector<double> semantic;  // in [0,1]; NaN where the creator has no vector that was asked for
  std::vector<double> quality;
};

// `text`: the query has words or a vector to rank by; without, the score is the quality alone.
Fused fuse(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights, SearchMode mode,
           bool text);

// The parts of one candidate's score; value * weight adds up to scores[i] within 1e-6.
std::vector<ScorePart> score_parts(const Retrieved& retrieved, const Schema& schema,
                                   const RankingWeights& weights, SearchMode mode, bool text,
                                   const Fused& fused, std::size_t i);

}  // namespace cdx
