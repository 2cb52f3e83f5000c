// Parses a query, asks a backend, fuses, ranks, explains.
//
//   keyword  = max((1 + h) * x / (x + h), name match), with x = BM25F / the most these words could give any
//   document,
//              and h the saturation; in [0,1], on a scale that does not depend on which candidates were seen
//   semantic = sum of w_i * s_i over the vector fields the creator has, w normalised over those; s_i = cosine
//   scaled
//              from [cosine_low, cosine_high] to [0,1]
//   fused    = alpha * keyword + beta * semantic + gamma * quality; a creator without any vector has beta's
//              share given to its keyword score (designs 001: section 7). A question of at most short_words
//              words moves short_shift from alpha to beta: few words say little, a brief's many words say
//              enough
//   pictures = where a picture question q is asked: fused becomes (1 - w) * fused + w * picture, w its
//   weight, 1
//              where there is nothing else to rank by; picture = the best cosine of q with the creator's
//              pictures on a scale of its own (picture_scale in fuse.h), 0 for one without pictures: what is
//              not shown cannot be like what is asked. There is no second look then, and a min_score that the
//              query does not name counts (1 - w) times: of pictures alone the nearest are wanted, however
//              near
//   wanted   = fused * (1 - p), p in [0,1] how much a creator is about what is not wanted (negation.h)
//   final    = wanted + (1 - wanted) * rerank_weight * r for the best rerank_depth, r in [0,1] by a second
//   look
//              (rerank.h); wanted for the others
//
// Promises: one candidate set per query; total, facets, pages and threshold are computed on it. The threshold
// (min_score) looks at the final score and changes none. Order is final score, then id; `limit` never changes
// it. A cursor sees the snapshot of its first page, or is refused (`conflict`). If embedding fails, words
// alone answer; when time is short there is no second look; the answer says so. Thread-safe. Errors:
// `invalid` (query; message begins with the JSON pointer of the wrong field), `not_found`, `conflict` (cursor
// too old: start again; a picture question of another space than the index's: make it anew), `unsupported` (a
// picture question where the index holds no pictures), `timed_out`, `cancelled`. Never: network of its own,
// writes to the store.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/call.h"
#include "model/model.h"
#include "search/backend.h"
#include "search/rerank.h"
#include "search/schema.h"
#include "search/synonyms.h"
#include "search/understand.h"

