// The HTTP server itself, over loopback sockets, with a handler that says what it saw.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "http/client.h"
#include "io/http/http_server.h"

namespace cdx::http {
namespace {

using test::Client;
using test::request_text;
using namespace std::chrono_literals;

// A door that handlers wait at until the test opens it.
class Gate {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass(const Call& call) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    while (!open_ && !call.stop.stop_requested()) changed_.wait_for(lock, 5ms);
    --waiting_;
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

struct Running {
  explicit Running(ServerOptions options = {}) {
    options.port = 0;
    Handlers handlers;
    handlers.answer = [this](const Request& request) { return answer(request); };
    handlers.refuse = [this](const Refusal& refusal) {
      last_refused = refusal.status;
      return Response{refusal.status, "text/plain", {}, std::string(refusal.detail)};
    };
    handlers.quick = [](const Request& request) { return request.path == "/quick"; };
    auto opened = HttpServer::open(options, std::move(handlers));
    EXPECT_TRUE(opened) << opened.error().message;
    server = std::move(*opened);
  }

  Response answer(const Request& request) {
    if (request.path == "/gate") {
      gate.pass(request.call);
      if (request.call.stop.stop_requested()) ++stopped;
      return {200, "text/plain", {}, "through"};
    }
    if (request.path == "/throw") throw std::runtime_error("a bug");
    if (request.path == "/large") return {200, "text/plain", {}, std::string(8'000'000, 'x')};
    std::string body(request.method);
    for (const auto part : {request.path, request.query, request.host, request.body}) {
      body += '|';
      body += part;
    }
    return {200, "text/plain", {{"X-Seen", std::string(request.header("x-sent"))}}, body};
  }

  std::uint16_t port() const { return server->port(); }

  Gate gate;
  std::atomic<int> stopped{0};
  std::atomic<int> last_refused{0};
  std::unique_ptr<HttpServer> server;  // last: ends first
};

void expect_refused(Running& running, std::string_view bytes, int status) {
  Client client(running.port());
  ASSERT_TRUE(client.send(bytes));
  const auto reply = client.receive();
  ASSERT_TRUE(reply) << "no answer, wanted " << status;
  EXPECT_EQ(reply->status, status);
  EXPECT_EQ(reply->headers.at("connection"), "close");
  EXPECT_FALSE(reply->body.empty());
  EXPECT_TRUE(client.at_end());
}

TEST(HttpServer, GivesTheHandlerMethodPathQueryHostAndBody) {
  Running running;
  Client client(running.port());
  auto reply = client.ask("POST", "/a/%20b?c=d&e", "the body", "X-Sent: yes\r\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "POST|/a/%20b|c=d&e|localhost|the body");
  EXPECT_EQ(reply->headers.at("x-seen"), "yes");
  EXPECT_TRUE(reply->headers.contains("date"));
  reply = client.ask("BREW", "/pot");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "BREW|/pot||localhost|");
}

TEST(HttpServer, TakesTheHostOfATargetInAbsoluteForm) {
  Running running;
  Client client(running.port());
  auto reply = client.ask("GET", "http://example.org:81/x?y");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "GET|/x|y|example.org:81|");
  reply = client.ask("GET", "http://example.org?y");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "GET|/|y|example.org|");
}

TEST(HttpServer, AnswersHeadWithTheLengthAndNoBody) {
  Running running;
  Client client(running.port());
  auto reply = client.ask("HEAD", "/x");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->headers.at("content-length"), std::to_string(std::string("HEAD|/x||localhost|").size()));
  reply = client.ask("GET", "/next");
  ASSERT_TRUE(reply) << "the connection is usable after HEAD";
  EXPECT_EQ(reply->body, "GET|/next||localhost|");
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  Running running;
  Client client(running.port());
  std::string bytes;
  for (int i = 0; i < 50; ++i)
    bytes += request_text("POST", (i % 2 == 0 ? "/" : "/quick?") + std::to_string(i), std::to_string(i));
  ASSERT_TRUE(client.send(bytes));
  for (int i = 0; i < 50; ++i) {
    const auto reply = client.receive();
    ASSERT_TRUE(reply);
    const auto number = std::to_string(i);
    EXPECT_EQ(reply->body, i % 2 == 0 ? "POST|/" + number + "||localhost|" + number
                                      : "POST|/quick|" + number + "|localhost|" + number);
  }
}

TEST(HttpServer, ReadsRequestsThatArriveByteByByte) {
  Running running;
  Client client(running.port());
  for (const char byte : "\r\n" + request_text("POST", "/slow", "body")) ASSERT_TRUE(client.send({&byte, 1}));
  const auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "POST|/slow||localhost|body");
}

