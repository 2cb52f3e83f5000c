#include "io/http/http_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "io/http/http_server.h"
#include "support/scripted_server.h"

namespace cdx::http {
namespace {

using namespace std::chrono_literals;
using test::ScriptedReply;
using test::ScriptedServer;
using test::SeenRequest;

std::unique_ptr<HttpClient> client(const ClientOptions& options = {}) { return *open_http_client(options); }

ScriptedServer::Script always(ScriptedReply reply) {
  return [reply = std::move(reply)](const SeenRequest&) { return reply; };
}

HttpRequest post(std::string url, std::string body) {
  return {"POST", std::move(url), {{"Content-Type", "application/json"}}, std::move(body)};
}

TEST(HttpClient, SendsWhatItIsGivenAndBringsTheWholeAnswer) {
  ScriptedServer server([](const SeenRequest& request) {
    return ScriptedReply{
        .status = 201, .headers = {{"X-Seen", request.method}}, .body = "got " + request.body};
  });
  const std::string zeros("a\0b", 3);
  auto request = post(server.url("/v1/x?y=1"), zeros);
  request.headers.emplace_back("X-Empty", "");
  const auto answer = client()->send({}, request);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->header("x-seen"), "POST");
  EXPECT_EQ(answer->header("absent"), "");
  EXPECT_EQ(answer->body, "got " + zeros);
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].target, "/v1/x?y=1");
  EXPECT_EQ(seen[0].headers.at("content-type"), "application/json");
  EXPECT_TRUE(seen[0].headers.contains("x-empty"));
  EXPECT_FALSE(seen[0].headers.contains("expect"));
  EXPECT_FALSE(seen[0].headers.contains("accept-encoding"));  // nothing comes compressed
}

TEST(HttpClient, SpeaksToARealServerWithEveryMethod) {
  Handlers handlers;
  handlers.answer = [](const Request& request) {
    return Response{200, "text/plain", {}, std::string(request.method) + " " + std::string(request.body)};
  };
  ServerOptions options;
  options.port = 0;
  const auto server = *HttpServer::open(options, std::move(handlers));
  const auto url = "http://127.0.0.1:" + std::to_string(server->port()) + "/";
  const auto one = client();
  for (const std::string method : {"GET", "PUT", "DELETE", "POST"}) {
    const auto answer = one->send({}, {method, url, {}, method == "GET" ? "" : "body"});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, method + (method == "GET" ? " " : " body"));
  }
  const auto head = one->send({}, {"HEAD", url, {}, ""});
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->body, "");
}

TEST(HttpClient, UsesAConnectionAgain) {
  ScriptedServer server(always({.body = "ok"}));
  const auto one = client();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(one->send({}, post(server.url("/"), "{}")));
  for (const auto& seen : server.seen()) EXPECT_EQ(seen.connection, 0U);
}

TEST(HttpClient, AConnectionThatDiedWhileIdleCostsNothing) {
  ScriptedServer server([](const SeenRequest&) {
    return ScriptedReply{.headers = {{"Connection", "close"}}, .body = "bye"};
  });
  const auto one = client();
  for (int i = 0; i < 3; ++i) {
    const auto answer = one->send({}, post(server.url("/"), "{}"));
    ASSERT_TRUE(answer) << answer.error().message;
  }
}

TEST(HttpClient, ServesManyThreads) {
  ScriptedServer server([](const SeenRequest& request) { return ScriptedReply{.body = request.body}; });
  const auto one = client({.idle_connections = 4});
  std::atomic<int> right{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto body = std::to_string(t) + "/" + std::to_string(i);
        const auto answer = one->send({}, post(server.url("/"), body));
        if (answer && answer->body == body) ++right;
      }
    });
  threads.clear();
  EXPECT_EQ(right, 200);
}

