// The API as a client sees it: every route, every error, paging, ids, logs and figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <thread>

#include "base/base64.h"
#include "http/asking.h"
#include "http/form.h"

namespace cdx::test {
namespace {

using nlohmann::json;

constexpr const char* search_path = "/v1/creators/search";

// The paths of the document with each of their examples asked: {method, target, body}.
struct Asked {
  std::string method, path, target, body;
  json operation;
  json example;      // of the body
  std::string type;  // of the body
  std::string_view headers;
};

// An example of a form, sent as a browser would: what the schema calls binary as a file.
std::string form_of(const json& example, const json& schema) {
  std::vector<FormPart> parts;
  for (const auto& [field, value] : example.items()) {
    const bool file = schema["properties"][field].dump().find("binary") != std::string::npos;
    auto bytes = value.is_string() ? value.get<std::string>() : value.dump();
    if (bytes.starts_with("data:")) bytes = from_base64(bytes.substr(bytes.find(',') + 1)).value();
    parts.push_back({field, bytes, file ? "example.bin" : ""});
  }
  return form_body(parts);
}

// What stands for the ids of the document's paths and examples.
struct Known {
  std::string creator, campaign, question, picture;

  explicit Known(const ApiWorld& world) : creator(world.ids[0].text()), picture(hex(sha256(world.files[0]))) {
    const auto reply = post(world, "/v1/match", R"({"brief": {"product_name": "dance shoes"}})");
    const auto body = json::parse(reply.body);
    campaign = body.value("campaign_id", "");
    question = body.value("question_id", "");
  }
  std::string in(const std::string& text) const {
    const auto put = [](std::string within, const char* what, const std::string& by) {
      return std::regex_replace(within, std::regex(what), by);
    };
    auto out = put(text, "campaigns/\\{id\\}", "campaigns/" + campaign);
    out = put(out, "\\{sha256\\}", picture);
    out = put(out, "\\{id\\}|\\{creator\\}|cr_0000000000001", creator);
    return put(out, "qu_0000000000001", question);
  }
};

std::string name_of_schema(const json& content) {
  const auto reference = content["schema"]["$ref"].get<std::string>();
  return reference.substr(reference.rfind('/') + 1);
}

// What takes away comes last.
std::vector<Asked> every_example(const json& document, const Known& known) {
  std::vector<Asked> out;
  for (const auto& [path, operations] : document["paths"].items())
    for (const auto& [method, operation] : operations.items()) {
      std::string upper = method;
      for (char& c : upper) c = static_cast<char>(std::toupper(c));
      Asked asked{upper, path, known.in(path), "", operation, {}, {}, {}};
      std::string query;
      for (const auto& parameter : operation.value("parameters", json::array()))
        if (parameter["in"] == "query" && parameter.contains("example")) {
          const auto& example = parameter["example"];
          query += (query.empty() ? "?" : "&") + parameter["name"].get<std::string>() + "=" +
                   (example.is_string() ? example.get<std::string>() : example.dump());
        }
      if (!query.empty()) {
        auto with = asked;
        with.target += query;
        out.push_back(with);
      }
      if (operation.contains("requestBody"))
        for (const auto& [type, content] : operation["requestBody"]["content"].items())
          for (const auto& example : content.value("examples", json::object())) {
            asked.type = type;
            asked.example = json::parse(known.in(example["value"].dump()));
            const bool form = type == "multipart/form-data";
            const auto& schemas = document["components"]["schemas"];
            asked.headers = form ? form_header : std::string_view();
            asked.body =
                form ? form_of(asked.example, schemas[name_of_schema(content)]) : asked.example.dump();
            out.push_back(asked);
          }
      else
        out.push_back(asked);
    }
  std::stable_partition(out.begin(), out.end(), [](const Asked& asked) { return asked.method != "DELETE"; });
  return out;
}

TEST(Api, EveryExampleOfTheDocumentWorksAndAnswersAsDocumented) {
  const ApiWorld world;
  const auto document = document_of(world);
  std::set<std::string> asked_for;
  for (const auto& asked : every_example(document, Known(world))) {
    SCOPED_TRACE(asked.method + " " + asked.target + " " + asked.type + " " + asked.example.dump());
    asked_for.insert(asked.path);
    if (!asked.body.empty())
      expect_fits(document, asked.operation["requestBody"]["content"][asked.type]["schema"], asked.example,
                  "request");
    Client client(world.port());
    const auto given = client.ask(asked.method, asked.target, asked.body, asked.headers);
    ASSERT_TRUE(given);
    const auto& reply = *given;
    const auto success = asked.operation["responses"].begin().key();
    ASSERT_EQ(std::to_string(reply.status), success) << reply.body;
    EXPECT_TRUE(reply.headers.contains("x-request-id"));
    EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
    const auto& described = asked.operation["responses"][success];
    EXPECT_EQ(reply.body.empty(), !described.contains("content"));
    if (!described.contains("content")) continue;
    for (const auto& [media_type, content] : described["content"].items()) {
      EXPECT_EQ(reply.headers.at("content-type").substr(0, media_type.size()), media_type);
      if (media_type == "application/json")
        expect_fits(document, content["schema"], json::parse(reply.body), "answer");
    }
  }
  EXPECT_EQ(asked_for.size(), document["paths"].size());
}

TEST(Api, EveryPathOfTheDocsIsInTheDocument) {
  const ApiWorld world;
  const auto document = document_of(world);
  std::ifstream file(CDX_SOURCE_DIR "/docs/api.md");
  const std::string docs((std::istreambuf_iterator<char>(file)), {});
  ASSERT_FALSE(docs.empty());
  const std::regex mention("(GET|POST|DELETE) (/[A-Za-z0-9_./{}-]*)");
  std::set<std::string> seen;
  for (std::sregex_iterator at(docs.begin(), docs.end(), mention), end; at != end; ++at) {
    const auto path = (*at)[2].str();
    if (path == "/") continue;  // the page
    const auto method = (*at)[1] == "GET" ? "get" : (*at)[1] == "POST" ? "post" : "delete";
    EXPECT_TRUE(document["paths"].contains(path) && document["paths"][path].contains(method)) << (*at)[0];
    seen.insert(path);
  }
  for (const auto& [path, operations] : document["paths"].items()) EXPECT_TRUE(seen.contains(path)) << path;
}

TEST(Api, HeadAnswersAsGetWithoutBody) {
  const ApiWorld world;
  const auto document = document_of(world);
  const Known known(world);
  for (const auto& [path, operations] : document["paths"].items()) {
    if (!operations.contains("get") || path == "/metrics") continue;
    const auto target = known.in(path);
    Client client(world.port());
    const auto head = client.ask("HEAD", target, {}, "X-Request-Id: same\r\n");
    const auto full = client.ask("GET", target, {}, "X-Request-Id: same\r\n");
    ASSERT_TRUE(head && full) << path;
    EXPECT_EQ(head->status, 200) << path;
    EXPECT_EQ(head->headers.at("content-type"), full->headers.at("content-type"));
    if (path.find("similar") == std::string::npos) {  // its took_ms differs from call to call
      EXPECT_EQ(head->headers.at("content-length"), full->headers.at("content-length")) << path;
    }
  }
}

TEST(Api, SearchFindsByWordsAndFilters) {
  const ApiWorld world;
  const auto reply = post(world, search_path,
                          R"({"q":"samba","understand":false,"explain":true,"facets":["country"],)"
                          R"("filter":{"field":"followers","lt":5000}})");
  const auto body = json::parse(reply.body);
  ASSERT_FALSE(body["hits"].empty());
  for (const auto& hit : body["hits"]) {
    EXPECT_LT(hit["followers"], 5000);
    double sum = 0;
    for (const auto& part : hit["parts"]) sum += part["contribution"].get<double>();
    EXPECT_NEAR(sum, hit["score"].get<double>(), 1e-6);
  }
  EXPECT_EQ(body["hits"][0]["primary_niche"], "dance");
  EXPECT_NE(reply.body.find("<mark>samba</mark> &lt;every&gt;"), std::string::npos) << "bios are escaped";
  EXPECT_EQ(body["request_id"], reply.headers.at("x-request-id"));
}

TEST(Api, PagesHaveNoDuplicateAndNoGap) {
  const ApiWorld world;
  std::set<std::string> seen;
  std::string cursor = "null";
  for (int page = 0; page < 20 && cursor != "done"; ++page) {
    const auto reply = post(world, search_path, R"({"limit":7,"cursor":)" + cursor + "}");
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto body = json::parse(reply.body);
    EXPECT_EQ(body["total"]["value"], world.ids.size());
    for (const auto& hit : body["hits"]) EXPECT_TRUE(seen.insert(hit["id"]).second);
    cursor = body["next_cursor"].is_null() ? "done" : body["next_cursor"].dump();
  }
  EXPECT_EQ(seen.size(), world.ids.size());
}

TEST(Api, ACursorWhoseSnapshotIsGoneIs410) {
  ApiWorld world;
  const auto first = json::parse(post(world, search_path, R"({"limit":5})").body);
  const auto next = R"({"limit":5,"cursor":)" + first["next_cursor"].dump() + "}";
  EXPECT_EQ(post(world, search_path, next).status, 200);
  world.clock.advance(std::chrono::minutes(11));
  const auto reply = post(world, search_path, next);
  expect_problem(world, reply, 410, "/cursor");
  EXPECT_EQ(json::parse(reply.body)["errors"][0]["code"], "cursor_expired");
}

TEST(Api, CreatorShowsAccountsContentGrowthAndOrigins) {
  const ApiWorld world;
  const auto body = json::parse(get(world, "/v1/creators/" + world.ids[0].text()).body);
  EXPECT_EQ(body["name"], "Ana Souza");
  EXPECT_EQ(body["accounts"][0]["origins"][0]["basis"], "consent");
  EXPECT_EQ(body["content"][0]["title"], "Dancing in the street");
  EXPECT_EQ(body["growth"][0]["points"].size(), 3U);
  EXPECT_EQ(body["links"][0]["rule"], "first_account");
}

TEST(Api, SimilarLeavesTheCreatorItselfOut) {
  const ApiWorld world;
  const auto body = json::parse(get(world, "/v1/creators/" + world.ids[0].text() + "/similar?limit=3").body);
  ASSERT_EQ(body["hits"].size(), 3U);
  for (const auto& hit : body["hits"]) EXPECT_NE(hit["id"], world.ids[0].text());
  EXPECT_FALSE(body.contains("understood"));
}

TEST(Api, SuggestsNames) {
  const ApiWorld world;
  const auto body = json::parse(get(world, "/v1/suggest?q=an%61").body);
  ASSERT_FALSE(body["suggestions"].empty());
  EXPECT_EQ(body["suggestions"][0]["creator"], world.ids[0].text());
}

TEST(Api, ReadinessFollowsTheIndexAndLivenessDoesNot) {
  ApiWorld world;
  world.ready = false;
  EXPECT_EQ(get(world, "/livez").status, 200);
  EXPECT_EQ(get(world, "/readyz").status, 503);
  const auto health = get(world, "/health");
  EXPECT_EQ(health.status, 503);
  EXPECT_EQ(json::parse(health.body)["status"], "starting");
  world.ready = true;
  EXPECT_EQ(get(world, "/readyz").status, 200);
}

TEST(ApiErrors, WrongBodiesNameThePlace) {
  const ApiWorld world;
  const auto refused = [&](std::string_view body, std::string_view pointer) {
    SCOPED_TRACE(body.substr(0, 100));
    expect_problem(world, post(world, search_path, body), 400, pointer);
  };
  refused(R"({"limit":0})", "/limit");
  refused(R"({"query":"x"})", "/query");
  refused(R"({"filter":{"all":[{"field":"nope","in":["x"]}]}})", "/filter/all/0/field");
  refused(R"({"cursor":"made up"})", "/cursor");
  refused("{", "");
  refused(R"({"q":"a","q":"b"})", "/q");
  refused("{\"q\":\"\xFF\"}", "");
  refused(R"({"fusion":{"min_score":1e308}})", "/fusion/min_score");
  refused(R"({"limit":1e999})", "");
  refused(std::string(10'000, '['), "");
  refused(std::string(10'000, '{'), "");
  expect_problem(world, post(world, "/search", R"({"top_k":1000})"), 400, "/top_k");
  Client client(world.port());
  const auto empty =
      client.ask("POST", search_path, {}, "Content-Type: application/json\r\nContent-Length: 0\r\n");
  ASSERT_TRUE(empty);
  expect_problem(world, *empty, 400, "");
}

TEST(ApiErrors, WrongParametersNameTheParameter) {
  const ApiWorld world;
  expect_problem(world, get(world, "/v1/suggest?q=a&limit=0"), 400, "?limit");
  expect_problem(world, get(world, "/v1/suggest?qq=a"), 400, "?qq");
  expect_problem(world, get(world, "/v1/suggest?q=%f"), 400, "");
  expect_problem(world, get(world, "/v1/status?verbose=1"), 400, "?verbose");
  expect_problem(world, get(world, "/v1/creators/" + world.ids[0].text() + "/similar?limit=x"), 400,
                 "?limit");
}

TEST(ApiErrors, UnknownThingsAre404) {
  const ApiWorld world;
  for (const auto* path : {"/v1", "/v1/", "/v1/nothing", "/v1/creators/", "/v1/creators/cr_0000000000000",
                           "/v1/creators/not-an-id", "/v1/creators/%00", "/v1/creators/..%2f..%2fetc/similar",
                           "/v1/creators/cr_0000000000000/similar", "/nothing.js", "/v1/status/"})
    expect_problem(world, get(world, path), 404);
}

TEST(ApiErrors, OtherMethodsAre405AndSayWhich) {
  const ApiWorld world;
  for (const auto* method : {"DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "BREW"}) {
    Client client(world.port());
    const auto reply = client.ask(method, "/v1/status");
    ASSERT_TRUE(reply) << method;
    expect_problem(world, *reply, 405);
    EXPECT_EQ(reply->headers.at("allow"), "GET, HEAD");
  }
  EXPECT_EQ(get(world, "/search").headers.at("allow"), "POST");
  Client client(world.port());
  EXPECT_EQ(client.ask("POST", "/", "{}")->headers.at("allow"), "GET, HEAD");
}

TEST(ApiErrors, OtherMediaTypesAre415) {
  const ApiWorld world;
  for (const auto* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonp",
                           "multipart/form-data", "application/json; charset=latin1", ""})
    expect_problem(world, post(world, search_path, "{}", "Content-Type: " + std::string(type) + "\r\n"), 415);
  EXPECT_EQ(post(world, search_path, "{}", "Content-Type: Application/JSON; charset=utf-8\r\n").status, 200);
}

TEST(ApiErrors, SizesAndTimesAreRefusedInTheSameShape) {
  ServeOptions options;
  options.http.header_timeout = std::chrono::milliseconds(50);
  const ApiWorld world(std::move(options));
  expect_problem(world, post(world, search_path, std::string(1024 * 1024 + 1, ' ')), 413);
  expect_problem(world, get(world, "/livez", "X-Long: " + std::string(17'000, 'x') + "\r\n"), 431);
  Client slow(world.port()), broken(world.port());
  ASSERT_TRUE(slow.send("GET /livez HT"));
  ASSERT_TRUE(broken.send("GET /livez HTTP/1.1\r\n\r\n"));
  expect_problem(world, *slow.receive(), 408);
  expect_problem(world, *broken.receive(), 400);
}

TEST(ApiErrors, ForeignHostNamesAreRefusedOnLoopback) {
  const auto ask = [](const ApiWorld& world, std::string_view host) {
    Client client(world.port());
    EXPECT_TRUE(client.send("GET /livez HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"));
    return client.receive().value_or(Reply{});
  };
  const ApiWorld world;
  for (const auto* good : {"localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"})
    EXPECT_EQ(ask(world, good).status, 200) << good;
  for (const auto* bad : {"evil.example", "evil.example:8000", "localhost.evil.example",
                          "127.0.0.1.evil.example", "", "[::1", "[", "10.0.0.1", "user@localhost"})
    EXPECT_EQ(ask(world, bad).status, 421) << bad;
  expect_problem(world, ask(world, "evil.example"), 421);
  ServeOptions options;
  options.hosts = {"dex.example"};
  const ApiWorld named(std::move(options));
  EXPECT_EQ(ask(named, "dex.example:443").status, 200);
  EXPECT_EQ(ask(named, "evil.example").status, 421);
}

TEST(Api, RequestIdsAreTakenWhenSaneAndMadeOtherwise) {
  const ApiWorld world;
  EXPECT_EQ(get(world, "/livez", "X-Request-Id: abc-1.2_Z\r\n").headers.at("x-request-id"), "abc-1.2_Z");
  std::set<std::string> made;
  for (const auto& bad :
       {std::string("a b"), std::string("a\"b"), std::string("é"), std::string(65, 'x'), std::string()}) {
    const auto id = get(world, "/livez", "X-Request-Id: " + bad + "\r\n").headers.at("x-request-id");
    EXPECT_TRUE(id.starts_with("rq_")) << id;
    EXPECT_TRUE(made.insert(id).second);
  }
}

TEST(Api, LogsAndFiguresHoldNoQueryTextAndNoIds) {
  const ApiWorld world;
  testing::internal::CaptureStderr();
  post(world, search_path, R"({"q":"secretwords"})", "X-Request-Id: traced\r\n");
  get(world, "/v1/suggest?q=secretwords");
  get(world, "/v1/creators/" + world.ids[0].text());
  get(world, "/secretwords.html");
  const auto metrics = get(world, "/metrics").body;
  const auto log = testing::internal::GetCapturedStderr();
  for (const auto& text : {metrics, log}) {
    EXPECT_EQ(text.find("secretwords"), std::string::npos) << text;
    EXPECT_EQ(text.find(world.ids[0].text()), std::string::npos);
  }
  EXPECT_NE(log.find(R"("request_id":"traced","method":"POST","route":"/v1/creators/search","status":"200")"),
            std::string::npos)
      << log;
  for (const auto* wanted :
       {R"(creatordex_http_requests_total{method="POST",route="/v1/creators/search",status="2xx"})",
        R"(creatordex_http_requests_total{method="GET",route="/v1/creators/{id}",status="2xx"})",
        R"(creatordex_search_duration_seconds_count{mode="hybrid",outcome="ok"})",
        "creatordex_http_requests_in_flight 1"})
    EXPECT_NE(metrics.find(wanted), std::string::npos) << wanted << "\n" << metrics;
}

TEST(Api, AnswersManyConnectionsAtOnceAndStopsWhileTheyAsk) {
  ServeOptions options;
  options.http.in_flight = 1'000;
  const ApiWorld world(std::move(options));
  const auto bytes = request_text("POST", search_path, R"({"q":"samba","limit":3})");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<Client>(world.port()));
  for (const auto& client : clients) ASSERT_TRUE(client->send(bytes + bytes));
  for (const auto& client : clients)
    for (int i = 0; i < 2; ++i) {
      const auto reply = client->receive();
      ASSERT_TRUE(reply);
      EXPECT_EQ(reply->status, 200);
    }
  for (const auto& client : clients) ASSERT_TRUE(client->send(bytes));
  std::thread stopping([&] { world.server->stop(); });
  for (const auto& client : clients) {
    const auto reply = client->receive();
    EXPECT_TRUE(!reply || reply->status == 200) << "whole answers or none";
  }
  clients.clear();
  stopping.join();
}

}  // namespace
}  // namespace cdx::test
