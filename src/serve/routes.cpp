#include "serve/routes.h"

#include "serve/api.h"

namespace cdx::serve {
namespace {

constexpr std::string_view json = "application/json";
constexpr std::string_view plain = "text/plain";

constexpr std::string_view id_schema = R"({"type":"string","pattern":"^cr_[0-9a-hjkmnp-tv-z]{13}$"})";
const Parameter creator_parameter{"id", "path", id_schema, "Id of a creator, as in a hit", {}};

const std::vector<Example> search_examples{
    {"words", R"({"q": "tiktok dancers from brazil with over 5% engagement"})"},
    {"nothing asked", "{}"},
    {"filters",
     R"({"filter": {"all": [{"field": "platform", "in": ["tiktok"]}, {"field": "followers", "gte": 1000, "lt": 500000},)"
     R"( {"not": {"field": "niche", "in": ["gaming"]}}, {"field": "last_post_at", "gte": "2026-01-01"}]},)"
     R"( "facets": ["platform", "niche"], "sort": [{"field": "followers", "dir": "desc"}]})"},
    {"everything",
     R"({"q": "dance", "filter": {"any": [{"field": "country", "in": ["BR", "PT"]}, {"field": "verified", "exists": true}]},)"
     R"( "facets": ["platform"], "sort": [], "mode": "hybrid",)"
     R"( "fusion": {"alpha": 0.45, "beta": 0.5, "gamma": 0.05, "min_score": 0.0}, "limit": 20, "cursor": null,)"
     R"( "explain": true, "highlight": true, "understand": true, "ignore": ["platform=tiktok"]})"}};

const std::vector<Example> alias_examples{{"words", R"({"query": "dance from brazil", "top_k": 10})"}};

const std::vector<Parameter> similar_parameters{
    creator_parameter,
    {"limit", "query", R"({"type":"integer","minimum":1,"maximum":100,"default":10})", "Hits wanted", "10"},
    {"explain", "query", R"({"type":"boolean","default":false})", "Every part of every score", "true"},
    {"cursor", "query", R"({"type":"string","maxLength":2000})", "next_cursor of the page before", {}}};

const std::vector<Parameter> suggest_parameters{
    {"q", "query", R"({"type":"string","maxLength":400,"default":""})", "What was typed so far", R"("ana")"},
    {"limit", "query", R"({"type":"integer","minimum":1,"maximum":20,"default":8})", "Suggestions wanted",
     "8"}};

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
const std::vector<Example> similar_examples{
    {"like one",
     R"({"examples": ["cr_0000000000001"], "filter": {"field": "platform", "in": ["tiktok", "youtube"]}, "limit": 5,)"
     R"( "explain": true})"}};
const std::vector<Example> event_examples{
    {"a click",
     R"({"question_id": "qu_0000000000001", "creator_id": "cr_0000000000001", "action": "click"})"}};

// A red square.
#define CDX_EXAMPLE_PICTURE                                                                               \
  "data:image/"                                                                                           \
  "png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4ISdHEmIY1TCqYfhqAADkYgQQ6ZuA8Q" \
  "AAAABJRU5ErkJggg=="
const std::vector<Example> picture_examples{
    {"words",
     R"({"text": "a red dress on a beach", "filter": {"field": "platform", "in": ["tiktok"]}, "limit": 5})"},
    {"like this", R"({"image": ")" CDX_EXAMPLE_PICTURE R"(", "min_similarity": -0.5, "explain": true})"},
    {"like this, less that",
     R"({"text": "red", "image": ")" CDX_EXAMPLE_PICTURE R"(", "minus": {"text": "blue"},)"
     R"( "weights": {"text": 0.5, "image": 1, "minus": 0.3, "picture": 0.8}, "q": "dance", "facets": ["platform"]})"}};
const std::vector<Example> picture_form_examples{
    {"a file", R"({"query": {"limit": 3}, "image": ")" CDX_EXAMPLE_PICTURE R"("})"}};
const std::vector<Example> upload_examples{
    {"a table",
     R"({"file": "platform,handle,followers,bio\nyoutube,newcomer,1200,slow bread\n", "source": "newsletter"})"},
    {"a picture",
     R"({"file": ")" CDX_EXAMPLE_PICTURE R"(", "creator_id": "cr_0000000000001", "caption": "red"})"}};
const std::vector<Example> ingest_examples{
    {"records",
     R"({"records": [{"platform": "tiktok", "handle": "ingested", "followers": 900}], "basis": "consent"})"},
    {"a list", R"([{"platform": "youtube", "handle": "another", "followers": 40}])"},
    {"a picture", R"({"pictures": [{"creator_id": "cr_0000000000001", "image": ")" CDX_EXAMPLE_PICTURE
                  R"(", "role": "content"}]})"}};
