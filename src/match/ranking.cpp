#include "match/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/log.h"
#include "text/text.h"

namespace cdx {
namespace {

constexpr std::size_t store_batch = 500;

bool by_likeness_alone(const ScoringProfile& profile) { return profile.formula == MatchFormula::seed_004; }

Result<std::unordered_map<CreatorId, Creator>> read_creators(const Call& call, const Store& store,
                                                             const std::vector<Candidate>& found) {
  std::unordered_map<CreatorId, Creator> out;
  for (std::size_t at = 0; at < found.size(); at += store_batch) {
    CDX_TRY(call.check());
    std::vector<CreatorId> ids;
    for (auto i = at; i < std::min(found.size(), at + store_batch); ++i) ids.push_back(found[i].id);
    CDX_TRY_LET(auto creators, store.creators(call, ids));
    for (auto& creator : creators) {
      const auto id = creator.id;
      out.emplace(id, std::move(creator));
    }
  }
  return out;
}

}  // namespace

// Vectors of texts, from memory where they were asked for before.
Result<std::vector<Ranker::Vector>> Ranker::embed(const Call& call,
                                                  const std::vector<std::string>& texts) const {
  std::vector<Vector> out;
  std::vector<std::string_view> fresh;
  const auto space = embedder_->model().space();
  for (const auto& text : texts) {
    out.push_back(vectors_.find(hash64(text, space)).value_or(nullptr));
    if (out.back() == nullptr) fresh.emplace_back(text);
  }
  if (fresh.empty()) return out;
  CDX_TRY_LET(const auto rows, embedder_->embed(call, fresh, TextRole::query));
  std::size_t row = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (out[i] != nullptr) continue;
    const auto values = rows.row(row++);
    out[i] = std::make_shared<const std::vector<float>>(values.begin(), values.end());
    vectors_.put(hash64(texts[i], space), out[i]);
  }
  return out;
}

// Adds the brief's vector, and its audience's to compare with. Without an embedding words alone are left.
Status Ranker::ask_meaning(const Call& call, const Brief& brief, const ScoringProfile& profile,
                           CandidateQuestion& question, Ranking& out) const {
  const auto meaning = by_likeness_alone(profile) ? seed_004::campaign_text(brief) : question.words;
  std::string trouble = "no embedding model is in use";
  if (embedder_ != nullptr && !meaning.empty()) {
    std::vector<std::string> texts{meaning};
    if (!brief.target_audience.empty() && profile.formula == MatchFormula::balanced)
      texts.push_back(brief.target_audience);
    auto vectors = embed(call, texts);
    if (vectors) {
      const auto& schema = searcher_.backend().view()->schema();
      question.meaning = meaning;
      question.vectors = for_text_fields(schema, *vectors->front());
      if (texts.size() > 1) question.contrasts.push_back(for_text_fields(schema, *vectors->back()));
      out.model = embedder_->model().name;
      return {};
    }
    if (vectors.error().kind == ErrorKind::cancelled) return tl::unexpected<Error>(vectors.error());
    CDX_TRY(call.check());
    log::warning("brief embedding failed", {{"reason", vectors.error().message}});
    trouble = "embedding the brief failed";
  }
  if (meaning.empty()) return {};
  if (by_likeness_alone(profile))
    return fail(ErrorKind::unavailable,
                fmt::format("{}, and {} ranks by likeness alone", trouble, profile.name));
  out.degraded.push_back(fmt::format("similarity: {}; words alone rank", trouble));
  return {};
}

Result<Ranking> Ranker::rank(const Call& call, const Brief& brief, const ScoringProfile& profile,
                             std::size_t max) const {
  Ranking out;
  CandidateQuestion question;
  question.words = text::clip(brief_words(brief), options_.longest_words);
  question.filter = brief_filter(brief);
  question.weights = profile.ranking;
  question.second_look = profile.formula == MatchFormula::balanced;
  question.max = max;
  CDX_TRY(ask_meaning(call, brief, profile, question, out));
  if (by_likeness_alone(profile)) question.words.clear();
  CDX_TRY_LET(const auto candidates, searcher_.candidates(call, question));
  CDX_TRY_LET(const auto creators, read_creators(call, store_, candidates.found));

  auto wanted = read_wanted(brief);
  wanted.now = clock_.now();
  for (const auto& candidate : candidates.found) {
    const auto creator = creators.find(candidate.id);
    if (creator == creators.end()) continue;  // erased since the snapshot
    const auto likeness = candidate.contrasts.empty() || std::isnan(candidate.contrasts.front())
                              ? std::nullopt
                              : std::optional(candidate.contrasts.front());
    out.creators.push_back(
        {candidate.id, score_creator(profile, wanted, creator->second, candidate, likeness)});
  }
  std::sort(out.creators.begin(), out.creators.end(), [](const Ranked& a, const Ranked& b) {
    return a.scored.order != b.scored.order ? a.scored.order > b.scored.order : a.id < b.id;
  });
  out.matching = candidates.matching;
  out.bounded = candidates.cut;
  out.plan = fmt::format("{} candidates of {} that pass; {}", candidates.found.size(), candidates.matching,
                         candidates.plan);
  out.generation = candidates.generation;
  out.revision = candidates.revision;
  return out;
}

}  // namespace cdx
