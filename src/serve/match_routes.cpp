#include "serve/api.h"
#include "serve/routes.h"

namespace cdx::serve {
namespace {

constexpr std::string_view campaign_schema = R"({"type":"string","pattern":"^cm_[0-9a-hjkmnp-tv-z]{13}$"})";
const Parameter campaign_parameter{"id", "path", campaign_schema, "Id of a campaign, as a match gave it", {}};
const Parameter skip_parameter{"skip", "query",
                               R"({"type":"integer","minimum":0,"maximum":1000000,"default":0})",
                               "How many to pass over", "0"};
const Parameter limit_parameter{"limit", "query",
                                R"({"type":"integer","minimum":1,"maximum":100,"default":20})",
                                "How many are wanted", "20"};
const Parameter kind_parameter{"kind", "query",
                               R"({"type":"string","enum":["match","ranking"],"default":"match"})",
                               "Of which kind", R"("match")"};

const std::vector<Example> match_examples{
    {"brief",
     R"({"brief": {"product_name": "cork yoga mat", "brand_name": "Namo", "product_description": "a mat for home practice",)"
     R"( "target_audience": "women in Brazil who dance or practise yoga", "product_niche": "dance", "total_budget_usd": 10000,)"
     R"( "platforms": ["tiktok"], "countries": ["BR"]}, "limit": 5, "explain": true})"},
    {"another profile",
     R"({"brief": {"product_name": "samba shoes", "min_followers": 1000}, "profile": "seed-001", "keep": false})"}};
const std::vector<Example> plan_examples{
    {"budget",
     R"({"brief": {"product_name": "dance shoes", "product_niche": "dance"}, "budget_usd": 5000, "max_creators": 8,)"
     R"( "price_per_follower_usd": 0.01})"}};
const std::vector<Example> compatible_examples{
    {"design 004",
     R"({"product_name": "dance shoes", "brand_name": "Samba", "product_description": "light shoes",)"
     R"( "target_audience": "young dancers", "key_use_cases": ["stage", "class"], "campaign_goal": "awareness",)"
     R"( "product_niche": "dance", "total_budget": 5000, "min_followers": 100, "min_engagement": 0.1, "limit": 5})"}};

// Ids in examples stand for those of the reader's own creators and questions.
const std::vector<Example> event_examples{
    {"a click",
     R"({"question_id": "qu_0000000000001", "creator_id": "cr_0000000000001", "action": "click"})"}};

}  // namespace

std::vector<Route> match_routes() {
  return {
      {.method = "POST",
       .path = "/v1/match",
       .operation = "matchBrief",
       .summary = "Creators for a campaign brief, with four scores and their reasons",
       .handler = &Api::match_brief,
       .answer = "MatchAnswer",
       .media_type = json_type,
       .errors = {404, 410, 413, 415, 504},
       .body = "MatchBody",
       .examples = match_examples},
      {.method = "POST",
       .path = "/v1/match/plan",
       .operation = "planBudget",
       .summary = "Whom to pay for with a budget, so that most people are reached",
       .handler = &Api::match_plan,
       .answer = "PlanAnswer",
       .media_type = json_type,
       .errors = {404, 413, 415, 504},
       .body = "PlanBody",
       .examples = plan_examples},
      {.method = "GET",
       .path = "/v1/campaigns",
       .operation = "listCampaigns",
       .summary = "Campaigns that were matched, the newest first",
       .handler = &Api::campaigns,
       .answer = "Campaigns",
       .media_type = json_type,
       .errors = {404, 504},
       .parameters = {skip_parameter, limit_parameter}},
      {.method = "GET",
       .path = "/v1/campaigns/{id}",
       .operation = "getCampaign",
       .summary = "One campaign's brief",
       .handler = &Api::campaign,
       .answer = "Campaign",
       .media_type = json_type,
       .errors = {404, 504},
       .parameters = {campaign_parameter}},
      {.method = "DELETE",
       .path = "/v1/campaigns/{id}",
       .operation = "removeCampaign",
       .summary = "Forgets a campaign with its scores and their history",
       .handler = &Api::remove_campaign,
       .errors = {404, 504},
       .parameters = {campaign_parameter},
       .success = 204},
      {.method = "GET",
       .path = "/v1/campaigns/{id}/matches",
       .operation = "getMatches",
       .summary = "Scores as they were kept, best first",
       .handler = &Api::campaign_matches,
       .answer = "KeptMatches",
       .media_type = json_type,
       .errors = {404, 504},
       .parameters = {campaign_parameter, skip_parameter, limit_parameter}},
      {.method = "GET",
       .path = "/v1/campaigns/{id}/matches/{creator}/history",
       .operation = "getScoreHistory",
       .summary = "What a creator scored for this campaign before",
       .handler = &Api::score_history,
       .answer = "ScoreHistory",
       .media_type = json_type,
       .errors = {404, 504},
       .parameters = {campaign_parameter,
                      {"creator", "path", creator_id_schema, "Id of a creator, as in a hit", {}}}},
      {.method = "POST",
       .path = "/v1/events",
       .operation = "recordChoice",
       .summary = "That a creator of an answer was clicked, saved or hidden",
       .handler = &Api::event,
       .errors = {404, 413, 415, 504},
       .body = "EventBody",
       .examples = event_examples,
       .success = 204},
      {.method = "GET",
       .path = "/v1/profiles",
       .operation = "listProfiles",
       .summary = "Scoring and ranking profiles, and which is in use",
       .handler = &Api::profiles,
       .answer = "Profiles",
       .media_type = json_type,
       .errors = {504},
       .parameters = {kind_parameter}},
      {.method = "POST",
       .path = "/api/ai/similaritysearch",
       .operation = "similaritySearch",
       .summary = "Matching in the words and strings of design 004",
       .handler = &Api::similarity_search,
       .answer = "CompatibleAnswer",
       .media_type = json_type,
       .errors = {413, 415, 504},
       .body = "CompatibleBody",
       .examples = compatible_examples},
  };
}

}  // namespace cdx::serve