#undef CDX_EXAMPLE_PICTURE
const Parameter sha256_parameter{
    "sha256", "path", R"({"type":"string"})", "Of the picture's file, as a hit names it", {}};

}  // namespace

const std::vector<Route>& routes() {
  static const std::vector<Route> table{
      {"POST",
       "/v1/creators/search",
       "searchCreators",
       "Creators by words, meaning and filters",
       &Api::search,
       "Answer",
       json,
       {410, 413, 415, 504},
       "SearchBody",
       search_examples},
      {"GET",
       "/v1/creators/{id}",
       "getCreator",
       "Everything kept of one creator",
       &Api::creator,
       "Creator",
       json,
       {404, 504},
       {},
       {},
       {creator_parameter}},
      {"GET",
       "/v1/creators/{id}/similar",
       "similarCreators",
       "Creators nearest in meaning",
       &Api::similar,
       "Answer",
       json,
       {404, 410, 504},
       {},
       {},
       similar_parameters},
      {"POST",
       "/v1/creators/similar",
       "similarToMany",
       "Creators like several others and unlike some",
       &Api::similar_to_many,
       "SimilarAnswer",
       json,
       {404, 413, 415, 504},
       "SimilarBody",
       similar_examples},
      {"POST",
       "/v1/match",
       "matchBrief",
       "Creators for a campaign brief, with four scores and their reasons",
       &Api::match_brief,
       "MatchAnswer",
       json,
       {404, 410, 413, 415, 504},
       "MatchBody",
       match_examples},
      {"POST",
       "/v1/match/plan",
       "planBudget",
       "Whom to pay for with a budget, so that most people are reached",
       &Api::match_plan,
       "PlanAnswer",
       json,
       {404, 413, 415, 504},
       "PlanBody",
       plan_examples},
      {"GET",
       "/v1/campaigns",
       "listCampaigns",
       "Campaigns that were matched, the newest first",
       &Api::campaigns,
       "Campaigns",
       json,
       {404, 504},
       {},
       {},
       {skip_parameter, limit_parameter}},
      {"GET",
       "/v1/campaigns/{id}",
       "getCampaign",
       "One campaign's brief",
       &Api::campaign,
       "Campaign",
       json,
       {404, 504},
       {},
       {},
       {campaign_parameter}},
      {"DELETE",
       "/v1/campaigns/{id}",
       "removeCampaign",
       "Forgets a campaign with its scores and their history",
       &Api::remove_campaign,
       {},
       {},
       {404, 504},
       {},
       {},
       {campaign_parameter},
       false,
       204},
      {"GET",
       "/v1/campaigns/{id}/matches",
       "getMatches",
       "Scores as they were kept, best first",
       &Api::campaign_matches,
       "KeptMatches",
       json,
       {404, 504},
       {},
       {},
       {campaign_parameter, skip_parameter, limit_parameter}},
      {"GET",
       "/v1/campaigns/{id}/matches/{creator}/history",
       "getScoreHistory",
       "What a creator scored for this campaign before",
       &Api::score_history,
       "ScoreHistory",
       json,
       {404, 504},
       {},
       {},
       {campaign_parameter, {"creator", "path", id_schema, "Id of a creator, as in a hit", {}}}},
      {"POST",
       "/v1/events",
       "recordChoice",
       "That a creator of an answer was clicked, saved or hidden",
       &Api::event,
       {},
       {},
       {404, 413, 415, 504},
       "EventBody",
       event_examples,
       {},
       false,
       204},
      {"GET",
       "/v1/profiles",
       "listProfiles",
       "Scoring and ranking profiles, and which is in use",
       &Api::profiles,
       "Profiles",
       json,
       {504},
       {},
       {},
       {kind_parameter}},
      {"POST",
       "/v1/images/search",
       "searchPictures",
       "Creators by what their pictures show: words, examples, and what they are to be unlike",
       &Api::search_pictures,
       "Answer",
       json,
       {403, 404, 410, 413, 415, 504},
       "PictureSearchBody",
       picture_examples,
       {},
       false,
       200,
       "PictureSearchForm",
       picture_form_examples},
      {"GET",
       "/v1/images/{sha256}/thumbnail",
       "getThumbnail",
       "A known picture, at most 256 pixels on its longer side",
       &Api::thumbnail,
       {},
       "image/jpeg",
       {404, 504},
       {},
       {},
       {sha256_parameter}},
      {"POST",
       "/upload",
       "upload",
       "Takes in tables of creators, and pictures of one",
       &Api::upload,
       "Taken",
       json,
       {403, 413, 415, 504},
       {},
       {},
       {},
       false,
       200,
       "UploadForm",
       upload_examples,
       true},
      {"POST",
       "/ingest",
       "ingest",
       "Takes in records, pictures and their vectors",
       &Api::ingest,
       "Taken",
       json,
       {403, 413, 415, 504},
       "IngestBody",
       ingest_examples,
       {},
       false,
       200,
       {},
       {},
       true,
       "application/x-ndjson"},
      {"GET",
       "/v1/analytics",
       "getAnalytics",
       "Searches of the last hour: how many, how fast, how many found nothing",
       &Api::analytics,
       "Analytics",
       json,
       {504}},
      {"POST",
       "/api/ai/similaritysearch",
       "similaritySearch",
       "Matching in the words and strings of design 004",
       &Api::similarity_search,
       "CompatibleAnswer",
       json,
       {413, 415, 504},
       "CompatibleBody",
       compatible_examples},
      {"GET",
       "/v1/suggest",
       "suggest",
       "Names, niches and places while typing",
       &Api::suggest,
       "Suggestions",
       json,
       {504},
       {},
       {},
       suggest_parameters},
      {"GET",
       "/v1/status",
       "getStatus",
       "How much is stored, indexed and embedded",
       &Api::status,
       "Status",
       json,
       {504}},
      {"POST",
       "/search",
       "searchAlias",
       "Search in the words of the designs",
       &Api::search_alias,
       "AliasAnswer",
       json,
       {413, 415, 504},
       "AliasBody",
       alias_examples},
      {"GET", "/livez", "livez", "200 while the process runs", &Api::livez, {}, plain, {}, {}, {}, {}, true},
      {"GET", "/readyz", "readyz", "200 once searches are answered, 503 before", &Api::readyz, {}, plain, {}},
      {"GET", "/health", "health", "As readyz, with a body", &Api::health, "Health", json, {}},
      {"GET", "/metrics", "metrics", "Figures in the Prometheus text form", &Api::metrics, {}, plain, {}},
      {"GET",
       "/openapi.json",
       "openapi",
       "This document",
       &Api::openapi,
       "Document",
       json,
       {},
       {},
       {},
       {},
       true},
  };
  return table;
}

namespace {

// The next part of a path, which begins with "/"; takes it off.
std::string_view next_part(std::string_view& path) {
  path.remove_prefix(1);
  const auto part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& in_path) {
  in_path.clear();
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const auto wanted = next_part(pattern);
    auto given = http::percent_decoded(next_part(path));
    if (!given) return false;
    if (wanted.starts_with('{') && !given->empty())
      in_path.push_back(*std::move(given));
    else if (wanted != *given)
      return false;
  }
  return pattern.empty() && path.empty();
}

}  // namespace

Matched match(std::string_view method, std::string_view path) {
  Matched out;
  std::vector<std::string> in_path;
  for (const auto& route : routes()) {
    if (!fits(route.path, path, in_path)) continue;
    if (!out.allowed.empty()) out.allowed += ", ";
    out.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    if (method != route.method && !(method == "HEAD" && route.method == "GET")) continue;
    out.route = &route;
    out.in_path = std::move(in_path);
    return out;
  }
  return out;
}

}  // namespace cdx::serve
