// Answers of the match routes as JSON text. Private to serve; pure.
#pragma once

#include <string>

#include "match/match.h"
#include "serve/briefs.h"
#include "serve/render.h"

namespace cdx::serve {

std::string render_plan(const PlanAnswer& answer, double budget_usd, const Rendering& with);
std::string render_similar(const SimilarAnswer& answer, const Rendering& with);
std::string render_seed_004(const seed_004::SimilaritySearch& answer);
std::string render_campaign(const Campaign& campaign, const Rendering& with);
std::string render_campaigns(const std::vector<Campaign>& campaigns, const Rendering& with);
std::string render_kept_matches(const KeptMatches& kept, const Rendering& with);
std::string render_score_history(const std::vector<MatchScore>& scores, const Rendering& with);
std::string render_profiles(const std::vector<NamedProfile>& profiles, std::string_view kind,
                            const UsageStore::Active& active, const Rendering& with);

}  // namespace cdx::serve
