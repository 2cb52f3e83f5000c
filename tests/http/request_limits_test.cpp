// Larger bodies and longer waits for some requests, within what all of them may take together.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "http/client.h"
#include "io/http/http_server.h"

namespace cdx::http {
namespace {

using test::Client;
using test::request_text;
using namespace std::chrono_literals;

// /large takes 10,000 bytes and waits long; everything else 1,000 bytes and 200 ms. All large ones together
// may take 15,000.
struct Running {
  Running() {
    ServerOptions options;
    options.port = 0;
    options.body_bytes = 1'000;
    options.large_bodies_bytes = 15'000;
    options.body_timeout = 200ms;
    options.request_deadline = 200ms;
    Handlers handlers;
    handlers.answer = [this](const Request& request) { return answer(request); };
    handlers.limits = [](const Request& request) {
      return request.path == "/large" ? RequestLimits{10'000, 5'000ms} : RequestLimits{};
    };
    auto opened = HttpServer::open(options, std::move(handlers));
    EXPECT_TRUE(opened) << opened.error().message;
    server = std::move(*opened);
  }
  Response answer(const Request& request) {
    const auto left = request.call.deadline - std::chrono::steady_clock::now();
    const bool long_one = left > 1s;
    while (hold && !request.call.stop.stop_requested()) std::this_thread::sleep_for(1ms);
    return {200, "text/plain", {}, std::to_string(request.body.size()) + (long_one ? " long" : " short")};
  }

  std::atomic<bool> hold{false};
  std::unique_ptr<HttpServer> server;  // last: ends first
};

std::string body(std::size_t size) { return std::string(size, 'x'); }

std::string chunked(std::string_view path, int chunks) {
  std::string out =
      "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < chunks; ++i) out += "3e8\r\n" + body(1'000) + "\r\n";
  return out + "0\r\n\r\n";
}

int status_of(Running& running, std::string_view bytes) {
  Client client(running.server->port());
  EXPECT_TRUE(client.send(bytes));
  const auto reply = client.receive();
  return reply ? reply->status : 0;
}

TEST(RequestLimits, HoldForTheirPathAlone) {
  Running running;
  Client client(running.server->port());
  EXPECT_EQ(client.ask("POST", "/large", body(10'000))->body, "10000 long");
  EXPECT_EQ(client.ask("POST", "/", body(1'000))->body, "1000 short") << "on the same connection";
  EXPECT_EQ(client.ask("POST", "/large", body(5))->body, "5 long");
  EXPECT_EQ(status_of(running, request_text("POST", "/", body(1'001))), 413);
  EXPECT_EQ(status_of(running, request_text("POST", "/large", body(10'001))), 413);
  EXPECT_EQ(status_of(running, chunked("/large", 10)), 200);
  EXPECT_EQ(status_of(running, chunked("/large", 11)), 413);
  EXPECT_EQ(status_of(running, chunked("/", 1)), 200);
  EXPECT_EQ(status_of(running, chunked("/", 2)), 413);
  EXPECT_EQ(
      status_of(running, "POST /large HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n"),
      413);
}

TEST(RequestLimits, LargeBodiesShareOneBudgetAndGiveItBack) {
  Running running;
  running.hold = true;
  Client first(running.server->port());
  ASSERT_TRUE(first.send(request_text("POST", "/large", body(9'000))));
  while (running.server->in_flight() == 0) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(status_of(running, request_text("POST", "/large", body(9'000))), 503) << "there is room for one";
  EXPECT_EQ(status_of(running, chunked("/large", 1)), 503) << "who does not say its size may be as large";
  Client small(running.server->port());
  ASSERT_TRUE(small.send(request_text("POST", "/large", body(1'000))));
  running.hold = false;
  EXPECT_EQ(small.receive()->status, 200) << "small bodies need no room";
  EXPECT_EQ(first.receive()->status, 200);
  // Its room is free once the connection goes on, and once it is gone.
  EXPECT_EQ(first.ask("POST", "/large", body(9'000))->status, 200);
  for (int i = 0; i < 5; ++i) {
    Client leaves(running.server->port());
    ASSERT_TRUE(leaves.send(request_text("POST", "/large", body(9'000)).substr(0, 500)));
    leaves.reset();
  }
  int status = 0;
  for (int i = 0; i < 500 && status != 200; ++i) {
    Client again(running.server->port());
    const auto reply = again.ask("POST", "/large", body(9'000));
    status = reply ? reply->status : 0;
    if (status != 200) std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(status, 200);
}

}  // namespace
}  // namespace cdx::http
