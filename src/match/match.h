// Campaign briefs to creators: named scoring profiles, stored and versioned scores, look-alikes, budget
// plans.
//
//   seed_004.h  the formulas of design 004 and the answer of its endpoint
//   profile.h   scoring profiles: which formula, with which weights
//   parts.h     what a creator is worth to a brief, part by part, with reasons
//   similar.h   creators like several others and unlike some
//   plan.h      whom to pay for with a budget, so that most people are reached
//
// Promises: the brief's bounds (followers, engagement, platforms, countries, languages) are hard filters; a
// creator that does not state a bounded figure does not pass. One candidate set per brief, of stated size:
// `total` counts it, pages walk over it, a cursor sees the ranking of its first page or is refused
// (`conflict`). Order is score, then id. The contributions of a creator's parts add up to its score within
// 1e-6. An equal brief, profile and index generation is answered from memory and written once. Thread-safe.
// Errors: `invalid` (message begins with the JSON pointer of the wrong member), `not_found`, `conflict`
// (start again), `timed_out`, `cancelled`, and the store's. When the brief cannot be embedded, words alone
// answer and `degraded` says so; seed-004, which is likeness alone, is then `unavailable`. Never: network of
// its own; filters made from a brief's free words.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/time.h"
#include "embed/embed.h"
#include "match/parts.h"
#include "match/plan.h"
#include "match/profile.h"
#include "match/seed_004.h"
#include "match/similar.h"
#include "model/model.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx {

struct MatchOptions {
  std::string profile = "balanced";      // a built-in one, unless `custom` is given
  std::optional<ScoringProfile> custom;  // a kept profile (profile.h: read_profile)
  std::optional<CampaignId> campaign;    // absent: made from the brief, so that equal briefs are one campaign
  std::size_t limit = 20;                // 1 to 100
  std::string cursor;                    // of an answer to the same brief and profile
  bool explain = false;                  // parts with details; without, parts have reasons only
  bool keep = true;                      // store campaign and scores
  std::size_t considered = 0;            // the best so many are told in MatchAnswer::considered, 0 to 1,000
};

struct MatchHit {
  CreatorId id;
  double score = 0;
  bool clamped = false;                                        // the similarity lay outside [0, 1] (seed-004)
  double niche = 0, audience = 0, engagement = 0, budget = 0;  // 0.5 where nothing is known: see `parts`
  std::vector<MatchPart> parts;
  std::string why;  // one sentence
  Profile profile;  // from the store; a few newest items
};

// A candidate as it was ranked, shown or not.
struct ConsideredMatch {
  CreatorId id;
  double score = 0;
  std::vector<MatchPart> parts;
};

struct MatchAnswer {
  CampaignId campaign;
  std::vector<MatchHit> hits;
  std::vector<ConsideredMatch> considered;  // from the first rank on, at least up to the last hit; none where
                                            // that is beyond 1,000
  std::size_t first_rank = 1;
  std::size_t total = 0;     // creators ranked
  std::size_t matching = 0;  // creators that pass the hard filters
  bool bounded = false;      // more come into question than were ranked
  std::string next_cursor;   // empty: last page
  std::string profile;
  std::uint32_t formula = 0;
  std::string model;  // of the embedding; empty: none
  std::vector<std::string> degraded;
  std::string plan;  // how the candidates were found, in words
  std::uint64_t generation = 0;
  Revision revision;
  bool remembered = false;  // nothing was computed or written for this answer
};

// What is kept of a campaign, with the creators as they are now (those erased since are left out of `hits`).
struct KeptMatches {
  Campaign campaign;
  std::vector<MatchScore> scores;
  std::vector<Profile> profiles;  // one a score, in their order; without accounts where the creator is gone
  std::size_t total = 0;
};

struct MatcherOptions {
  std::size_t candidates = 1'000;        // ranked for a brief at most
  std::size_t remembered_rankings = 16;  // kept for pages and repeated briefs
  std::size_t remembered_vectors = 256;  // of briefs
  std::size_t items_shown = 5;           // newest content items a hit carries, per account
  std::size_t longest_brief = 16'000;    // bytes of its texts together
  std::size_t longest_words = 3'500;     // bytes of them that are looked for by words
};

class Matcher {
 public:
  // Borrows everything. `campaigns` may be null: then nothing is kept. `embedder` may be null: words alone.
  Matcher(const Searcher& searcher, const Store& store, CampaignStore* campaigns, EmbeddingProvider* embedder,
          const Clock& clock, MatcherOptions options = {});
  ~Matcher();

  Result<MatchAnswer> match(const Call& call, const Brief& brief, const MatchOptions& options = {});

  // The endpoint of design 004. Pages are numbered from 1; `total` counts the creators that pass the filters
  // and have a vector, as far as they are known: all that pass where they are more than the candidates.
  // `invalid` for a page beyond the 10,000th creator, and for missing product, brand or budget.
  Result<seed_004::SimilaritySearch> similarity_search(const Call& call, const seed_004::Request& request);

  // Scores as they were kept, best first. `not_found` for an unknown campaign.
  Result<KeptMatches> matches(const Call& call, CampaignId campaign, std::size_t skip, std::size_t max) const;

  // Creators like the examples (similar.h).
  Result<SimilarAnswer> similar(const Call& call, const SimilarQuestion& question) const;

  // Whom to pay for (plan.h): the best creators for the brief, or those named.
  Result<PlanAnswer> plan(const Call& call, const Brief& brief, const PlanOptions& options);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The words of a brief that are looked for, most telling first; the meaning that is embedded for all formulas
// but seed-004, which embeds campaign_text(). Equal briefs give equal texts.
std::string brief_words(const Brief& brief);
// Hash of everything a brief says; the campaign of an unnamed brief.
std::uint64_t brief_hash(const Brief& brief);
// `invalid`, beginning with the JSON pointer of the wrong member ("/min_followers: …").
Status check_brief(const Brief& brief);
// The hard filter of a brief.
Filter brief_filter(const Brief& brief);

}  // namespace cdx
