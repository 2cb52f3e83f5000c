// Creators like several others and unlike some. Part of match/match.h.
//
// Rocchio (1971) in the space of vectors, bios and content apart: wanted = unit(mean of the examples' vectors
// - share * mean of the counter-examples'), an example's vectors of one kind averaged over its platforms
// first. A creator's score is its mean cosine with what is wanted, over the fields it has, scaled as in a
// search.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace cdx {

struct SimilarQuestion {
  std::vector<CreatorId> examples;          // 1 to 20, distinct
  std::vector<CreatorId> counter_examples;  // at most 20, none of them an example
  Filter filter;
  std::size_t limit = 20;       // 1 to 100
  double counter_share = 0.35;  // of the counter-examples' mean that is taken away, 0 to 1
  bool explain = false;
};

struct LikeExample {
  CreatorId example;
  std::string field;  // "bio" or "content"
  double cosine = 0;
};
struct SimilarHit {
  CreatorId id;
  double score = 0;     // in [0,1]
  double cosine = 0;    // what the score was scaled from
  LikeExample nearest;  // of the examples
  std::optional<LikeExample> nearest_counter;
  std::vector<LikeExample> each;  // with `explain`: every example and counter-example, nearest field
  std::string why;
  Profile profile;
};
struct SimilarAnswer {
  std::vector<SimilarHit>
      hits;               // by score descending, then cosine, then id; neither examples nor counter-examples
  std::size_t total = 0;  // creators ranked
  std::vector<std::string> degraded;  // "cr_…: not embedded yet, left out of the examples"
  std::uint64_t generation = 0;
  Revision revision;
};

}  // namespace cdx
