#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "base/log.h"
#include "base/metrics.h"
#include "embed/embed.h"
#include "search/cursor.h"
#include "search/explain.h"
#include "search/fuse.h"
#include "search/plan.h"
#include "search/rank.h"
#include "store/store.h"

namespace cdx {
namespace {

constexpr std::string_view mode_names[] = {"keyword", "semantic", "hybrid", "rrf"};

std::string random_key() {
  std::random_device random;
  std::string key;
  for (int i = 0; i < 8; ++i) key += std::to_string(random());
  return key;
}

}  // namespace

Result<SearchMode> parse_search_mode(std::string_view text) {
  for (std::size_t i = 0; i < std::size(mode_names); ++i)
    if (text == mode_names[i]) return static_cast<SearchMode>(i);
  return fail(ErrorKind::invalid, "is not one of keyword, semantic, hybrid, rrf");
}

std::string_view name(SearchMode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

struct Searcher::State {
  const SearchBackend& backend;
  const Store& store;
  EmbeddingProvider* embedder;
  SearcherOptions options;
  mutable PinnedViews pinned;
  std::string cursor_key;

  RankingWeights weights_of(const Query& query) const { return query.weights.value_or(options.weights); }
  double min_score_of(const Query& query, bool by_text) const {
    return query.min_score.value_or(by_text ? options.min_score : 0.0);
  }
  bool embed_query(const Call& call, SearchPlan& plan, const Schema& schema, Answer& answer) const;
  Result<Answer> answer(const Call& call, const Query& query, SearchPlan plan,
                        std::optional<CreatorId> left_out) const;
  Result<std::shared_ptr<const SearchView>> view_for(const Query& query,
                                                     std::optional<CursorPosition>& at) const;
  Status fill_hits(const Call& call, const Query& query, const SearchView& view, const SearchPlan& plan,
                   Answer& answer) const;
};

// The same query vector for every vector field. False when there is none: words alone answer, and a note says
// so.
bool Searcher::State::embed_query(const Call& call, SearchPlan& plan, const Schema& schema,
                                  Answer& answer) const {
  if (plan.meaning.empty()) return false;
  if (embedder == nullptr) {
    answer.degraded.emplace_back("semantic: no embedding model is in use");
    return false;
  }
  const std::string_view texts[] = {plan.meaning};
  auto embedded = embedder->embed(call, texts, TextRole::query);
  if (!embedded) {
    metrics::count("creatordex_search_degraded_total", "Searches answered by words alone",
                   {{"why", "embedding"}});
    log::warning("query embedding failed", {{"reason", embedded.error().message}});
    answer.degraded.emplace_back("semantic: embedding the query failed");
    return false;
  }
  const auto row = embedded->row(0);
  plan.retrieval.vectors.assign(schema.vectors.size(), std::vector<float>(row.begin(), row.end()));
  return true;
}

// The snapshot a cursor began with, or the present one.
Result<std::shared_ptr<const SearchView>> Searcher::State::view_for(const Query& query,
                                                                    std::optional<CursorPosition>& at) const {
  if (query.cursor.empty()) return backend.view();
  CDX_TRY_LET(at, read_cursor(query.cursor, cursor_key));
  auto view = pinned.find(at->generation);
  if (view == nullptr)
    return fail(ErrorKind::conflict, "/cursor: its snapshot is no longer kept; search again");
  return view;
}

Result<Answer> Searcher::State::answer(const Call& call, const Query& query, SearchPlan plan,
                                       std::optional<CreatorId> left_out) const {
  Answer answer;
  std::optional<CursorPosition> at;
  CDX_TRY_LET(const auto view, view_for(query, at));
  const bool given = !plan.retrieval.vectors.empty();
  const bool semantic = given || embed_query(call, plan, view->schema(), answer);
  const bool by_text = semantic || !plan.retrieval.words.empty();
  if (plan.has_text && !by_text) {  // meaning alone was asked for and cannot be had: fall back to the words
    plan.retrieval.words = words_of(plan.understood.rest);
  }
  const auto weights = weights_of(query);
  const auto min_score = min_score_of(query, plan.has_text || given);
  const auto question = question_hash(query, weights, min_score, semantic);
  if (at && at->question != question)
    return fail(ErrorKind::invalid, "/cursor: belongs to another question; search again without it");

  CDX_TRY_LET(auto retrieved, view->retrieve(call, plan.retrieval));
  CDX_TRY(apply_word_conditions(call, *view, plan, retrieved));
  const bool scored = plan.has_text || given;
  const auto mode = plan.has_text && !by_text ? SearchMode::keyword : query.mode;
  const auto fused = fuse(retrieved, view->schema(), weights, mode, scored);
  auto order = in_order(query, retrieved, fused, min_score);
  if (left_out)
    std::erase_if(order, [&](std::size_t i) { return retrieved.documents[i] == left_out->value; });

  answer.total = order.size();
  answer.total_is_lower_bound = retrieved.words_cut;
  for (const auto& field : query.facets)
    answer.facets.emplace_back(field, count_facet(retrieved.facets.at(field), order));
  const auto first = std::min<std::size_t>(at ? at->offset : 0, order.size());
  const auto last = std::min(first + query.limit, order.size());
  answer.first_rank = first + 1;
  for (auto position = first; position < last; ++position) {
    const auto i = order[position];
    Hit hit;
    hit.id = CreatorId{retrieved.documents[i]};
    hit.score = fused.scores[i];
    hit.parts = score_parts(retrieved, view->schema(), weights, mode, scored, fused, i);
    answer.hits.push_back(std::move(hit));
  }
  if (last < order.size()) {
    pinned.pin(view);
    answer.next_cursor = write_cursor({view->generation(), question, last}, cursor_key);
  }
  answer.plan = retrieved.plan;
  answer.generation = retrieved.generation;
  answer.revision = retrieved.revision;
  CDX_TRY(fill_hits(call, query, *view, plan, answer));
  answer.understood = std::move(plan.understood);
  return answer;
}

// Reads the page's creators in one batch and adds what explains them. A creator erased since the snapshot is
// left out.
Status Searcher::State::fill_hits(const Call& call, const Query& query, const SearchView& view,
                                  const SearchPlan& plan, Answer& answer) const {
  std::vector<CreatorId> ids;
  std::vector<std::uint64_t> documents;
  for (const auto& hit : answer.hits) {
    ids.push_back(hit.id);
    documents.push_back(hit.id.value);
  }
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.items_shown));
  CDX_TRY_LET(const auto words, view.word_parts(call, plan.retrieval, documents));
  std::vector<Hit> kept;
  for (std::size_t i = 0; i < answer.hits.size(); ++i) {
    auto& hit = answer.hits[i];
    const auto profile = std::find_if(profiles.begin(), profiles.end(),
                                      [&](const Profile& one) { return one.creator.id == hit.id; });
    if (profile == profiles.end()) continue;
    hit.profile = std::move(*profile);
    hit.why = why(hit, words[i], plan.terms);
    if (query.highlight) hit.highlights = highlights(hit.profile, plan.terms);
    if (query.explain)
      for (const auto& part : words[i])
        hit.parts.front().details.emplace_back(fmt::format("bm25: {} in {}", part.term, part.field),
                                               part.score);
    kept.push_back(std::move(hit));
  }
  answer.hits = std::move(kept);
  return {};
}

