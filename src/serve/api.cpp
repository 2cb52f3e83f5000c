// What every request goes through: its id, the host check, routing, headers, log and metrics.
#include "serve/api.h"

#include <algorithm>
#include <chrono>
#include <random>

#include "base/hash.h"
#include "base/id.h"
#include "base/log.h"
#include "base/metrics.h"
#include "io/http/multipart.h"
#include "search/schema.h"
#include "serve/problem.h"

namespace cdx::serve {
namespace {

using Steady = std::chrono::steady_clock;

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

// The name in "name:port", "[::1]:port".
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
  return host.substr(0, host.find(':'));
}

bool sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == '.';
  });
}

// Labels stay few, whatever clients send.
std::string method_label(std::string_view method) {
  for (const auto* known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    if (method == known) return known;
  return "other";
}

void note(const http::Request& request, const http::Response& response, std::string_view route,
          std::string_view id, Steady::duration took, bool quiet) {
  metrics::count("creatordex_http_requests_total", "Requests answered",
                 {{"route", std::string(route)},
                  {"method", method_label(request.method)},
                  {"status", std::to_string(response.status / 100) + "xx"}});
  if (quiet && response.status < 400) return;
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  log::info("request", {{"request_id", std::string(id)},
                        {"method", method_label(request.method)},
                        {"route", std::string(route)},
                        {"status", std::to_string(response.status)},
                        {"bytes", std::to_string(response.body.size())},
                        {"us", std::to_string(us)}});
}

void add_headers(http::Response& response, std::string_view id) {
  const auto add = [&](std::string_view name, std::string_view value) {
    const bool given = std::any_of(response.headers.begin(), response.headers.end(),
                                   [&](const auto& header) { return header.first == name; });
    if (!given) response.headers.emplace_back(name, value);
  };
  add("X-Request-Id", id);
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "no-referrer");
  add("Cross-Origin-Resource-Policy", "same-origin");
  add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  add("Cache-Control", "no-store");
}

}  // namespace

Api::Api(const ServerParts& parts, const ServeOptions& options, Page page)
    : searcher_(parts.searcher),
      store_(parts.store),
      clock_(parts.clock),
      matcher_(parts.matcher),
      campaigns_(parts.campaigns),
      usage_(parts.usage),
      usage_log_(parts.usage != nullptr && options.log_usage
                     ? std::make_unique<UsageLog>(*parts.usage, parts.clock,
                                                  UsageLogOptions{options.keep_usage, options.log_candidates})
                     : nullptr),
      ranking_in_use_(parts.usage),
      pictures_(parts.pictures),
      picture_questions_(parts.pictures == nullptr ? nullptr
                                                   : std::make_unique<PictureQuestions>(*parts.pictures)),
      intake_(parts.intake == nullptr ? nullptr
                                      : std::make_unique<Intake>(*parts.intake, parts.pictures, parts.clock)),
      same_pictures_(parts.store),
      search_figures_(parts.clock),
      service_(parts.service),
      options_(options),
      page_(std::move(page)),
      schema_(creator_schema(1)),
      openapi_(openapi_document(options.version)),
      check_host_(is_loopback(options.http.address) || !options.hosts.empty()) {
  std::random_device random;
  id_seed_ = static_cast<std::uint64_t>(random()) << 32U | random();
}

std::string Api::request_id(const http::Request& request) const {
  const auto given = request.header("x-request-id");
  if (sane_id(given)) return std::string(given);
  const auto count = id_count_.fetch_add(1);
  return format_id("rq_", hash64({reinterpret_cast<const char*>(&count), sizeof count}, id_seed_));
}

bool Api::host_known(const http::Request& request) const {
  if (!check_host_) return true;
  const auto name = host_name(request.host);
  const auto same = [&](std::string_view known) { return http::equal_ignoring_case(name, known); };
  return same("localhost") || same("127.0.0.1") || same("[::1]") ||
         std::any_of(options_.hosts.begin(), options_.hosts.end(), same);
}

http::Response Api::answer(const http::Request& request) const {
  const auto start = Steady::now();
  in_flight_.fetch_add(1);
  const auto id = request_id(request);
  auto routed = route(request, id);
  add_headers(routed.response, id);
  in_flight_.fetch_sub(1);
  note(request, routed.response, routed.route, id, Steady::now() - start, routed.quiet);
  return std::move(routed.response);
}

http::Response Api::refuse(const http::Refusal& refusal) const {
  const auto id = request_id(refusal.request);
  Problem problem{refusal.status, std::string(refusal.detail), refusal.request.path, id, {}, {}};
  if (refusal.status == 503) problem.retry_after = std::chrono::seconds(1);
  auto response = problem_response(problem);
  add_headers(response, id);
  note(refusal.request, response, "none", id, {}, false);
  return response;
}

bool Api::quick(const http::Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return false;
  const auto matched = match(request.method, request.path);
  return matched.route == nullptr ? matched.allowed.empty() : matched.route->quick;
}

