// The formulas of design 004, branch by branch, and the answer of its endpoint. Part of match/match.h. Pure.
//
// Scores are per cent here, as in the design (0 to 100), and so is engagement (5.0 is 5 %): this is the one
// place where fractions become per cent. What the design leaves open or gets wrong is settled so: an unknown
// niche is a niche that fits nothing (design: a crash), an unknown engagement counts as 0 %, a negative
// cosine gives a match of 0 and is flagged, the "@" stands before the handle (design: the platform), and
// `total` and `pages` are true (design: the page's length, 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"

namespace cdx::seed_004 {

// 75 without a campaign niche, 100 for equal ones (any case), the table's value for a pair of it (campaign
// niche first; one direction), else 40. An absent creator niche is 40.
double niche_match(std::string_view campaign_niche, std::string_view creator_niche);

// The same for a key of our two-level taxonomy, where the design has one word: equal keys are 100; otherwise
// the sub-niche's own word counts where the table knows it ("food/cooking" is "cooking"), and else its parent
// ("fitness/yoga" is "fitness").
double niche_match_of_key(std::string_view campaign_niche, std::string_view creator_key);

// 50 without an audience; else 43, +10 when engagement is above 5 %, +5 when followers are above 100,000.
double audience_match(std::string_view target_audience, std::optional<double> engagement_percent,
                      std::optional<std::int64_t> followers);

// 100 from 10 %, 90 from 7, 80 from 5, 70 from 3, 60 from 2, 50 from 1, else 40; unknown: 40.
double engagement_score(std::optional<double> engagement_percent);

// r = (budget / 10) / rate: 100 from 1.5, 90 from 1.0, 80 from 0.8, 60 from 0.6, 40 from 0.4, else 20; 50
// when either is missing, 0 or not a number.
double budget_fit(std::optional<double> total_budget, std::optional<double> collaboration_rate);

// similarity * 100, held within [0, 100]; `clamped` when it had to be.
struct Percent {
  double value = 0;
  bool clamped = false;
};
Percent match_score(double similarity);

// "Product: …\nBrand: …\n…": the seven lines that the design embeds, absent parts empty, blanks at the ends
// stripped as the design strips them. Lines keep the design's indent of four blanks.
std::string campaign_text(const Brief& brief);

// The nine lines of a creator that the design embeds. Ours are embedded field by field instead
// (docs/scoring.md tells why); this is for those who compare.
std::string creator_text(const Profile& profile);

// What the endpoint is asked.
struct Request {
  Brief brief;
  std::size_t limit = 20;  // 1 to 100
  std::size_t page = 1;    // from 1
};

struct DetailedScores {  // "%.2f%%"
  std::string niche_match, audience_match, engagement_score, budget_fit;
};
struct Match {
  CreatorId creator;
  std::string id;
  std::string influencer_name;  // "Ana Dances (@anadances)"; without "(@…)" where there is no handle
  std::optional<std::string> profile_image;  // absent: null
  std::string platform;                      // of the largest account
  std::string match_score;                   // "87.31%"
  bool clamped = false;                      // the similarity was outside [0, 1]
  std::string niche;                         // key of the taxonomy; empty: unknown
  std::string followers;                     // for people: "182K", "1.2M"; empty: unknown
  std::int64_t followers_count_numeric = 0;
  std::string engagement;          // "%.1f%%"; "" where unknown
  std::string collaboration_rate;  // "$%.0f"; "" where unknown
  DetailedScores detailed_scores;
};
struct SimilaritySearch {
  std::vector<Match> matches;
  std::size_t total = 0, page = 1, pages = 0;
  std::vector<std::string> degraded;  // as MatchAnswer::degraded
};

// The strings of one result.
Match describe(const Brief& brief, const Profile& profile, double similarity);

// "950", "1.2K", "182K", "3.4M", "1.1B": at most three digits, rounded down so that nobody gains by it.
std::string short_count(std::int64_t count);

}  // namespace cdx::seed_004
