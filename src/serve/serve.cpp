#include "serve/serve.h"

#include "serve/api.h"

namespace cdx {

struct Server::State {
  State(const ServerParts& parts, const ServeOptions& options, serve::Page page)
      : api(parts, options, std::move(page)) {}

  serve::Api api;
  std::unique_ptr<http::HttpServer> http;  // last: its threads use the rest
};

Result<std::unique_ptr<Server>> Server::open(ServerParts parts, ServeOptions options) {
  CDX_TRY_LET(auto page, serve::Page::of(parts.page));
  auto state = std::make_unique<State>(parts, options, std::move(page));
  const auto& api = state->api;
  http::Handlers handlers;
  handlers.answer = [&api](const http::Request& request) { return api.answer(request); };
  handlers.refuse = [&api](const http::Refusal& refusal) { return api.refuse(refusal); };
  handlers.quick = [&api](const http::Request& request) { return api.quick(request); };
  handlers.limits = [&api](const http::Request& request) { return api.limits(request); };
  CDX_TRY_LET(state->http, http::HttpServer::open(options.http, std::move(handlers)));
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() = default;
std::uint16_t Server::port() const { return state_->http->port(); }
void Server::stop() { state_->http->stop(); }

}  // namespace cdx
