// Fits the ranking weights of search/search.h (alpha, beta, gamma, and w_i of each vector field) to
// judgements or to what people chose, and says whether that gains. Part of evaluate/evaluate.h.
//
// Maximises the mean nDCG@10 less a small price for leaving the present weights, by coordinate steps from the
// present weights and from seeded perturbations of them. Cross-validated: the queries are dealt into folds;
// each fold is ranked with weights fitted on the others, and the gain is measured there, query by query, with
// a 95 % bootstrap interval. Only what holds beyond chance (the interval above 0) is called a gain.
// Deterministic.
#pragma once

#include <string>
#include <vector>

#include "evaluate/evaluate.h"

namespace cdx::evaluate {

struct TuneCandidate {
  double keyword = 0, quality = 0;  // in [0,1]
  std::vector<double> cosines;      // by TuneSet::fields; NaN: absent
  int grade = 0;
};
struct TuneQuery {
  std::string id;
  std::size_t words = 0;  // distinct ones; short questions shift weight to meaning
  std::vector<TuneCandidate> candidates;
  std::vector<int> grades;  // of all judged, found or not: for the ideal order
};
struct TuneSet {
  std::vector<std::string> fields;  // vector fields that occur
  std::vector<TuneQuery> queries;   // those with something relevant
};

// Candidates of every judged query with the parts of their scores, as a search sees them (conditions in the
// words are filters; negation and the second look are left out).
Result<TuneSet> tune_set(const Call& call, Store& store, EmbeddingProvider* embedder,
                         const std::vector<JudgedDocument>& documents,
                         const std::vector<JudgedQuery>& queries, const Judgements& judgements,
                         const SearcherOptions& searcher,
                         const std::function<void(std::size_t done, std::size_t total)>& progress);

// The same from use: what was shown, graded by what was done with it: "save" 2, "click" 1, "hide" 0, nothing
// 0. Only questions whose features are named "keyword", "quality" and "cosine:FIELD" and that somebody chose
// from. What was shown first is chosen more often whatever it is; this is not corrected for.
TuneSet tune_set_of_use(const std::vector<LoggedQuestion>& questions,
                        const std::vector<LoggedChoice>& choices);

struct TuneOptions {
  RankingWeights present;
  std::size_t folds = 5;  // 2 to 20
  std::size_t restarts = 6;
  std::uint64_t seed = 1;
  double price = 0.004;  // of nDCG for each factor of e that a weight moves
};
struct TuneResult {
  RankingWeights weights;         // fitted on all queries
  Interval present, tuned, gain;  // tuned and gain: on held-out folds
  double fitted = 0;              // on the queries they were fitted on: what is not to be believed
  std::vector<double> fold_gains;
  std::size_t queries = 0;
  bool gains = false;
  std::string verdict;  // one sentence
};
// `invalid` with fewer queries than twice the folds, `cancelled`, `timed_out`.
Result<TuneResult> tune(const Call& call, const TuneSet& set, const TuneOptions& options);

// nDCG@10 of every query under these weights.
std::vector<double> ndcg_under(const TuneSet& set, const RankingWeights& weights);

// A kept profile of kind "ranking" (store/usage.h): settings {alpha, beta, gamma, vector_weights}, evidence
// {data, queries, folds, present, tuned, gain, gain_95, fitted, gains, verdict}.
NamedProfile tuned_profile(std::string name, std::string_view data, const TuneResult& result, Time now);

// A profile as a file holds it: {"name", "kind", "settings", "evidence"}, or bare settings. `invalid`, naming
// `place`, for what is no JSON object.
std::string write_profile_file(const NamedProfile& profile);
Result<NamedProfile> parse_profile(std::string_view json, std::string_view place);

}  // namespace cdx::evaluate
