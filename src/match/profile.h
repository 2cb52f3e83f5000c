// Scoring profiles: which formula, with which weights. Plain data, versioned. Part of match/match.h.
//
//   seed-004  similarity alone; the four sub-scores are reported, not blended (design 004)
//   seed-001  (alpha * keyword + beta * semantic + gamma * quality) / (alpha + beta + gamma) (design 001: 7)
//   seed-002  weighted engagement quality, follower size and vector similarity (design 002: stage 2)
//   balanced  relevance, niche, audience, engagement, budget and history with brands, each in [0,1]; a part
//   of which nothing is
//             known weighs nothing, and the others share its weight in proportion
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/result.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx {

enum class MatchFormula { seed_004, seed_001, seed_002, balanced };
std::string_view name(MatchFormula formula);

struct MatchWeights {  // of `balanced`
  double relevance = 0.50, niche = 0.20, audience = 0.20, engagement = 0.05, budget = 0.05, history = 0.10;
};
struct AudienceWeights {  // of the evidence inside the audience part
  double language = 0.40, country = 0.25, niche = 0.10, content = 0.25;
};
struct SizeWeights {  // of seed-002
  double engagement = 0.3, followers = 0.2, similarity = 0.5;
};

struct ScoringProfile {
  std::string name = "balanced";
  MatchFormula formula = MatchFormula::balanced;
  std::uint32_t version = 2;  // of the formulas in parts.h; stored with every score
  RankingWeights ranking;     // of the searcher's fusion: relevance of `balanced`, all of seed-001
  MatchWeights match;
  AudienceWeights audience;
  SizeWeights size;
  double campaign_creators = 10;  // a brief's budget is thought to be shared by so many
};

inline constexpr std::uint32_t match_formula_version = 2;

// The four above, in the order: balanced, seed-004, seed-001, seed-002.
std::span<const ScoringProfile> built_in_profiles();
// `not_found`, naming those there are.
Result<ScoringProfile> built_in_profile(std::string_view name);

// Settings of a kept profile (store/usage.h, kind "match"): an object with any of formula, ranking{alpha,
// beta, gamma, vector_weights{field: w}}, match{…}, audience{…}, size{…}, campaign_creators; what is missing
// stays as in the built-in profile of that formula (default: balanced). `invalid` names the member that is
// wrong: unknown ones, weights that are negative, not finite or all 0.
Result<ScoringProfile> read_profile(std::string_view name, std::string_view settings);
// The profile a question means: by name a built-in one, else one that is kept; without a name the one in use.
// `custom` is given for a kept one. An unknown name is handed on: the matcher says which there are.
struct ChosenProfile {
  std::string name = "balanced";
  std::optional<ScoringProfile> custom;
};
Result<ChosenProfile> choose_profile(const Call& call, const UsageStore& usage,
                                     const std::optional<std::string>& name);
// All members; read_profile() gives an equal profile back.
std::string write_profile(const ScoringProfile& profile);

}  // namespace cdx
