// What each route does.
#include <chrono>

#include "base/guard.h"
#include "base/metrics.h"
#include "search/schema.h"
#include "serve/api.h"
#include "serve/problem.h"
#include "serve/query_body.h"
#include "serve/render.h"
#include "serve/render_analytics.h"

namespace cdx::serve {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* json = "application/json";

http::Response plain_text(int status, std::string_view words) {
  return {status, "text/plain; charset=utf-8", {}, std::string(words)};
}

http::Response no_creator(const Exchange& exchange) {
  return problem_response(
      {404, "There is no creator of this id.", exchange.request.path, exchange.id, {}, {}});
}

SearchKind kind_of(SearchMode mode) {
  switch (mode) {
    case SearchMode::keyword:
      return SearchKind::keyword;
    case SearchMode::semantic:
      return SearchKind::semantic;
    case SearchMode::hybrid:
      return SearchKind::hybrid;
    case SearchMode::rrf:
      break;
  }
  return SearchKind::rrf;
}

double milliseconds_of(Steady::duration took) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()) / 1000.0;
}

}  // namespace

http::Response Api::answer_query(const Exchange& exchange, const Query& query, bool alias) const {
  const auto start = Steady::now();
  auto asked = query;
  if (usage_log_) asked.considered = usage_log_->candidates();
  const auto answer = searcher_.search(exchange.request.call, asked);
  const auto took = Steady::now() - start;
  note_search(kind_of(query.mode), query, answer, took);
  if (!answer) return failed(exchange, answer.error());
  auto with = rendering(exchange);
  with.took_ms = milliseconds_of(took);
  with.explain = query.explain;
  if (usage_log_) with.question = usage_log_->note(query, *answer);
  return {200, json, {}, alias ? render_alias(*answer, with) : render_answer(*answer, with)};
}

http::Response Api::search(const Exchange& exchange) const {
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  const auto in_use = ranking_in_use_.weights(exchange.request.call);
  auto query = read_search_body(exchange.request.body, {schema_, in_use.value_or(options_.weights)}, faults);
  if (!faults.none()) return faulty(exchange, faults);
  if (!query.weights) query.weights = in_use;
  return answer_query(exchange, query, false);
}

http::Response Api::search_alias(const Exchange& exchange) const {
  if (auto refused = wrong_body_type(exchange)) return *std::move(refused);
  Faults faults;
  const auto query = read_alias_body(exchange.request.body, faults);
  if (!faults.none()) return faulty(exchange, faults);
  return answer_query(exchange, query, true);
}

http::Response Api::creator(const Exchange& exchange) const {
  Faults faults;
  Parameters(exchange.request.query, faults).refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  const auto id = CreatorId::parse(exchange.in_path.front());
  if (!id) return no_creator(exchange);
  const auto& call = exchange.request.call;
  const auto profiles = store_.profiles(call, {&*id, 1}, options_.items_shown);
  if (!profiles) return failed(exchange, profiles.error());
  if (profiles->empty()) return no_creator(exchange);
  std::vector<AccountId> accounts;
  for (const auto& account : profiles->front().accounts) accounts.push_back(account.id);
  const auto snapshots = store_.snapshots(call, accounts);
  if (!snapshots) return failed(exchange, snapshots.error());
  return {200,
          json,
          {},
          render_creator(profiles->front(), *snapshots, options_.items_shown, rendering(exchange))};
}

http::Response Api::similar(const Exchange& exchange) const {
  Faults faults;
  Parameters parameters(exchange.request.query, faults);
  Query query;
  query.limit = parameters.whole("limit", 1, 100).value_or(10);
  query.explain = parameters.flag("explain").value_or(false);
  query.cursor = parameters.text("cursor", 2'000).value_or("");
  query.understand = false;
  parameters.refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  const auto id = CreatorId::parse(exchange.in_path.front());
  if (!id) return no_creator(exchange);
  const auto start = Steady::now();
  const auto answer = searcher_.similar(exchange.request.call, *id, query);
  const auto took = Steady::now() - start;
  note_search(SearchKind::similar, query, answer, took);
  if (!answer && answer.error().kind == ErrorKind::not_found) return no_creator(exchange);
  if (!answer) return failed(exchange, answer.error());
  auto with = rendering(exchange);
  with.took_ms = milliseconds_of(took);
  with.explain = query.explain;
  with.understood = false;
  return {200, json, {}, render_answer(*answer, with)};
}

http::Response Api::suggest(const Exchange& exchange) const {
  Faults faults;
  Parameters parameters(exchange.request.query, faults);
  const auto words = parameters.text("q", 400).value_or("");
  const auto limit = parameters.whole("limit", 1, 20).value_or(8);
  parameters.refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  const auto suggestions = searcher_.suggest(exchange.request.call, words, limit);
  if (!suggestions) return failed(exchange, suggestions.error());
  return {200, json, {}, render_suggestions(*suggestions, understand(words), {clock_.now(), exchange.id})};
}

http::Response Api::status(const Exchange& exchange) const {
  Faults faults;
  Parameters(exchange.request.query, faults).refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  auto figures = service_.figures(exchange.request.call);
  if (!figures) return failed(exchange, figures.error());
  figures->takes_data = intake_ != nullptr;
  const auto view = searcher_.backend().view();
  figures->picture_space = picture_space_of(view->schema());
  return {200,
          json,
          {},
          render_status(*figures, view->generation(), view->revision(), options_.version,
                        {clock_.now(), exchange.id})};
}

http::Response Api::analytics(const Exchange& exchange) const {
  Faults faults;
  Parameters(exchange.request.query, faults).refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  const auto figures = service_.figures(exchange.request.call);
  if (!figures) return failed(exchange, figures.error());
  const auto view = searcher_.backend().view();
  return {200,
          json,
          {},
          render_analytics(search_figures_.last_hour(), *figures,
                           {view->generation(), view->revision(), view->size(),
                            std::string(picture_space_of(view->schema()))},
                           rendering(exchange))};
}

http::Response Api::livez(const Exchange&) const { return plain_text(200, "alive\n"); }

http::Response Api::readyz(const Exchange&) const {
  if (service_.ready()) return plain_text(200, "ready\n");
  auto response = plain_text(503, "starting: the index is being loaded\n");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

http::Response Api::health(const Exchange& exchange) const {
  const bool ready = service_.ready();
  JsonWriter out;
  out.object([&] {
    out.key("status").value(ready ? "ready" : "starting");
    out.key("version").value(options_.version);
    out.key("request_id").value(exchange.id);
  });
  http::Response response{ready ? 200 : 503, json, {}, out.take()};
  if (!ready) response.headers.emplace_back("Retry-After", "1");
  return response;
}

http::Response Api::metrics(const Exchange&) const {
  metrics::set("creatordex_http_requests_in_flight", "Requests being answered", {},
               static_cast<double>(in_flight_.load()));
  return {200, "text/plain; version=0.0.4; charset=utf-8", {}, metrics::exposition()};
}

http::Response Api::openapi(const Exchange&) const { return {200, "application/json", {}, openapi_}; }

}  // namespace cdx::serve