Searcher::Searcher(const SearchBackend& backend, const Store& store, EmbeddingProvider* embedder,
                   const Clock& clock, SearcherOptions options)
    : state_(new State{backend, store, embedder, options,
                       PinnedViews(clock, options.cursor_life, options.pinned_views), random_key()}) {}
Searcher::~Searcher() = default;

const SearchBackend& Searcher::backend() const { return state_->backend; }

Result<std::vector<Creator>> Searcher::creators_of(const Call& call,
                                                   const std::vector<CreatorId>& ids) const {
  return state_->store.creators(call, ids);
}

Result<Answer> Searcher::search(const Call& call, const Query& query) const {
  CDX_TRY_LET(auto plan, plan_search(query, state_->backend.view()->schema(), state_->options));
  return state_->answer(call, query, std::move(plan), std::nullopt);
}

Result<Answer> Searcher::similar(const Call& call, CreatorId id, const Query& query) const {
  auto asked = query;
  asked.text.clear();
  asked.min_score = query.min_score.value_or(0);  // the nearest are wanted, however near they are
  const auto view = state_->backend.view();
  const auto& schema = view->schema();
  CDX_TRY_LET(auto plan, plan_search(asked, schema, state_->options));
  const CreatorId ids[] = {id};
  CDX_TRY_LET(const auto known, state_->store.profiles(call, ids, state_->options.items_shown));
  if (known.empty()) return fail(ErrorKind::not_found, fmt::format("there is no creator {}", id.text()));

  plan.retrieval.vectors = likeness(schema, view->vectors_of(id.value));
  if (plan.retrieval.vectors.empty()) {  // not embedded yet: its niche and summary speak for it
    plan.retrieval.words =
        words_of(known.front().creator.primary_niche + " " + known.front().creator.summary);
    plan.has_text = !plan.retrieval.words.empty();
  }
  for (const auto& word : words_of(known.front().creator.summary)) plan.terms.insert(word.term);
  return state_->answer(call, asked, std::move(plan), id);
}

}  // namespace cdx
