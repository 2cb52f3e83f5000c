// The API as a function from requests to responses. Private to serve; Server puts it behind sockets.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "serve/faults.h"
#include "serve/page.h"
#include "serve/routes.h"
#include "serve/serve.h"

namespace cdx::serve {

class Api {
 public:
  Api(const ServerParts& parts, const ServeOptions& options, Page page);

  http::Response answer(const http::Request& request) const;
  http::Response refuse(const http::Refusal& refusal) const;
  bool quick(const http::Request& request) const;

  // Handlers of routes.cpp.
  http::Response search(const Exchange&) const;
  http::Response search_alias(const Exchange&) const;
  http::Response creator(const Exchange&) const;
  http::Response similar(const Exchange&) const;
  http::Response suggest(const Exchange&) const;
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
  std::optional<http::Response> wrong_body_type(const Exchange& exchange) const;
  http::Response answer_query(const Exchange& exchange, const Query& query, bool alias) const;
  std::string request_id(const http::Request& request) const;

  const Searcher& searcher_;
  const Store& store_;
  const Clock& clock_;
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
