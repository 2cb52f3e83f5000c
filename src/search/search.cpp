#include "search/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <span>

#include "base/log.h"
#include "base/metrics.h"
#include "embed/embed.h"
#include "search/candidates.h"
#include "search/cursor.h"
#include "search/explain.h"
#include "search/fuse.h"
#include "search/matched_pictures.h"
#include "search/negation.h"
#include "search/plan.h"
#include "search/rank.h"
#include "store/store.h"

namespace cdx {
namespace {

constexpr std::string_view mode_names[] = {"keyword", "semantic", "hybrid", "rrf"};

constexpr std::size_t most_considered = 1'000;

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

namespace {

// How the candidates of one question are ranked.
struct Ranking {
  Question question;       // what a cursor must agree with
  RankingWeights weights;  // those for a question of its length
  SearchMode mode = SearchMode::hybrid;
  bool scored = false;  // there are words or vectors of texts to rank by
  const PictureQuestion* picture = nullptr;
  double least_best = 0;
  bool picture_alone() const { return !scored; }
};

// Where an answer begins: at a snapshot, and with a cursor somewhere behind its first hit.
struct Beginning {
  std::shared_ptr<const SearchView> view;
  std::optional<CursorPosition> at;
};

// The question about pictures, put where the schema wants it.
void ask_pictures(const Schema& schema, const PictureQuestion& picture, Retrieval& retrieval) {
  retrieval.vectors.resize(schema.vectors.size());
  if (const auto field = picture_field_of(schema)) retrieval.vectors[*field] = picture.vector;
}

}  // namespace

struct Searcher::State {
  const SearchBackend& backend;
  const Store& store;
  EmbeddingProvider* embedder;
  SearcherOptions options;
  mutable PinnedViews pinned;
  std::string cursor_key;