namespace cdx {

class EmbeddingProvider;

enum class SearchMode { keyword, semantic, hybrid, rrf };
Result<SearchMode> parse_search_mode(std::string_view text);
std::string_view name(SearchMode mode);

struct RankingWeights {
  double alpha = 0.60, beta = 0.35, gamma = 0.05;
  double saturation = 0.8;  // h of the keyword formula: the share of the limit that gives about half
  double cosine_low = 0.0, cosine_high = 0.75;
  double rrf_k = 60;
  // Cosines of pictures with pictures, and with words, that count as no likeness and as full likeness: models
  // of both kinds keep words and pictures apart (Liang et al. 2022), so that even a fitting pair stays small.
  double picture_low = 0.5, picture_high = 1.0;
  double picture_words_low = 0.15, picture_words_high = 0.35;
  std::map<std::string, double> vector_weights;  // by vector field; 1 where not named
  double short_shift = 0.15;                     // from alpha to beta, for a question of few words
  std::size_t short_words = 10;                  // ... of at most so many
};

struct SortKey {
  std::string field;  // "score", "name" or a number field of the schema
  bool descending = true;
};

// What the pictures of a creator are compared with.
struct PictureQuestion {
  std::vector<float>
      vector;         // a unit row of `space`: words, a picture, or a weighted sum less what is not wanted
  std::string space;  // PictureSpace::name; `conflict` when the index holds another by now: ask again
  bool of_words = false;  // it was made of words alone: their cosines with pictures are small
  double weight = 0.5;    // in [0,1]: its share beside text; without text it is all
  // Creators whose nearest picture has a smaller cosine, or who have none, are left out before anything is
  // counted. -1: nobody is.
  double min_similarity = -1;
  // Not 0: what the vector was made from, and cursors know the question by this and not by the vector, whose
  // last bits may differ from one computation to the next.
  std::uint64_t mark = 0;
};

struct Query {
  std::string text;
  std::optional<PictureQuestion> picture;
  Filter filter;
  std::vector<std::string> facets;  // keyword fields
  std::vector<SortKey> sort;        // empty: by score
  SearchMode mode = SearchMode::hybrid;
  std::optional<RankingWeights> weights;  // absent: the searcher's
  std::optional<double> min_score;        // on the fused score; absent: the searcher's
  std::size_t limit = 20;                 // 1 to 100
  std::string cursor;
  bool explain = false;
  bool highlight = true;
  bool understand = true;           // read filters from the words
  bool rerank = true;               // look twice at the best
  std::vector<std::string> ignore;  // chip ids not wanted
  std::size_t considered = 0;       // the best so many are told in Answer::considered, 0 to 1,000
};

struct ScorePart {
  std::string name;   // "keyword", "semantic", "quality", "unwanted", "rerank"
  double value = 0;   // in [0,1]
  double weight = 0;  // value * weight is the contribution; below 0 for "unwanted"
  std::vector<std::pair<std::string, double>>
      details;  // "bm25:fitness in bio", "cosine:youtube_bio", "name match"…
};

struct MatchedPicture {
  Digest sha256{};
  double similarity = 0;  // cosine with the question
  friend bool operator==(const MatchedPicture&, const MatchedPicture&) = default;
};
inline constexpr std::size_t max_matched_pictures = 8;

struct Hit {
  CreatorId id;
  double score = 0;
  std::vector<ScorePart> parts;                                 // contributions add up to score within 1e-6
  std::string why;                                              // one sentence, plain text
  std::vector<std::pair<std::string, std::string>> highlights;  // field, safe HTML with <mark>
  Profile profile;                                              // from the store; a few newest items
  std::vector<MatchedPicture> pictures;  // where pictures were asked for: nearest first, at most
                                         // max_matched_pictures of those in profile.pictures
};

// A candidate as it was ranked, shown or not.
struct Considered {
  CreatorId id;
  double score = 0;
  std::vector<ScorePart> parts;
};

struct FacetCount {
  std::string value;
  std::size_t count = 0;
};

struct Answer {
  std::vector<Hit> hits;
  std::vector<Considered> considered;  // from the first rank on, at least up to the last hit; none where that
                                       // is beyond 1,000
  std::size_t first_rank = 1;          // of the first hit, over all pages
  std::size_t total = 0;
  bool total_is_lower_bound = false;  // of the facets' counts too: not all that match were looked at
  std::vector<std::pair<std::string, std::vector<FacetCount>>> facets;
  std::string next_cursor;  // empty: last page
  Understood understood;
  std::vector<std::string>
      degraded;  // "semantic: embedding failed", "semantic: 40 % of creators embedded so far"
  std::string plan;
  std::string synonyms;  // version of those applied; empty: none are in use
  std::uint64_t generation = 0;
  Revision revision;
};

struct Suggestion {
  std::string kind;  // "creator", "niche", "place", "language"
  std::string text;
  std::string detail;  // "@anadances · 182k"
  std::optional<CreatorId> creator;
};

// A question by rooms that rank by more than words and meaning: no chips, names, threshold or pages.
struct CandidateQuestion {
  std::string words;                        // looked for by words; empty: not by words
  std::string meaning;                      // what `vectors` were made from, for the second look
  std::vector<std::vector<float>> vectors;  // one a vector field of the schema; empty: not by meaning
  std::vector<std::vector<std::vector<float>>> contrasts;  // compared with, bring none (model/query.h)
  Filter filter;
  std::optional<RankingWeights> weights;  // absent: the searcher's
  bool second_look = true;                // rerank the best, as a search does
  std::size_t max = 1'000;                // candidates at most, 1 to 10,000
};
struct Candidate {
  CreatorId id;
  double score = 0;               // fused, after the second look
  double keyword = 0;             // in [0,1]
  double semantic = 0;            // in [0,1]; NaN: no vector
  double cosine = 0;              // weighted mean over the vector fields it has, unscaled; NaN: none
  double quality = 0;             // in [0,1]
  std::vector<float> cosines;     // by vector field; NaN: absent
  std::vector<double> contrasts;  // mean cosine with each set of contrasts; NaN: none
};
struct Candidates {
  std::vector<Candidate> found;  // by score descending, then id
  std::size_t matching = 0;      // creators that pass the filter
  bool cut = false;              // more come into question than `found` holds
  std::uint64_t generation = 0;
  Revision revision;
  std::string plan;
};

class Clock;
class Store;

struct SearcherOptions {
  RankingWeights weights;
  double min_score = 0.12;
  // When a question of at most short_words words is asked by words and meaning and even the best creator
  // stays below this, nothing is found: it is about something nobody here does. Not when the query has a
  // min_score of its own. A brief's many words never all match, so its scores say less.
  double least_best = 0.32;
  std::shared_ptr<const SynonymBook> synonyms = built_in_synonyms();  // null: none
  std::shared_ptr<const Reranker> reranker = feedback_reranker();     // null: no second look
  double rerank_weight = 0.15;
  std::size_t rerank_depth = 50;
  std::chrono::milliseconds rerank_budget{25};
  std::size_t items_shown = 5;  // newest content items a hit carries, per account
  std::chrono::minutes cursor_life{10};
  std::size_t pinned_views = 16;     // snapshots kept alive for cursors at most
  std::size_t longest_text = 4'000;  // bytes of a query's text
};

// Borrows everything it is given. `embedder` may be null: then words alone answer, and answers say so.
class Searcher {
 public:
  Searcher(const SearchBackend& backend, const Store& store, EmbeddingProvider* embedder, const Clock& clock,
           SearcherOptions options = {});
  ~Searcher();

  Result<Answer> search(const Call& call, const Query& query) const;
  // Creators nearest in meaning to this one, itself left out; query.text is ignored. `not_found` for an
  // unknown id.
  Result<Answer> similar(const Call& call, CreatorId id, const Query& query) const;
  // Who comes into question, with the parts of their scores, for a ranking of the caller's own. Without words
  // and vectors: everyone who passes the filter, by quality.
  Result<Candidates> candidates(const Call& call, const CandidateQuestion& question) const;
  Result<std::vector<Suggestion>> suggest(const Call& call, std::string_view text, std::size_t max) const;
  const SearchBackend& backend() const;

 private:
  Result<std::vector<Creator>> creators_of(const Call& call, const std::vector<CreatorId>& ids) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdx
