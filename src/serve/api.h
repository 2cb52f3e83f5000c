// The API as a function from requests to responses. Private to serve; Server puts it behind sockets.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "serve/faults.h"
#include "serve/intake.h"
#include "serve/page.h"
#include "serve/picture_question.h"
#include "serve/ranking_in_use.h"
#include "serve/render.h"
#include "serve/routes.h"
#include "serve/same_pictures.h"
#include "serve/search_figures.h"
#include "serve/serve.h"
#include "serve/usage_log.h"

namespace cdx::serve {

class Api {
 public:
  Api(const ServerParts& parts, const ServeOptions& options, Page page);

  http::Response answer(const http::Request& request) const;
  http::Response refuse(const http::Refusal& refusal) const;
  bool quick(const http::Request& request) const;
  http::RequestLimits limits(const http::Request& request) const;

  // Handlers of routes.cpp.
  http::Response search(const Exchange&) const;
  http::Response search_alias(const Exchange&) const;
  http::Response creator(const Exchange&) const;
  http::Response similar(const Exchange&) const;
  http::Response suggest(const Exchange&) const;
  http::Response match_brief(const Exchange&) const;
  http::Response match_plan(const Exchange&) const;
  http::Response similar_to_many(const Exchange&) const;
  http::Response similarity_search(const Exchange&) const;
  http::Response campaigns(const Exchange&) const;
  http::Response campaign(const Exchange&) const;
  http::Response remove_campaign(const Exchange&) const;
  http::Response campaign_matches(const Exchange&) const;
  http::Response score_history(const Exchange&) const;
  http::Response event(const Exchange&) const;
  http::Response profiles(const Exchange&) const;
  http::Response search_pictures(const Exchange&) const;
  http::Response thumbnail(const Exchange&) const;
  http::Response upload(const Exchange&) const;
  http::Response ingest(const Exchange&) const;
  http::Response analytics(const Exchange&) const;
  http::Response status(const Exchange&) const;
  http::Response livez(const Exchange&) const;
  http::Response readyz(const Exchange&) const;
  http::Response health(const Exchange&) const;
  http::Response metrics(const Exchange&) const;
  http::Response openapi(const Exchange&) const;

 private:
  struct Routed {
    http::Response response;
    std::string_view route;  // for metrics and logs: bounded
    bool quiet = false;      // not worth a log line by default
  };
  Routed route(const http::Request& request, std::string_view id) const;
  bool host_known(const http::Request& request) const;
  http::Response failed(const Exchange& exchange, const Error& error) const;
  http::Response faulty(const Exchange& exchange, const Faults& faults) const;
  std::optional<http::Response> wrong_body_type(const Exchange& exchange,
                                                std::string_view allowed = "application/json") const;
  // For bodies that may be a form with files too: those are refused from pages of other sites.
  std::optional<http::Response> wrong_form_or_body(const Exchange& exchange) const;
  bool asked_by_other_site(const http::Request& request) const;
  std::optional<http::Response> writes_refused(const Exchange& exchange) const;
  http::Response no_pictures(const Exchange& exchange) const;
  Rendering rendering(const Exchange& exchange) const;
  // To metrics and to the figures of the last hour. `outcome` is "ok", "degraded" or the kind of error.
  void note_search(SearchKind kind, std::string_view outcome, bool empty,
                   std::chrono::steady_clock::duration took) const;
  void note_search(SearchKind kind, const Query& query, const Result<Answer>& answer,
                   std::chrono::steady_clock::duration took) const;
  http::Response answer_query(const Exchange& exchange, const Query& query, bool alias) const;
  std::string request_id(const http::Request& request) const;
  http::Response not_offered(const Exchange& exchange) const;
  http::Response no_campaign(const Exchange& exchange) const;
  std::optional<http::Response> read_page(const Exchange& exchange, std::size_t& skip,
                                          std::size_t& limit) const;

  const Searcher& searcher_;
  const Store& store_;
  const Clock& clock_;
  Matcher* matcher_;          // null: no campaigns
  CampaignStore* campaigns_;  // null: none are kept
  UsageStore* usage_;         // null: nothing is logged, profiles are the built-in ones
  std::unique_ptr<UsageLog> usage_log_;
  RankingInUse ranking_in_use_;
  PictureDesk* pictures_;                                // null: no pictures
  std::unique_ptr<PictureQuestions> picture_questions_;  // null: as above
  std::unique_ptr<Intake> intake_;                       // null: nothing is taken in
  mutable SamePictures same_pictures_;
  mutable SearchFigures search_figures_;
  ServiceState service_;
  ServeOptions options_;
  Page page_;
  Schema schema_;
  std::string openapi_;
  std::uint64_t id_seed_ = 0;
  bool check_host_ = false;
  mutable std::atomic<std::uint64_t> id_count_{0};
  mutable std::atomic<std::int64_t> in_flight_{0};
};

}  // namespace cdx::serve
