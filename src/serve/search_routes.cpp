#include "serve/api.h"
#include "serve/routes.h"

namespace cdx::serve {
namespace {

const Parameter creator_parameter{"id", "path", creator_id_schema, "Id of a creator, as in a hit", {}};

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

// Ids in examples stand for those of the reader's own creators and questions.
const std::vector<Example> similar_examples{
    {"like one",
     R"({"examples": ["cr_0000000000001"], "filter": {"field": "platform", "in": ["tiktok", "youtube"]}, "limit": 5,)"
     R"( "explain": true})"}};

}  // namespace

std::vector<Route> search_routes() {
  return {
      {.method = "POST",
       .path = "/v1/creators/search",
       .operation = "searchCreators",
       .summary = "Creators by words, meaning and filters",
       .handler = &Api::search,
       .answer = "Answer",
       .media_type = json_type,
       .errors = {410, 413, 415, 504},
       .body = "SearchBody",
       .examples = search_examples},
      {.method = "GET",
       .path = "/v1/creators/{id}",
       .operation = "getCreator",
       .summary = "Everything kept of one creator",
       .handler = &Api::creator,
       .answer = "Creator",
       .media_type = json_type,
       .errors = {404, 504},
       .parameters = {creator_parameter}},
      {.method = "GET",
       .path = "/v1/creators/{id}/similar",
       .operation = "similarCreators",
       .summary = "Creators nearest in meaning",
       .handler = &Api::similar,
       .answer = "Answer",
       .media_type = json_type,
       .errors = {404, 410, 504},
       .parameters = similar_parameters},
      {.method = "POST",
       .path = "/v1/creators/similar",
       .operation = "similarToMany",
       .summary = "Creators like several others and unlike some",
       .handler = &Api::similar_to_many,
       .answer = "SimilarAnswer",
       .media_type = json_type,
       .errors = {404, 413, 415, 504},
       .body = "SimilarBody",
       .examples = similar_examples},
      {.method = "GET",
       .path = "/v1/suggest",
       .operation = "suggest",
       .summary = "Names, niches and places while typing",
       .handler = &Api::suggest,
       .answer = "Suggestions",
       .media_type = json_type,
       .errors = {504},
       .parameters = suggest_parameters},
      {.method = "POST",
       .path = "/search",
       .operation = "searchAlias",
       .summary = "Search in the words of the designs",
       .handler = &Api::search_alias,
       .answer = "AliasAnswer",
       .media_type = json_type,
       .errors = {413, 415, 504},
       .body = "AliasBody",
       .examples = alias_examples},
  };
}

}  // namespace cdx::serve