TEST(HttpServer, ReadsChunkedBodies) {
  Running running;
  Client client(running.port());
  ASSERT_TRUE(client.send(
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "POST|/c||h|abcde");
}

TEST(HttpServer, SaysContinueBeforeABodyThatWaitsForIt) {
  Running running;
  Client client(running.port());
  ASSERT_TRUE(
      client.send("POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
  auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 100);
  ASSERT_TRUE(client.send("body"));
  reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "POST|/e||h|body");
}

TEST(HttpServer, RefusesABodyThatIsTooLargeAndTheClientSeesIt) {
  ServerOptions options;
  options.body_bytes = 1000;
  Running running(options);
  expect_refused(running, request_text("POST", "/", std::string(1001, 'x')), 413);
  // Far more than the sockets hold: the answer comes although most of it is never wanted.
  expect_refused(running, request_text("POST", "/", std::string(8'000'000, 'x')), 413);
  std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) chunked += "64\r\n" + std::string(100, 'x') + "\r\n";
  expect_refused(running, chunked + "0\r\n\r\n", 413);
  expect_refused(running,
                 "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n",
                 413);
  Client client(running.port());
  EXPECT_EQ(client.ask("POST", "/", std::string(1000, 'x'))->status, 200);
}

TEST(HttpServer, RefusesHeadersThatAreTooLarge) {
  Running running;
  expect_refused(running, request_text("GET", "/", "", "X-Long: " + std::string(17'000, 'x') + "\r\n"), 431);
  expect_refused(running, request_text("GET", "/" + std::string(17'000, 'x')), 431);
  std::string many;
  for (int i = 0; i < 3'000; ++i) many += "X: yyyy\r\n";
  expect_refused(running, request_text("GET", "/", "", many), 431);
  // Neither the line nor the fields alone are too long.
  expect_refused(
      running,
      request_text("GET", "/" + std::string(9'000, 'x'), "", "X: " + std::string(9'000, 'y') + "\r\n"), 431);
  Client client(running.port());
  EXPECT_EQ(client.ask("GET", "/" + std::string(15'000, 'x'))->status, 200);
}

TEST(HttpServer, RefusesWhatIsNotHttp) {
  Running running;
  expect_refused(running, "\x16\x03\x01\x02 hello\r\n\r\n", 400);
  expect_refused(running, "GET / HTTP/1.1\r\n\r\n", 400);
  expect_refused(running, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  expect_refused(running, "GET / HTTP/1.1\r\nHost: a\r\nBad Header: b\r\n\r\n", 400);
  expect_refused(running, "CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400);
  expect_refused(running, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
}

TEST(HttpServer, RefusesRequestsWhoseEndIsInDoubt) {
  Running running;
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  expect_refused(running, head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  expect_refused(running, head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400);
  expect_refused(running, head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400);
  expect_refused(running, head + "Content-Length: -3\r\n\r\nabc", 400);
  expect_refused(running, head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
  expect_refused(running, head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501);
}

TEST(HttpServer, GivesUpOnSlowHeadersAndBodies) {
  ServerOptions options;
  options.header_timeout = options.body_timeout = 50ms;
  Running running(options);
  expect_refused(running, "GET / HTT", 408);
  expect_refused(running, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", 408);
}

TEST(HttpServer, AClientThatDripsBytesDoesNotPutOffTheTimeout) {
  ServerOptions options;
  options.header_timeout = 100ms;
  Running running(options);
  Client client(running.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nX: "));
  while (running.last_refused == 0 && client.send("x")) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(running.last_refused, 408);
}

TEST(HttpServer, ClosesIdleConnectionsWithoutAWord) {
  ServerOptions options;
  options.idle_timeout = 50ms;
  Running running(options);
  Client never(running.port());
  EXPECT_TRUE(never.at_end());
  Client once(running.port());
  EXPECT_EQ(once.ask("GET", "/")->status, 200);
  EXPECT_TRUE(once.at_end());
}

TEST(HttpServer, AClientThatDoesNotReadIsGivenUp) {
  ServerOptions options;
  options.write_timeout = 50ms;
  options.drain = 24h;  // stopping waits for the time limit on writing, or for this test's own
  Running running(options);
  Client client(running.port(), 4096);
  ASSERT_TRUE(client.send(request_text("GET", "/large")));
  Client other(running.port());
  EXPECT_EQ(other.ask("GET", "/")->status, 200);
  running.server->stop();
  EXPECT_FALSE(client.receive()) << "cut off in the middle of the body";
}

TEST(HttpServer, OneThatClosedItsSendingHalfStillGetsItsAnswer) {
  Running running;
  Client client(running.port());
  ASSERT_TRUE(client.send(request_text("GET", "/a")));
  client.close_sending();
  const auto reply = client.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "GET|/a||localhost|");
  EXPECT_TRUE(client.at_end());
}

TEST(HttpServer, StopsTheCallOfAClientThatIsGone) {
  ServerOptions options;
  options.half_closed_grace = 10ms;
  options.workers = 2;
  Running running(options);
  {
    Client polite(running.port()), rude(running.port());
    ASSERT_TRUE(polite.send(request_text("GET", "/gate")));
    ASSERT_TRUE(rude.send(request_text("GET", "/gate")));
    running.gate.wait_for(2);
    rude.reset();
  }
  while (running.server->in_flight() != 0) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(running.stopped, 2);
}

TEST(HttpServer, RefusesAtOnceWhatIsBeyondItsMeansButNotQuickAnswers) {
  ServerOptions options;
  options.workers = 1;
  options.in_flight = 2;
  Running running(options);
  std::vector<std::unique_ptr<Client>> held;
  for (int i = 0; i < 2; ++i) {
    held.push_back(std::make_unique<Client>(running.port()));
    ASSERT_TRUE(held.back()->send(request_text("GET", "/gate")));
    while (running.server->in_flight() != static_cast<std::size_t>(i) + 1) std::this_thread::sleep_for(1ms);
  }
  Client client(running.port());
  EXPECT_EQ(client.ask("GET", "/")->status, 503);
  EXPECT_EQ(client.ask("GET", "/quick")->status, 200) << "on the same connection, while workers are busy";
  running.gate.open();
  for (const auto& one : held) EXPECT_EQ(one->receive()->status, 200);
  EXPECT_EQ(client.ask("GET", "/")->status, 200);
}

TEST(HttpServer, TurnsAwayConnectionsBeyondItsLimit) {
  ServerOptions options;
  options.connections = 2;
  Running running(options);
  Client a(running.port()), b(running.port());
  EXPECT_EQ(a.ask("GET", "/")->status, 200);
  EXPECT_EQ(b.ask("GET", "/")->status, 200);
  Client c(running.port());
  const auto reply = c.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(a.ask("GET", "/")->status, 200);
}

TEST(HttpServer, AHandlerThatThrowsGivesA500AndTheConnectionLives) {
  Running running;
  Client client(running.port());
  EXPECT_EQ(client.ask("GET", "/throw")->status, 500);
  EXPECT_EQ(running.last_refused, 500);
  EXPECT_EQ(client.ask("GET", "/")->status, 200);
}

TEST(HttpServer, Serves200ConnectionsAtOnce) {
  ServerOptions options;
  options.io_threads = 2;
  options.in_flight = 1000;
  Running running(options);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<Client>(running.port()));
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < clients.size(); ++i)
      ASSERT_TRUE(clients[i]->send(request_text("POST", "/" + std::to_string(i), std::to_string(round))));
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const auto reply = clients[i]->receive();
      ASSERT_TRUE(reply);
      EXPECT_EQ(reply->body, "POST|/" + std::to_string(i) + "||localhost|" + std::to_string(round));
    }
  }
}

TEST(HttpServer, StopLetsRunningRequestsFinish) {
  Running running;
  Client busy(running.port()), idle(running.port());
  EXPECT_EQ(idle.ask("GET", "/")->status, 200);
  ASSERT_TRUE(busy.send(request_text("GET", "/gate")));
  running.gate.wait_for(1);
  std::thread stopping([&] { running.server->stop(); });
  EXPECT_TRUE(idle.at_end());
  running.gate.open();
  const auto reply = busy.receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "through");
  EXPECT_EQ(reply->headers.at("connection"), "close");
  stopping.join();
  EXPECT_EQ(running.stopped, 0);
  EXPECT_FALSE(Client(running.port()).connected());
}

TEST(HttpServer, StopEndsRequestsThatTakeTooLong) {
  ServerOptions options;
  options.drain = 10ms;
  Running running(options);
  Client busy(running.port());
  ASSERT_TRUE(busy.send(request_text("GET", "/gate")));
  running.gate.wait_for(1);
  running.server->stop();
  EXPECT_EQ(running.stopped, 1);
  running.server->stop();
}

TEST(HttpServer, HasItsPortForItself) {
  Running running;
  ServerOptions options;
  options.port = running.port();
  const auto second = HttpServer::open(options, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
  EXPECT_NE(second.error().message.find(std::to_string(options.port)), std::string::npos)
      << second.error().message;
  options.address = "localhost.example";
  EXPECT_EQ(HttpServer::open(options, {}).error().kind, ErrorKind::invalid);
}

TEST(HttpServer, ClosesAfterAnHttp10Request) {
  Running running;
  Client client(running.port());
  ASSERT_TRUE(client.send("GET /old HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client.receive()->body, "GET|/old|||");
  EXPECT_TRUE(client.at_end());
}

}  // namespace
}  // namespace cdx::http
