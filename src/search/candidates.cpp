#include "search/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "search/fuse.h"
#include "search/plan.h"
#include "search/rank.h"

namespace cdx {
namespace {

constexpr std::size_t most_candidates = 10'000;

Status check(const CandidateQuestion& question, const Schema& schema, const SearcherOptions& options) {
  if (question.max < 1 || question.max > most_candidates)
    return fail(ErrorKind::invalid, fmt::format("/max: must be between 1 and {}", most_candidates));
  if (question.words.size() > options.longest_text)
    return fail(ErrorKind::invalid, fmt::format("/words: is longer than {} bytes", options.longest_text));
  const auto fits = [&](const auto& vectors) {
    if (vectors.size() != schema.vectors.size()) return false;
    for (std::size_t f = 0; f < vectors.size(); ++f)
      if (!schema.vectors[f].space.empty() && !vectors[f].empty()) return false;
    return true;
  };
  if (!question.vectors.empty() && !fits(question.vectors))
    return fail(ErrorKind::invalid, "/vectors: must be one a vector field, none for pictures");
  if (!std::all_of(question.contrasts.begin(), question.contrasts.end(), fits))
    return fail(ErrorKind::invalid, "/contrasts: each must be one a vector field, none for pictures");
  if (const auto filter = validate(question.filter, schema); !filter)
    return fail(ErrorKind::invalid, "/filter: " + filter.error().message);
  return {};
}

Candidate candidate(const Retrieved& retrieved, const Schema& schema, const RankingWeights& weights,
                    const Fused& fused, std::size_t i) {
  Candidate out;
  out.id = CreatorId{retrieved.documents[i]};
  out.score = fused.scores[i];
  out.keyword = fused.keyword[i];
  out.semantic = fused.semantic[i];
  out.quality = fused.quality[i];
  out.cosine = mean_cosine(retrieved.similarities, schema, weights, i);
  for (const auto& column : retrieved.similarities)
    out.cosines.push_back(column.empty() ? std::numeric_limits<float>::quiet_NaN() : column[i]);
  for (const auto& set : retrieved.contrasts) out.contrasts.push_back(mean_cosine(set, schema, weights, i));
  return out;
}

Status look_again(const Call& call, const SearchView& view, const SearcherOptions& options,
                  const CandidateQuestion& question, const Retrieved& retrieved, Fused& fused,
                  std::vector<std::size_t>& order) {
  const auto depth = std::min(options.rerank_depth, order.size());
  if (!question.second_look || options.reranker == nullptr || question.vectors.empty() || depth == 0)
    return {};
  std::vector<std::uint64_t> documents;
  std::vector<double> scores;
  for (std::size_t i = 0; i < depth; ++i) {
    documents.push_back(retrieved.documents[order[i]]);
    scores.push_back(fused.scores[order[i]]);
  }
  CDX_TRY_LET(const auto values, options.reranker->rerank(call, {view, question.meaning, documents, scores}));
  add_second_look(fused, values, options.rerank_weight, retrieved, std::span(order).first(depth));
  return {};
}

}  // namespace

Result<Candidates> gather_candidates(const Call& call, const SearchView& view, const SearcherOptions& options,
                                     const CandidateQuestion& question) {
  const auto& schema = view.schema();
  CDX_TRY(check(question, schema, options));
  Retrieval retrieval;
  retrieval.words = words_of(question.words);
  retrieval.vectors = question.vectors;
  retrieval.contrasts = question.contrasts;
  retrieval.filter = canonical(question.filter);
  retrieval.number_fields = {"quality"};
  retrieval.word_depth = std::max(retrieval.word_depth, question.max);
  retrieval.vector_depth = std::max(retrieval.vector_depth, question.max);
  const auto words = retrieval.words.size();
  CDX_TRY_LET(const auto retrieved, view.retrieve(call, retrieval));

  const bool scored = words > 0 || !question.vectors.empty();
  const auto mode = question.vectors.empty() ? SearchMode::keyword
                    : words == 0             ? SearchMode::semantic
                                             : SearchMode::hybrid;
  const auto weights = weights_for(question.weights.value_or(options.weights), mode, words);
  auto fused = fuse(retrieved, schema, weights, mode, scored);
  auto order = in_order({}, retrieved, fused);
  CDX_TRY(look_again(call, view, options, question, retrieved, fused, order));

  Candidates out;
  out.matching = retrieved.matching;
  out.cut = order.size() > question.max || retrieved.words_cut ||
            std::any_of(retrieved.floors.begin(), retrieved.floors.end(),
                        [](float floor) { return !std::isnan(floor); });
  order.resize(std::min(order.size(), question.max));
  for (const auto i : order) out.found.push_back(candidate(retrieved, schema, weights, fused, i));
  out.generation = retrieved.generation;
  out.revision = retrieved.revision;
  out.plan = retrieved.plan;
  return out;
}

}  // namespace cdx
