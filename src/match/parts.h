// What a creator is worth to a brief, part by part. Pure; each part is in [0,1] or not known. Part of
// match/match.h. docs/scoring.md, section "Match", has the formulas with a worked example.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "match/profile.h"
#include "model/model.h"
#include "search/search.h"

namespace cdx {

// A part's value with the reason in words. Without a value nothing is known, and the reason says what is
// missing.
struct MatchPart {
  std::string name;             // "relevance", "niche", "audience", "engagement", "budget", "history", …
  std::optional<double> value;  // in [0,1]
  double weight = 0;            // as it counted; 0: reported only
  double contribution = 0;      // value * weight; all of a creator's add up to its score
  std::string reason;
  std::vector<std::pair<std::string, double>> details;
};

// What a brief asks of creators, read once.
struct Wanted {
  const Brief* brief = nullptr;
  std::string niche;                   // key of the taxonomy; empty: none said, or not a known one
  std::vector<std::string> languages;  // typed, named in the audience, or spoken in the countries asked for
  std::vector<std::string> countries;  // typed, or named in the audience
  std::vector<std::string> audience_niches;  // keys named in the audience
  std::string brand;                         // letters and digits of the brand's name, folded
  std::vector<std::string> competitors;      // the same of its competitors
  Time now = {};                             // what is recent; {}: all is, whenever it was
};
Wanted read_wanted(const Brief& brief);

// How well a creator of one niche serves a campaign of another, both keys of the taxonomy: (c - 0.4) / 0.6 of
// vocab::compatibility, so that strangers give 0 and the same niche 1. A secondary niche counts four fifths.
double niche_fit(std::string_view campaign_key, std::string_view creator_key);

MatchPart niche_part(const Wanted& wanted, const Creator& creator);
// `likeness`: cosine of the audience's words with the creator's texts; absent where there is none.
MatchPart audience_part(const Wanted& wanted, const Creator& creator, std::optional<double> likeness,
                        const AudienceWeights& weights);
// The design's steps joined by straight lines: 0.3 at 0 %, 0.5 at 1, 0.6 at 2, 0.7 at 3, 0.8 at 5, 0.9 at 7,
// 1 from 10; times 0.5 + 0.5 * credibility where that is known.
double engagement_grade(double rate);  // a fraction
MatchPart engagement_part(const Creator& creator);
// r = (budget / creators) / price, the design's steps joined: 0 at 0, 0.4 at 0.4, 0.6 at 0.6, 0.8 at 0.8, 0.9
// at 1, 1 from 1.5.
double budget_grade(double ratio);
MatchPart budget_part(const Brief& brief, const Creator& creator, double campaign_creators);
// 0.5 + (own - conflict) / 2, with own the strongest work for the brand and conflict that for a competitor,
// as the creator's posts disclose it: recency (1 for 90 days, then straight down to 0 at 365; 0.5 where the
// time is not known) times 1 for paid, 0.7 for affiliate and 0.3 for gifted work times its confidence.
MatchPart history_part(const Wanted& wanted, const Creator& creator);
// log10 of the followers, from 0 at 1,000 to 1 at 10 million.
double size_grade(std::int64_t followers);

struct ScoredCreator {
  double score = 0;  // in [0,1]
  double order = 0;  // what ranks: the score, or for seed-004 the similarity before it is held within [0,1]
  bool clamped = false;
  std::vector<MatchPart> parts;  // contributions add up to score within 1e-6
};
// `likeness` as above. All of a profile's formula.
ScoredCreator score_creator(const ScoringProfile& profile, const Wanted& wanted, const Creator& creator,
                            const Candidate& candidate, std::optional<double> likeness);

// The four of MatchScore, 0.5 for a part of which nothing is known.
double part_value(const ScoredCreator& scored, std::string_view part);

}  // namespace cdx
