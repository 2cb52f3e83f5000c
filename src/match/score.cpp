#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "match/parts.h"
#include "match/seed_004.h"

namespace cdx {
namespace {

MatchPart known(std::string name, double value, std::string reason) {
  return {std::move(name), std::clamp(value, 0.0, 1.0), 0, 0, std::move(reason), {}};
}

MatchPart relevance_part(const Candidate& candidate) {
  auto out = known("relevance", candidate.score, "");
  out.details = {{"keyword", candidate.keyword}, {"quality", candidate.quality}};
  if (!std::isnan(candidate.semantic)) out.details.emplace_back("similarity", candidate.semantic);
  if (std::isnan(candidate.semantic))
    out.reason = "by words alone: the creator's texts are not embedded yet";
  else if (candidate.semantic >= 0.6)
    out.reason = "texts are close to the brief in meaning";
  else if (candidate.keyword >= 0.5)
    out.reason = "texts have many of the brief's words";
  else
    out.reason = candidate.score >= 0.3 ? "texts touch what the brief is about"
                                        : "texts say little of what the brief is about";
  return out;
}

// Weights as given, shared out among the parts that are known.
void weigh(ScoredCreator& scored, const std::vector<double>& weights) {
  double total = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (scored.parts[i].value) total += weights[i];
  for (std::size_t i = 0; i < weights.size() && total > 0; ++i) {
    auto& part = scored.parts[i];
    if (!part.value) continue;
    part.weight = weights[i] / total;
    part.contribution = part.weight * *part.value;
    scored.score += part.contribution;
  }
  scored.order = scored.score;
}

void score_balanced(const ScoringProfile& profile, const Candidate& candidate, ScoredCreator& out) {
  out.parts.insert(out.parts.begin(), relevance_part(candidate));
  const auto& w = profile.match;
  weigh(out, {w.relevance, w.niche, w.audience, w.engagement, w.budget, w.history});
}

// The design's formula as it stands: an absent vector is no likeness.
void score_001(const ScoringProfile& profile, const Candidate& candidate, ScoredCreator& out) {
  const bool has_vector = !std::isnan(candidate.semantic);
  std::vector<MatchPart> own = {
      known("keyword", candidate.keyword, "share of the brief's words"),
      known("semantic", has_vector ? candidate.semantic : 0,
            has_vector ? "likeness in meaning" : "the creator's texts are not embedded yet"),
      known("quality", candidate.quality, "followers, engagement, activity")};
  out.parts.insert(out.parts.begin(), own.begin(), own.end());
  weigh(out, {profile.ranking.alpha, profile.ranking.beta, profile.ranking.gamma});
}

void score_002(const ScoringProfile& profile, const Creator& creator, const Candidate& candidate,
               ScoredCreator& out) {
  const auto engagement = engagement_part(creator);
  const bool has_vector = !std::isnan(candidate.semantic);
  std::vector<MatchPart> own = {
      known("engagement quality", engagement.value.value_or(0), engagement.reason),
      known("follower size", size_grade(creator.total_followers),
            fmt::format("{} followers", creator.total_followers)),
      known("vector similarity", has_vector ? candidate.semantic : 0,
            has_vector ? "likeness in meaning" : "the creator's texts are not embedded yet")};
  out.parts.insert(out.parts.begin(), own.begin(), own.end());
  weigh(out, {profile.size.engagement, profile.size.followers, profile.size.similarity});
}

// Likeness alone; the four sub-scores are the design's own, as fractions, and weigh nothing.
void score_004(const Wanted& wanted, const Creator& creator, const Candidate& candidate, ScoredCreator& out) {
  const auto& brief = *wanted.brief;
  const auto held = seed_004::match_score(candidate.cosine);
  const auto percent = creator.engagement_rate ? std::optional(*creator.engagement_rate * 100) : std::nullopt;
  out.score = held.value / 100;
  out.clamped = held.clamped;
  out.order = std::isnan(candidate.cosine) ? -2 : candidate.cosine;
  auto similarity =
      known("similarity", out.score, held.clamped ? "cosine outside [0, 1], held at its edge" : "cosine");
  similarity.weight = 1;
  similarity.contribution = out.score;
  similarity.details = {{"cosine", candidate.cosine}};
  const double values[] = {seed_004::niche_match_of_key(brief.product_niche, creator.primary_niche),
                           seed_004::audience_match(brief.target_audience, percent, creator.total_followers),
                           seed_004::engagement_score(percent),
                           seed_004::budget_fit(brief.total_budget_usd, creator.price_usd)};
  for (std::size_t i = 0; i < std::size(values); ++i) out.parts[i].value = values[i] / 100;
  out.parts.insert(out.parts.begin(), std::move(similarity));
}

}  // namespace

ScoredCreator score_creator(const ScoringProfile& profile, const Wanted& wanted, const Creator& creator,
                            const Candidate& candidate, std::optional<double> likeness) {
  ScoredCreator out;
  out.parts = {niche_part(wanted, creator), audience_part(wanted, creator, likeness, profile.audience),
               engagement_part(creator), budget_part(*wanted.brief, creator, profile.campaign_creators),
               history_part(wanted, creator)};
  switch (profile.formula) {
    case MatchFormula::balanced:
      score_balanced(profile, candidate, out);
      break;
    case MatchFormula::seed_001:
      score_001(profile, candidate, out);
      break;
    case MatchFormula::seed_002:
      score_002(profile, creator, candidate, out);
      break;
    case MatchFormula::seed_004:
      score_004(wanted, creator, candidate, out);
      break;
  }
  out.score = std::clamp(out.score, 0.0, 1.0);
  return out;
}

double part_value(const ScoredCreator& scored, std::string_view name) {
  for (const auto& part : scored.parts)
    if (part.name == name && part.value) return *part.value;
  return 0.5;
}

}  // namespace cdx