http::RequestLimits Api::limits(const http::Request& request) const {
  if (request.method != "POST") return {};
  const auto* route = match(request.method, request.path).route;
  if (route == nullptr || (route->form.empty() && !route->writes)) return {};
  if (!route->writes) return {options_.picture_question_bytes, {}};
  if (intake_ == nullptr) return {};
  return {options_.upload_bytes, options_.upload_time};
}

Api::Routed Api::route(const http::Request& request, std::string_view id) const {
  const auto problem = [&](int status, std::string detail) {
    return problem_response({status, std::move(detail), request.path, id, {}, {}});
  };
  if (!host_known(request))
    return {problem(421, "This server does not answer under the host name of the request."), "none"};
  auto matched = match(request.method, request.path);
  if (matched.route != nullptr) {
    const Exchange exchange{request, id, std::move(matched.in_path)};
    return {(this->*matched.route->handler)(exchange), matched.route->path, matched.route->quick};
  }
  if (!matched.allowed.empty()) {
    auto response = problem(405, "This path takes " + matched.allowed + ".");
    response.headers.emplace_back("Allow", matched.allowed);
    return {std::move(response), "none"};
  }
  const bool of_api = request.path == "/v1" || request.path.starts_with("/v1/");
  if (!of_api)
    if (auto file = page_.answer(request)) {
      if (request.method == "GET" || request.method == "HEAD") return {*std::move(file), "page", true};
      auto response = problem(405, "This path takes GET, HEAD.");
      response.headers.emplace_back("Allow", "GET, HEAD");
      return {std::move(response), "page"};
    }
  return {problem(404, "There is nothing at this path."), "none"};
}

http::Response Api::failed(const Exchange& exchange, const Error& error) const {
  const auto problem = problem_of(error, exchange.request.path, exchange.id);
  if (problem.status >= 500)
    log::warning("request failed", {{"request_id", std::string(exchange.id)},
                                    {"kind", std::string(name(error.kind))},
                                    {"reason", error.message}});
  return problem_response(problem);
}

http::Response Api::faulty(const Exchange& exchange, const Faults& faults) const {
  const auto& first = faults.list().front();
  return problem_response(
      {400,
       first.pointer.empty() ? "The request " + first.detail : first.pointer + " " + first.detail,
       exchange.request.path,
       exchange.id,
       faults.list(),
       {}});
}

// Refusing other types also keeps pages of other origins from posting without the browser asking us first.
std::optional<http::Response> Api::wrong_body_type(const Exchange& exchange, std::string_view allowed) const {
  const auto type = exchange.request.header("content-type");
  auto essence = type.substr(0, type.find(';'));
  while (essence.ends_with(' ')) essence.remove_suffix(1);
  const auto charset = type.substr(essence.size());
  const bool other_charset = charset.find("charset") != std::string_view::npos &&
                             charset.find("utf-8") == std::string_view::npos &&
                             charset.find("UTF-8") == std::string_view::npos;
  if (http::equal_ignoring_case(essence, "application/json") && !other_charset) return {};
  return problem_response({415,
                           "The body must be " + std::string(allowed) + " in UTF-8.",
                           exchange.request.path,
                           exchange.id,
                           {},
                           {}});
}

// A form is sent across origins without the browser asking us first, so that any page could have its readers'
// browsers send us one. Browsers say where a request comes from; who says nothing is no browser.
bool Api::asked_by_other_site(const http::Request& request) const {
  const auto site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  auto origin = request.header("origin");
  if (origin.empty()) return false;
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return true;
  origin.remove_prefix(scheme + 3);
  const auto known = [&](std::string_view host) {
    return http::equal_ignoring_case(host_name(origin), host);
  };
  return !http::equal_ignoring_case(origin, request.host) &&
         std::none_of(options_.hosts.begin(), options_.hosts.end(), known);
}

std::optional<http::Response> Api::wrong_form_or_body(const Exchange& exchange) const {
  if (!http::is_multipart(exchange.request.header("content-type")))
    return wrong_body_type(exchange, "application/json or multipart/form-data");
  if (!asked_by_other_site(exchange.request)) return {};
  return problem_response(
      {403, "Pages of other sites may not send forms here.", exchange.request.path, exchange.id, {}, {}});
}

Rendering Api::rendering(const Exchange& exchange) const {
  Rendering out{clock_.now(), exchange.id};
  out.thumbnails = pictures_ != nullptr;
  return out;
}

void Api::note_search(SearchKind kind, std::string_view outcome, bool empty, Steady::duration took) const {
  metrics::observe_seconds("creatordex_search_duration_seconds", "Time to answer a search",
                           {{"mode", std::string(name(kind))}, {"outcome", std::string(outcome)}},
                           std::chrono::duration<double>(took).count());
  const bool degraded = outcome == "degraded";
  search_figures_.note(kind, {outcome != "ok" && !degraded, degraded, empty, took});
}

void Api::note_search(SearchKind kind, const Query& query, const Result<Answer>& answer,
                      Steady::duration took) const {
  if (!answer) return note_search(kind, name(answer.error().kind), false, took);
  const bool empty = answer->total == 0 && query.cursor.empty();
  note_search(kind, answer->degraded.empty() ? "ok" : "degraded", empty, took);
}

}  // namespace cdx::serve
