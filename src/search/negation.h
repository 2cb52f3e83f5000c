// How much a creator is about what is not wanted. Private to the search room; pure but for questions to the
// view.
//
// For each thing not wanted, three signs, each a share in [0,1]:
//   meaning  how much nearer the creator's texts are to it than to what is asked: 0 up to as near, 0.8 from
//   0.2 of
//            cosine nearer on. Who never uses the word is found by this.
//   words    its BM25 share of the most these words could give: 0 below a tenth (one mention among many
//   words), 1
//            from a half on; half as much when not all of its words are there
//   named    0.8 when name, handle or niche hold all of its words
// together 1 - (1 - meaning)(1 - words)(1 - named), and so for several things.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "search/plan.h"
#include "search/search.h"

namespace cdx {

struct Objection {
  double share = 0;  // of one thing, all signs together
  double nearness = 0, asked = 0, words = 0;
  bool compared = false, named = false;  // compared: there were vectors
};

struct Objections {
  std::vector<double> share;                 // one a candidate, all things together
  std::vector<std::vector<Objection>> each;  // [thing][candidate]
};

// Empty when nothing is unwanted.
Result<Objections> weigh_unwanted(const Call& call, const SearchView& view, const SearchPlan& plan,
                                  const Retrieved& retrieved, const RankingWeights& weights);

// Signs of one candidate, for explanations: "crypto: meaning", "crypto: words", …
std::vector<std::pair<std::string, double>> describe_objections(const Objections& objections,
                                                                const std::vector<Unwanted>& unwanted,
                                                                std::size_t candidate);

}  // namespace cdx