  bool embed_query(const Call& call, SearchPlan& plan, const Schema& schema, Answer& answer) const;
  Ranking ranking_of(const Query& query, const SearchPlan& plan, bool given, bool semantic) const;
  Status match_cursor(const Query& query, const CursorPosition& at, Ranking& ranking) const;
  Status look_twice(const Call& call, const SearchView& view, const SearchPlan& plan,
                    const Retrieved& retrieved, bool must, Ranking& ranking, Fused& fused,
                    std::vector<std::size_t>& order, Answer& answer) const;
  static void tell_effects(const Fused& before, const Fused& fused, const Objections& objections,
                           double min_score, SearchPlan& plan);
  Result<Answer> answer(const Call& call, const Query& query, const Beginning& from, SearchPlan plan,
                        std::optional<CreatorId> left_out) const;
  Result<Beginning> begin(const Query& query) const;
  Status fill_hits(const Call& call, const Query& query, const SearchView& view, const SearchPlan& plan,
                   const Ranking& ranking, Answer& answer) const;
};

// The same query vector for every vector field of texts, and one set of contrasts for each thing that is not
// wanted. False when there is none: words alone answer, and a note says so.
bool Searcher::State::embed_query(const Call& call, SearchPlan& plan, const Schema& schema,
                                  Answer& answer) const {
  if (plan.meaning.empty()) return false;
  if (embedder == nullptr) {
    answer.degraded.emplace_back("semantic: no embedding model is in use");
    return false;
  }
  std::vector<std::string_view> texts{plan.meaning};
  for (const auto& unwanted : plan.unwanted) texts.emplace_back(unwanted.text);
  auto embedded = embedder->embed(call, texts, TextRole::query);
  if (!embedded) {
    metrics::count("creatordex_search_degraded_total", "Searches answered by words alone",
                   {{"why", "embedding"}});
    log::warning("query embedding failed", {{"reason", embedded.error().message}});
    answer.degraded.emplace_back("semantic: embedding the query failed");
    return false;
  }
  plan.retrieval.vectors = for_text_fields(schema, embedded->row(0));
  for (std::size_t i = 1; i < texts.size(); ++i)
    plan.retrieval.contrasts.push_back(for_text_fields(schema, embedded->row(i)));
  return true;
}

// The snapshot a cursor began with, or the present one.
Result<Beginning> Searcher::State::begin(const Query& query) const {
  if (query.cursor.empty()) return Beginning{backend.view(), std::nullopt};
  CDX_TRY_LET(const auto at, read_cursor(query.cursor, cursor_key));
  auto view = pinned.find(at.generation);
  if (view == nullptr)
    return fail(ErrorKind::conflict, "/cursor: its snapshot is no longer kept; search again");
  return Beginning{std::move(view), at};
}

// What a query comes to once it is known whether its meaning could be had.
Ranking Searcher::State::ranking_of(const Query& query, const SearchPlan& plan, bool given,
                                    bool semantic) const {
  Ranking out;
  const bool by_text = semantic || !plan.retrieval.words.empty();
  out.scored = plan.has_text || given;
  out.picture = query.picture ? &*query.picture : nullptr;
  out.mode = plan.has_text && !by_text ? SearchMode::keyword : query.mode;
  auto& question = out.question;
  question.weights = query.weights.value_or(options.weights);
  question.min_score = query.min_score.value_or(
      out.scored ? options.min_score * text_share(out.picture, out.picture_alone()) : 0.0);
  question.semantic = semantic;
  question.synonyms = plan.synonyms;
  question.reranked = query.rerank && options.reranker != nullptr && semantic && plan.has_text &&
                      out.mode == SearchMode::hybrid && query.sort.empty() && out.picture == nullptr;
  out.weights = plan.has_text ? weights_for(question.weights, out.mode, plan.word_count) : question.weights;
  const bool judged = plan.has_text && semantic && out.mode == SearchMode::hybrid && !query.min_score &&
                      out.picture == nullptr && plan.word_count <= question.weights.short_words;
  out.least_best = judged ? options.least_best : 0;
  return out;
}

// A cursor's answer is looked at twice exactly when its first page was. `invalid` for another question's
// cursor.
Status Searcher::State::match_cursor(const Query& query, const CursorPosition& at, Ranking& ranking) const {
  const auto fits = [&] { return question_hash(query, ranking.question) == at.question; };
  if (fits()) return {};
  if (ranking.question.reranked) {
    ranking.question.reranked = false;
    if (fits()) return {};
  }
  return fail(ErrorKind::invalid, "/cursor: belongs to another question; search again without it");
}

// Adds the second look to the best and puts them in their new order. When its budget runs out the order
// stays, and a note says so; a page that follows a reranked one has no budget but the call's.
Status Searcher::State::look_twice(const Call& call, const SearchView& view, const SearchPlan& plan,
                                   const Retrieved& retrieved, bool must, Ranking& ranking, Fused& fused,
                                   std::vector<std::size_t>& order, Answer& answer) const {
  const auto depth = std::min(options.rerank_depth, order.size());
  if (!ranking.question.reranked || depth == 0) return {};
  std::vector<std::uint64_t> documents;
  std::vector<double> scores;
  for (std::size_t i = 0; i < depth; ++i) {
    documents.push_back(retrieved.documents[order[i]]);
    scores.push_back(fused.scores[order[i]]);
  }
  auto hurried = call;
  if (!must) hurried.deadline = std::min(call.deadline, Call::within(options.rerank_budget).deadline);
  const bool late = !must && call.deadline < hurried.deadline + options.rerank_budget;
  auto values = late ? fail(ErrorKind::timed_out, "")
                     : options.reranker->rerank(hurried, {view, plan.meaning, documents, scores});
  if (!values && !must && values.error().kind == ErrorKind::timed_out) {
    CDX_TRY(call.check());
    metrics::count("creatordex_search_degraded_total", "Searches answered by words alone",
                   {{"why", "rerank"}});
    answer.degraded.emplace_back("rerank: time is short, the first order stands");
    ranking.question.reranked = false;
    return {};
  }
  if (!values) return tl::unexpected<Error>(values.error());
  add_second_look(fused, *values, options.rerank_weight, retrieved, std::span(order).first(depth));
  return {};
}

// Tells the chips what came of weighing them.
void Searcher::State::tell_effects(const Fused& before, const Fused& fused, const Objections& objections,
                                   double min_score, SearchPlan& plan) {
  for (std::size_t u = 0; u < objections.each.size(); ++u) {
    std::size_t out = 0, down = 0;
    for (std::size_t i = 0; i < fused.scores.size(); ++i) {
      if (objections.each[u][i].share < 0.05 || before.scores[i] < min_score) continue;
      fused.scores[i] < min_score ? ++out : ++down;
    }
    plan.understood.chips[plan.unwanted[u].chip].effect =
        fmt::format("weighed in meaning and words: {} left out, {} pushed down", out, down);
  }
}

Result<Answer> Searcher::State::answer(const Call& call, const Query& query, const Beginning& from,
                                       SearchPlan plan, std::optional<CreatorId> left_out) const {
  Answer answer;
  const auto& [view, at] = from;
  const auto& schema = view->schema();
  const bool given = !plan.retrieval.vectors.empty();
  const bool semantic = given || embed_query(call, plan, schema, answer);
  if (plan.has_text && !semantic && plan.retrieval.words.empty())
    plan.retrieval.words = words_of(plan.understood.rest);  // meaning alone was asked for and cannot be had
  auto ranking = ranking_of(query, plan, given, semantic);
  if (at) CDX_TRY(match_cursor(query, *at, ranking));
  const auto min_score = ranking.question.min_score;

  if (ranking.picture != nullptr) ask_pictures(schema, *ranking.picture, plan.retrieval);
  CDX_TRY_LET(auto retrieved, view->retrieve(call, plan.retrieval));
  auto fused = fuse(retrieved, schema, ranking.weights, ranking.mode, ranking.scored);
  if (ranking.picture != nullptr)
    add_pictures(fused, retrieved, picture_field_of(schema).value(), *ranking.picture, ranking.weights,
                 ranking.picture_alone());
  CDX_TRY_LET(const auto objections, weigh_unwanted(call, *view, plan, retrieved, ranking.weights));
  if (!objections.share.empty()) {
    const auto before = fused;
    take_unwanted(fused, objections.share);
    tell_effects(before, fused, objections, min_score, plan);
  }
  auto order = in_order(query, retrieved, fused);
  if (left_out)
    std::erase_if(order, [&](std::size_t i) { return retrieved.documents[i] == left_out->value; });
  if (ranking.picture != nullptr && ranking.picture->min_similarity > -1) {
    const auto& column = retrieved.similarities.at(picture_field_of(schema).value());
    std::erase_if(order, [&](std::size_t i) {
      return column.empty() || !(static_cast<double>(column[i]) >= ranking.picture->min_similarity);
    });
  }
  const bool none_near = std::none_of(order.begin(), order.end(),
                                      [&](std::size_t i) { return fused.scores[i] >= ranking.least_best; });
  if ((plan.in_vain && ranking.picture == nullptr) || none_near) order.clear();
  CDX_TRY(look_twice(call, *view, plan, retrieved, at.has_value(), ranking, fused, order, answer));
  std::erase_if(order, [&](std::size_t i) { return !(fused.scores[i] >= min_score); });

  answer.total = order.size();
  answer.total_is_lower_bound = !order.empty() && (ranking.scored || ranking.picture != nullptr) &&
                                more_may_match(retrieved, schema, ranking.weights, ranking.mode, min_score,
                                               ranking.picture, ranking.picture_alone());
  for (const auto& field : query.facets)
    answer.facets.emplace_back(field, count_facet(retrieved.facets.at(field), order));
  const auto first = std::min<std::size_t>(at ? at->offset : 0, order.size());
  const auto last = std::min(first + query.limit, order.size());
  answer.first_rank = first + 1;
  const auto parts_of = [&](std::size_t i) {
    auto parts = score_parts(retrieved, schema, ranking.weights, ranking.mode, ranking.scored, fused, i);
    for (auto& part : parts)
      if (part.name == "unwanted") part.details = describe_objections(objections, plan.unwanted, i);
    return parts;
  };
  for (auto position = first; position < last; ++position) {
    const auto i = order[position];
    Hit hit;
    hit.id = CreatorId{retrieved.documents[i]};
    hit.score = fused.scores[i];
    hit.parts = parts_of(i);
    answer.hits.push_back(std::move(hit));
  }
  if (query.considered > 0 && last <= most_considered)
    for (const auto i : std::span(order).first(
             std::min(order.size(), std::max(last, std::min(query.considered, most_considered)))))
      answer.considered.push_back({CreatorId{retrieved.documents[i]}, fused.scores[i], parts_of(i)});
  if (last < order.size()) {
    pinned.pin(view);
    answer.next_cursor =
        write_cursor({view->generation(), question_hash(query, ranking.question), last}, cursor_key);
  }
  answer.plan = retrieved.plan;
  if (!plan.synonyms_note.empty())
    answer.plan += fmt::format("; synonyms {}: {}", plan.synonyms, plan.synonyms_note);
  if (ranking.question.reranked)
    answer.plan += fmt::format("; best {} looked at twice ({})", std::min(options.rerank_depth, order.size()),
                               options.reranker->name());
  answer.synonyms = plan.synonyms;
  answer.generation = retrieved.generation;
  answer.revision = retrieved.revision;
  CDX_TRY(fill_hits(call, query, *view, plan, ranking, answer));
  answer.understood = std::move(plan.understood);
  return answer;
}

// Reads the page's creators in one batch and adds what explains them. A creator erased since the snapshot is
// left out.
Status Searcher::State::fill_hits(const Call& call, const Query& query, const SearchView& view,
                                  const SearchPlan& plan, const Ranking& ranking, Answer& answer) const {
  std::vector<CreatorId> ids;
  std::vector<std::uint64_t> documents;
  for (const auto& hit : answer.hits) {
    ids.push_back(hit.id);
    documents.push_back(hit.id.value);
  }
  CDX_TRY_LET(auto profiles, store.profiles(call, ids, options.items_shown));
  CDX_TRY_LET(const auto words, view.word_parts(call, plan.retrieval, documents));
  std::vector<Hit> kept;
  std::vector<std::size_t> places;  // in `words`
  for (std::size_t i = 0; i < answer.hits.size(); ++i) {
    auto& hit = answer.hits[i];
    const auto profile = std::find_if(profiles.begin(), profiles.end(),
                                      [&](const Profile& one) { return one.creator.id == hit.id; });
    if (profile == profiles.end()) continue;
    hit.profile = std::move(*profile);
    kept.push_back(std::move(hit));
    places.push_back(i);
  }
  answer.hits = std::move(kept);
  if (ranking.picture != nullptr) CDX_TRY(match_pictures(call, store, *ranking.picture, answer.hits));
  for (std::size_t i = 0; i < answer.hits.size(); ++i) {
    auto& hit = answer.hits[i];
    const auto& parts = words[places[i]];
    hit.why = why(hit, parts, plan.terms,
                  ranking.picture == nullptr ? std::string()
                                             : describe_pictures(hit, *ranking.picture, ranking.weights));
    if (query.highlight) hit.highlights = highlights(hit.profile, plan.terms);
    if (query.explain)
      for (const auto& part : parts)
        hit.parts.front().details.emplace_back(fmt::format("bm25: {} in {}", part.term, part.field),
                                               part.score);
  }
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
  CDX_TRY_LET(const auto from, state_->begin(query));
  CDX_TRY_LET(auto plan, plan_search(query, from.view->schema(), state_->options));
  return state_->answer(call, query, from, std::move(plan), std::nullopt);
}

Result<Candidates> Searcher::candidates(const Call& call, const CandidateQuestion& question) const {
  return gather_candidates(call, *state_->backend.view(), state_->options, question);
}

Result<Answer> Searcher::similar(const Call& call, CreatorId id, const Query& query) const {
  auto asked = query;
  asked.text.clear();
  asked.min_score = query.min_score.value_or(0);  // the nearest are wanted, however near they are
  CDX_TRY_LET(const auto from, state_->begin(asked));
  const auto& schema = from.view->schema();
  CDX_TRY_LET(auto plan, plan_search(asked, schema, state_->options));
  const CreatorId ids[] = {id};
  CDX_TRY_LET(const auto known, state_->store.profiles(call, ids, state_->options.items_shown));
  if (known.empty()) return fail(ErrorKind::not_found, fmt::format("there is no creator {}", id.text()));

  plan.retrieval.vectors = likeness(schema, from.view->vectors_of(id.value));
  if (plan.retrieval.vectors.empty()) {  // not embedded yet: its niche and summary speak for it
    plan.retrieval.words =
        words_of(known.front().creator.primary_niche + " " + known.front().creator.summary);
    plan.has_text = !plan.retrieval.words.empty();
  }
  for (const auto& word : words_of(known.front().creator.summary)) plan.terms.insert(word.term);
  return state_->answer(call, asked, from, std::move(plan), id);
}

}  // namespace cdx
