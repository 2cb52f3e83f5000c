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