TEST(HttpClient, GivesUpAtItsDeadlineWhateverTheServerDoes) {
  const std::vector<ScriptedReply> slow{
      {.hang = true}, {.body = std::string(100'000, 'x'), .drip_bytes = 1, .drip_pause = 50ms}};
  for (const auto& reply : slow) {
    ScriptedServer server(always(reply));
    const auto answer = client()->send(Call::within(150ms), post(server.url("/"), "{}"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::timed_out) << answer.error().message;
    const auto limited = client({.request_timeout = 150ms})->send({}, post(server.url("/"), "{}"));
    ASSERT_FALSE(limited);
    EXPECT_EQ(limited.error().kind, ErrorKind::timed_out) << limited.error().message;
  }
}

TEST(HttpClient, StopsWhenAskedWhileWaiting) {
  ScriptedServer server(always({.hang = true}));
  std::stop_source stop;
  std::jthread asks([&] {
    server.wait_until_seen(1);
    stop.request_stop();
  });
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  const auto answer = client()->send(call, post(server.url("/"), "{}"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(client()->send(call, post(server.url("/"), "{}")).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(server.seen().size(), 1U);
}

TEST(HttpClient, WhatEndsEarlyOrIsNotHttpIsUnavailable) {
  const std::vector<ScriptedReply> broken{
      {.body = "0123456789", .cut_after = 4}, {.hang_up = true}, {.raw = "SSH-2.0-OpenSSH_9.2\r\n"}};
  for (const auto& reply : broken) {
    ScriptedServer server(always(reply));
    const auto answer = client()->send({}, post(server.url("/"), "{}"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable) << answer.error().message;
  }
  std::string gone;
  { gone = ScriptedServer(always({})).url("/"); }
  EXPECT_EQ(client()->send({}, post(gone, "{}")).error().kind, ErrorKind::unavailable);
  const auto nowhere = client()->send(Call::within(10s), post("https://no-such-host.invalid/", "{}"));
  EXPECT_EQ(nowhere.error().kind, ErrorKind::unavailable) << nowhere.error().message;
}

TEST(HttpClient, BoundsTheAnswer) {
  ScriptedServer large(always({.body = std::string(5'000, 'x')}));
  EXPECT_TRUE(client({.body_bytes = 5'000})->send({}, post(large.url("/"), "{}")));
  const auto body = client({.body_bytes = 4'999})->send({}, post(large.url("/"), "{}"));
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().kind, ErrorKind::invalid);
  EXPECT_NE(body.error().message.find("4999"), std::string::npos) << body.error().message;
  ScriptedServer talkative(always({.headers = {{"X-Long", std::string(5'000, 'x')}}}));
  const auto headers = client({.header_bytes = 1'000})->send({}, post(talkative.url("/"), "{}"));
  ASSERT_FALSE(headers);
  EXPECT_EQ(headers.error().kind, ErrorKind::invalid);
}

TEST(HttpClient, FollowsNoRedirect) {
  ScriptedServer target(always({.body = "secret"}));
  ScriptedServer server(always({.status = 307, .headers = {{"Location", target.url("/")}}}));
  const auto request = post(server.url("/"), "{}");
  const auto answer = client()->send({}, request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 307);
  EXPECT_TRUE(target.seen().empty());
  EXPECT_EQ(check_status(request, *answer).error().kind, ErrorKind::invalid);
}

TEST(HttpClient, RefusesWhatMayNotBeSent) {
  const auto one = client({.plain_http_hosts = {"models.example"}});
  for (const std::string url :
       {"http://example.com/", "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1/", "", "https://",
        "http://127.0.0.1.example.com/", "http://0x7f000001.example/", "https://me:pass@example.com/",
        "http://127.0.0.1 /", "http://127.0.0.1/\r\nX: y"}) {
    const auto answer = one->send({}, {"GET", url, {}, ""});
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().kind, ErrorKind::invalid) << url << ": " << answer.error().message;
    EXPECT_EQ(answer.error().message.find("pass@"), std::string::npos);
  }
  const auto header = one->send({}, {"GET", "http://127.0.0.1:1/", {{"X-A", "b\r\nX-C: d"}}, ""});
  EXPECT_EQ(header.error().kind, ErrorKind::invalid);
  EXPECT_EQ(one->send({}, {"GET /", "http://127.0.0.1:1/", {}, ""}).error().kind, ErrorKind::invalid);
  for (const std::string url : {"http://localhost:1/", "http://[::1]:1/", "http://127.9.9.9:1/"})
    EXPECT_EQ(one->send(Call::within(5s), {"GET", url, {}, ""}).error().kind, ErrorKind::unavailable) << url;
  EXPECT_NE(one->send(Call::within(5s), {"GET", "http://models.example:1/", {}, ""}).error().kind,
            ErrorKind::invalid);
}

TEST(HttpClient, AnOriginNamesTheMachineOnly) {
  EXPECT_EQ(*origin_of("https://Api.Example.com/v1/embeddings?key=abc"), "https://Api.Example.com");
  EXPECT_EQ(*origin_of("http://models.lan:8080/v1"), "http://models.lan:8080");
  EXPECT_FALSE(origin_of("https://me:pass@example.com/"));
  EXPECT_FALSE(origin_of("models"));
}

}  // namespace
}  // namespace cdx::http
