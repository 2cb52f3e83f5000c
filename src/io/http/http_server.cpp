#include "io/http/http_server.h"

#include <boost/asio/post.hpp>
#include <thread>

#include "base/guard.h"
#include "io/http/connection.h"

namespace cdx::http {
namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;
using boost::asio::ip::tcp;

// Connections beyond the limit that are still told so; further ones are closed without a word.
constexpr std::size_t told = 64;

}  // namespace

struct HttpServer::State {
  State(ServerOptions options, Handlers handlers)
      : shared(std::move(options), std::move(handlers)), loops(std::max(shared.options.io_threads, 1U)) {}

  Status listen();
  void accept();
  void accepted(tcp::socket socket, Loop& loop);
  void each_connection(void (Connection::*act)());
  bool wait_until_empty(milliseconds time);
  void stop();

  Shared shared;
  std::vector<Loop> loops;  // never resized
  std::size_t next = 0;     // loop of the next connection
  tcp::acceptor acceptor{loops.front().context};
  asio::steady_timer pause{loops.front().context};
  std::uint16_t port = 0;
  std::vector<std::thread> threads;
  std::once_flag stopped;
};

Status HttpServer::State::listen() {
  const auto& options = shared.options;
  Code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(ErrorKind::invalid, "'" + options.address + "' is not an IP address to listen on");
  const tcp::endpoint endpoint(address, options.port);
  const auto place = options.address + " port " + std::to_string(options.port);
  acceptor.open(endpoint.protocol(), error);
  // Lets a restart take the port while connections of the last run linger; a second server is still refused.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) return fail(ErrorKind::unavailable, "cannot listen on " + place + ": " + error.message());
  port = acceptor.local_endpoint(error).port();
  return {};
}

void HttpServer::State::accept() {
  auto& loop = loops[next++ % loops.size()];
  acceptor.async_accept(loop.context, [this, &loop](const Code& error, tcp::socket socket) {
    if (!acceptor.is_open()) return;
    if (error) {  // out of descriptors, most likely: better a short pause than a busy loop
      pause.expires_after(milliseconds(100));
      pause.async_wait([this](const Code& cancelled) {
        if (!cancelled && acceptor.is_open()) accept();
      });
      return;
    }
    accepted(std::move(socket), loop);
    accept();
  });
}

void HttpServer::State::accepted(tcp::socket socket, Loop& loop) {
  const auto open = shared.open.fetch_add(1) + 1;
  if (open > shared.options.connections + told) return shared.closed();
  const bool welcome = open <= shared.options.connections;
  asio::post(loop.context, [this, welcome, &loop, held = std::move(socket)]() mutable {
    const auto connection = std::make_shared<Connection>(std::move(held), shared, loop);
    welcome ? connection->start() : connection->turn_away();
  });
}

void HttpServer::State::each_connection(void (Connection::*act)()) {
  for (auto& loop : loops)
    asio::post(loop.context, [&loop, act] {
      std::vector<std::shared_ptr<Connection>> held;  // acting may end a connection and change the set
      for (auto* connection : loop.connections)
        if (auto alive = connection->weak_from_this().lock()) held.push_back(std::move(alive));
      for (const auto& connection : held) (connection.get()->*act)();
    });
}

bool HttpServer::State::wait_until_empty(milliseconds time) {
  std::unique_lock lock(shared.mutex);
  return shared.emptied.wait_for(lock, time, [this] { return shared.open == 0; });
}

void HttpServer::State::stop() {
  shared.stopping = true;
  asio::post(loops.front().context, [this] {
    Code ignored;
    acceptor.close(ignored);
    pause.cancel();
    each_connection(&Connection::wind_down);
  });
  if (!wait_until_empty(shared.options.drain)) {
    each_connection(&Connection::stop_call);
    if (!wait_until_empty(shared.options.linger)) each_connection(&Connection::close);
  }
  shared.workers.stop();
  for (auto& loop : loops) loop.context.stop();
  for (auto& thread : threads) thread.join();
}

Result<std::unique_ptr<HttpServer>> HttpServer::open(ServerOptions options, Handlers handlers) {
  return guard("http server", ErrorKind::unavailable, [&]() -> Result<std::unique_ptr<HttpServer>> {
    auto state = std::make_unique<State>(std::move(options), std::move(handlers));
    CDX_TRY(state->listen());
    state->accept();
    for (auto& loop : state->loops)
      state->threads.emplace_back([&loop] {
        const auto alive = asio::make_work_guard(loop.context);
        loop.context.run();
      });
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
  });
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() { stop(); }
std::uint16_t HttpServer::port() const { return state_->port; }
std::size_t HttpServer::in_flight() const { return state_->shared.in_flight; }
void HttpServer::stop() {
  std::call_once(state_->stopped, [this] { state_->stop(); });
}

}  // namespace cdx::http
