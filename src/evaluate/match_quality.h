// Measures scoring profiles: on the judged briefs, on the other judged queries asked as briefs, and on briefs
// over the sample set whose truth is known. Part of evaluate/evaluate.h.
//
// A judged query becomes a brief whose description is its text, and nothing else: what such a query says of
// places, sizes and platforms is no typed bound, and is read by no profile as a filter.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evaluate/evaluate.h"
#include "match/match.h"

namespace cdx::evaluate {

struct MatchSet {
  std::string name;  // "judged briefs", "other judged queries", "sample briefs"
  std::vector<std::pair<std::string, ModeResult>> profiles;  // by name of profile, in the order asked
  // nDCG@10 of each profile less that of "seed-004", query by query.
  std::vector<std::pair<std::string, Interval>> gains;
};

struct MatchQualityOptions {
  std::vector<ScoringProfile> profiles;  // empty: built-in ones, and likeness alone in `balanced`'s words
  std::string judged;                    // folder of docs.jsonl, queries.jsonl and qrels.txt; empty: left out
  std::uint64_t sample_creators = 2'000;  // 0: left out
  std::uint64_t sample_seed = 11;
  std::size_t sample_briefs = 100;
};

// Creators found for three examples of one niche and language: the share of the first ten that are of the
// same top niche by the truth, and what chance would give. One question a (niche, language) with 13 creators
// or more.
struct LookAlikeQuality {
  Interval precision_at_10;
  double by_chance = 0;
  std::size_t questions = 0;
};
struct MatchQuality {
  std::vector<MatchSet> sets;
  LookAlikeQuality look_alikes;  // over the sample set
};

// Stores are empty, or hold vectors of an earlier run; `sample_store` may be the one of the judged corpus's
// only if that is left out. Errors: of reading, `not_found` naming the missing file.
Result<MatchQuality> match_quality(const Call& call, Store& judged_store, Store& sample_store,
                                   EmbeddingProvider* embedder, const MatchQualityOptions& options,
                                   const std::function<void(std::size_t done, std::size_t total)>& progress);

}  // namespace cdx::evaluate
