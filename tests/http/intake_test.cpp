// Data and pictures sent to the server.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "http/asking.h"
#include "http/form.h"
#include "pipeline/follower.h"
#include "support/made_up_pictures.h"

namespace cdx::test {
namespace {

using nlohmann::json;

constexpr std::string_view table =
    "platform,handle,followers,bio\nyoutube,newcomer,1200,slow bread\ntiktok,another,50,surfing\n";

json upload(const ApiWorld& world, const std::vector<FormPart>& parts) {
  const auto reply = post(world, "/upload", form_body(parts), form_header);
  EXPECT_EQ(reply.status, 200) << reply.body;
  return reply.status == 200 ? json::parse(reply.body) : json{{"files", json::array({json::object()})}};
}

json ingest(const ApiWorld& world, const json& body) {
  const auto reply = post(world, "/ingest", body.dump());
  EXPECT_EQ(reply.status, 200) << reply.body;
  return reply.status == 200 ? json::parse(reply.body) : json{{"files", json::array({json::object()})}};
}

std::optional<Account> account_of(const ApiWorld& world, Platform platform, std::string_view handle) {
  const auto id = account_id(platform, handle);
  const auto found = world.store->accounts({}, {&id, 1});
  if (!found || found->empty()) return {};
  return found->front().account;
}

std::vector<KnownPicture> pictures_of(const ApiWorld& world, std::size_t number) {
  const auto profile = world.store->profiles({}, {&world.ids[number], 1}, 0);
  return profile->front().pictures;
}

TEST(UploadApi, TakesATableInAndTellsEachBadRowsPlace) {
  const ApiWorld world;
  const auto body = std::string(table) + "tiktok,,,no one\n";
  const auto first =
      upload(world, {{"file", body, "new.csv"}, {"licence", "CC0-1.0"}, {"expires_at", "2027-01-01"}});
  ASSERT_EQ(first["files"].size(), 1U);
  const auto& file = first["files"][0];
  EXPECT_EQ(file["name"], "new.csv");
  EXPECT_EQ(file["kind"], "data");
  EXPECT_EQ(file["status"], "partly");
  EXPECT_EQ(file["imported"], 2);
  EXPECT_EQ(file["quarantined"], 1);
  ASSERT_EQ(file["problems"].size(), 1U);
  EXPECT_EQ(file["problems"][0]["place"], "row 4");
  EXPECT_FALSE(file["problems"][0]["reason"].get<std::string>().empty());
  const auto account = account_of(world, Platform::youtube, "newcomer");
  ASSERT_TRUE(account);
  EXPECT_EQ(account->origins[0].source, "upload:new.csv");
  EXPECT_EQ(account->origins[0].licence, "CC0-1.0");
  EXPECT_EQ(account->origins[0].expires_at, parse_time("2027-01-01"));
  const auto revision = *world.store->revision({});
  EXPECT_EQ(upload(world, {{"file", std::string(table), "new.csv"}})["files"][0]["status"], "unchanged");
  EXPECT_EQ(*world.store->revision({}), revision);
}

TEST(UploadApi, WhatWasTakenInIsFound) {
  const ApiWorld world;
  Follower follower(*world.store, *world.backend, world.embedder.get(), world.clock);
  upload(world, {{"file",
                  R"({"platform":"tiktok","handle":"zanzibar","followers":5})"
                  "\n",
                  "x.ndjson"}});
  upload(world, {{"file", world.files[2], "p.png"}, {"creator_id", world.ids[1].text()}});
  ASSERT_TRUE(follower.catch_up({}));
  const auto found =
      json::parse(post(world, "/v1/creators/search", R"({"q":"zanzibar","understand":false})").body);
  ASSERT_FALSE(found["hits"].empty());
  EXPECT_EQ(found["hits"][0]["handle"], "zanzibar");
}

TEST(UploadApi, GivesEveryFileItsOwnOutcome) {
  const ApiWorld world;
  auto cut = world.files[4];
  cut.resize(cut.size() - 100);
  const auto answer = upload(world, {{"creator_id", world.ids[1].text()},
                                     {"caption", "by the sea"},
                                     {"role", "content"},
                                     {"file", world.files[4], "C:\\me.png"},
                                     {"file", cut, "cut.png"},
                                     {"file", std::string(table), "-"},
                                     {"file", "<html><body>hello</body></html>", "page.csv"},
                                     {"file", "%PDF-1.7", "paper.csv"},
                                     {"file", png_header(50'000, 50'000), "bomb.png"},
                                     {"file", "II*\0" + std::string(20, '\0'), "scan.tiff"}});
  std::vector<std::string> outcomes;
  for (const auto& file : answer["files"]) outcomes.push_back(file["status"]);
  EXPECT_EQ(outcomes, (std::vector<std::string>{"accepted", "refused", "accepted", "refused", "refused",
                                                "refused", "refused"}));
  EXPECT_EQ(answer["accepted"], 2);
  EXPECT_EQ(answer["refused"], 5);
  EXPECT_EQ(answer["files"][0]["name"], "me.png");
  EXPECT_EQ(answer["files"][0]["sha256"], hex(sha256(world.files[4])));
  for (const auto& file : answer["files"])
    EXPECT_EQ(file["reason"].is_null(), file["status"] == "accepted") << file;
  const auto kept = pictures_of(world, 1);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].caption, "by the sea");
  EXPECT_EQ(kept[0].role, PictureRole::content);
  EXPECT_EQ(kept[0].origin.source, "upload:me.png");
  EXPECT_EQ(get(world, answer["files"][0]["thumbnail"].get<std::string>()).status, 200);
}

TEST(UploadApi, PicturesAreSomebodys) {
  const ApiWorld world;
  const auto refused = [&](const std::vector<FormPart>& whose) {
    auto parts = whose;
    parts.push_back({"file", world.files[4], "a.png"});
    const auto answer = upload(world, parts);
    EXPECT_EQ(answer["files"][0]["status"], "refused") << answer;
    return answer["files"][0].value("reason", "");
  };
  EXPECT_NE(refused({}).find("creator_id"), std::string::npos);
  EXPECT_NE(refused({{"creator_id", "cr_0000000000000"}}).find("cr_0000000000000"), std::string::npos);
  EXPECT_NE(refused({{"creator_id", "'; drop table"}}), "");
  const auto account = pictures_of(world, 2).front().account.text();
  EXPECT_NE(refused({{"creator_id", world.ids[1].text()}, {"account_id", account}}).find("is not of"),
            std::string::npos);
  EXPECT_EQ(upload(world, {{"account_id", account}, {"file", world.files[4], "a.png"}})["accepted"], 1);
}

TEST(UploadApi, RefusesFormsThatAreWrongAsAWhole) {
  const ApiWorld world;
  const auto wrong = [&](const std::vector<FormPart>& parts, std::string_view pointer) {
    expect_problem(world, post(world, "/upload", form_body(parts), form_header), 400, pointer);
  };
  wrong({{"creator_id", "x"}}, "/file");
  wrong({{"file", "not a file"}}, "/file");
  wrong({{"file", "a", "a.csv"}, {"colour", "red"}}, "/colour");
  wrong({{"file", "a", "a.csv"}, {"role", "star"}}, "/role");
  wrong({{"file", "a", "a.csv"}, {"platform", "myspace"}}, "/platform");
  wrong({{"file", "a", "a.csv"}, {"expires_at", "soon"}}, "/expires_at");
  wrong({{"file", "a", "a.csv"}, {"expires_at", "2020-01-01"}}, "/expires_at");
  wrong({{"file", "a", "a.csv"}, {"url", "javascript:alert(1)"}}, "/url");
  wrong({{"file", "a", "a.csv"}, {"source", "a"}, {"source", "b"}}, "/source");
  wrong({{"file", "a", "a.csv"}, {"source", std::string(201, 'a')}}, "/source");
  const auto cut = form_body({{"file", std::string(table), "a.csv"}});
  expect_problem(world, post(world, "/upload", cut.substr(0, cut.size() - 6), form_header), 400, "");
  expect_problem(world, post(world, "/upload", "{}"), 415);
  EXPECT_FALSE(account_of(world, Platform::youtube, "newcomer")) << "nothing was taken in";
}

TEST(UploadApi, TakesLargeBodiesWithinItsLimit) {
  ServeOptions options;
  options.upload_bytes = 3 << 20;
  const ApiWorld world(std::move(options));
  std::string rows(table);
  while (rows.size() < (5 << 19)) rows += "tiktok,another,50,surfing\n";
  EXPECT_EQ(upload(world, {{"file", rows, "large.csv"}})["files"][0]["imported"], 2);
  expect_problem(
      world, post(world, "/upload", form_body({{"file", std::string(3 << 20, 'x'), "l.csv"}}), form_header),
      413);
  expect_problem(world, post(world, "/ingest", std::string((3 << 20) + 1, ' ')), 413);
}

TEST(Writing, IsRefusedUnlessItIsOffered) {
  const ApiWorld world(ApiWorldOptions{{}, true, true, false});
  expect_problem(
      world, post(world, "/upload", form_body({{"file", std::string(table), "a.csv"}}), form_header), 403);
  const auto reply = post(world, "/ingest", R"({"records":[{"handle":"x"}]})");
  expect_problem(world, reply, 403);
  EXPECT_NE(reply.body.find("server.allow_writes"), std::string::npos);
  expect_problem(world, post(world, "/upload", std::string(2 << 20, 'x'), form_header), 413);
  EXPECT_EQ(json::parse(get(world, "/v1/status").body)["takes_data"], false);
  EXPECT_EQ(*world.store->checkpoint({}, "anything"), std::nullopt);
}

TEST(Writing, IsRefusedToPagesOfOtherSites) {
  const ApiWorld world;
  const auto form = form_body({{"file", std::string(table), "a.csv"}});
  for (const auto* from :
       {"Origin: https://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"}) {
    expect_problem(world, post(world, "/upload", form, std::string(form_header) + from), 403);
    expect_problem(world, post(world, "/ingest", R"([{"handle":"x"}])", from), 403);
  }
  EXPECT_FALSE(account_of(world, Platform::youtube, "newcomer"));
  EXPECT_EQ(post(world, "/upload", form, std::string(form_header) + "Origin: http://localhost\r\n").status,
            200);
}

TEST(IngestApi, TakesRecordsAsArrayMembersAndLinesWithAllTheirDigits) {
  const ApiWorld world;
  const auto one = [](const std::string& handle) {
    return R"({"platform":"tiktok","user_id":9007199254740993,"handle":")" + handle + R"(","followers":7})";
  };
  const auto status = [&](std::string_view body, std::string_view headers = {}, std::string_view query = {}) {
    const auto reply = post(world, "/ingest" + std::string(query), body, headers);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return json::parse(reply.body)["files"][0]["status"].get<std::string>();
  };
  EXPECT_EQ(status("[" + one("list") + "]"), "accepted");
  EXPECT_EQ(status(R"({"basis":"consent","records" : [)" + one("member") + "]}"), "accepted");
  EXPECT_EQ(status(R"({"creators":[)" + one("creators") + "]}"), "accepted");
  EXPECT_EQ(status(one("line1") + "\n" + one("line2") + "\n", "Content-Type: application/x-ndjson\r\n",
                   "?licence=CC0-1.0&source=crm"),
            "accepted");
  const auto page = *world.store->read_raw({}, 0, 10);
  ASSERT_EQ(page.records.size(), 5U);
  for (const auto& record : page.records) EXPECT_NE(record.body.find("9007199254740993"), std::string::npos);
  EXPECT_EQ(page.records[1].terms.basis, "consent");
  EXPECT_EQ(page.records[1].source, "ingest");
  EXPECT_EQ(page.records[4].source, "crm");
  EXPECT_EQ(page.records[4].terms.licence, "CC0-1.0");
}

TEST(IngestApi, TakesPicturesWithTheirVectorsAndVectorsAlone) {
  const ApiWorld world;
  const auto bytes = encode_png(scene(99, 300, 300));
  const json vector{0.6, 0, 0.8, 0};
  const auto answer = ingest(world, {{"source", "studio"},
                                     {"pictures",
                                      {{{"creator_id", world.ids[3].text()},
                                        {"image", "data:image/png;base64," + base64(bytes)},
                                        {"role", "content"},
                                        {"embedding", {{"space", "colours-1"}, {"values", vector}}}}}},
                                     {"embeddings",
                                      {{{"creator_id", world.ids[0].text()},
                                        {"sha256", hex(sha256(world.files[0]))},
                                        {"space", "colours-1"},
                                        {"values", {0, 1, 0, 0}}}}}});
  ASSERT_EQ(answer["files"].size(), 3U) << answer;
  for (const auto& one : answer["files"]) EXPECT_EQ(one["status"], "accepted") << one;
  EXPECT_EQ(answer["files"][0]["name"], "/pictures/0");
  EXPECT_EQ(answer["files"][1]["name"], "/pictures/0/embedding");
  EXPECT_EQ(pictures_of(world, 3).front().origin.source, "studio");
  const VectorKey keys[] = {{world.reader->space().id, vector_key(sha256(bytes))},
                            {world.reader->space().id, vector_key(sha256(world.files[0]))}};
  const auto kept = *world.store->vectors({}, keys);
  ASSERT_EQ(kept.size(), 2U);
  for (const auto& one : kept)
    EXPECT_EQ(one.values,
              one.key == keys[0] ? (std::vector<float>{0.6F, 0, 0.8F, 0}) : (std::vector<float>{0, 1, 0, 0}));
}

TEST(IngestApi, RefusesVectorsThatDoNotFitTheirSpace) {
  const ApiWorld world;
  const auto refused = [&](const json& change) {
    json one{{"creator_id", world.ids[0].text()},
             {"sha256", hex(sha256(world.files[0]))},
             {"space", "colours-1"},
             {"values", {1, 0, 0, 0}}};
    one.update(change);
    const auto answer = ingest(world, {{"embeddings", {one}}});
    EXPECT_EQ(answer["files"][0]["status"], "refused") << change;
    return answer["files"][0].value("reason", "");
  };
  EXPECT_NE(refused({{"space", "clip-of-others"}}).find("colours-1"), std::string::npos);
  EXPECT_NE(refused({{"values", {1, 0, 0}}}).find("4 values"), std::string::npos);
  EXPECT_NE(refused({{"values", {1, 1, 0, 0}}}).find("length 1"), std::string::npos);
  EXPECT_NE(refused({{"values", {0, 0, 0, 0}}}).find("length 1"), std::string::npos);
  EXPECT_NE(refused({{"values", {1e300, 0, 0, 0}}}).find("finite"), std::string::npos);
  EXPECT_NE(refused({{"sha256", std::string(64, 'a')}}).find("no picture"), std::string::npos);
  EXPECT_NE(refused({{"creator_id", world.ids[1].text()}}).find("no picture"), std::string::npos);
  EXPECT_NE(refused({{"creator_id", ""}}), "");
  const VectorKey key{world.reader->space().id, vector_key(sha256(world.files[0]))};
  EXPECT_NE(world.store->vectors({}, {&key, 1})->front().values, (std::vector<float>{1, 0, 0, 0}));
}

TEST(IngestApi, NamesThePlaceOfEveryFault) {
  const ApiWorld world;
  const auto wrong = [&](std::string_view body, std::string_view pointer) {
    expect_problem(world, post(world, "/ingest", body), 400, pointer);
  };
  wrong("{}", "");
  wrong("{", "");
  wrong("17", "");
  wrong(R"({"records":{}})", "/records");
  wrong(R"({"records":[],"creators":[]})", "/creators");
  wrong(R"({"records":[],"recordz":[]})", "/recordz");
  wrong(R"({"records":[],"records":[]})", "/records");
  wrong(R"({"records":[],"platform":"myspace"})", "/platform");
  wrong(R"({"records":[],"source":5})", "/source");
  wrong(R"({"pictures":{}})", "/pictures");
  wrong(R"({"pictures":[5]})", "/pictures/0");
  wrong(R"({"pictures":[{}]})", "/pictures/0/image");
  wrong(R"({"pictures":[{"image":"YWJj"},{"image":"#"}]})", "/pictures/1/image");
  wrong(R"({"pictures":[{"image":"YWJj","x":1}]})", "/pictures/0/x");
  wrong(R"({"pictures":[{"image":"YWJj","url":"file:///etc/passwd"}]})", "/pictures/0/url");
  wrong(R"({"pictures":[{"image":"YWJj","embedding":{"space":"a","values":["1"]}}]})",
        "/pictures/0/embedding/values/0");
  wrong(R"({"embeddings":[{"sha256":"x","space":"a","values":[1]}]})", "/embeddings/0/sha256");
  wrong(R"({"embeddings":[{"sha256":")" + std::string(64, 'a') + R"(","values":[1]}]})",
        "/embeddings/0/space");
  wrong(R"({"embeddings":[)" + std::string(100, '[') + "]}", "");
  std::string many = R"({"pictures":[)";
  for (int i = 0; i < 257; ++i) many += (i ? "," : "") + std::string("{}");
  wrong(many + "]}", "/pictures");
  expect_problem(world, post(world, "/ingest?licence=x", "[]"), 400, "?licence");
  expect_problem(world, post(world, "/ingest?recordz=x", "{}", "Content-Type: application/x-ndjson\r\n"), 400,
                 "?recordz");
  expect_problem(world, post(world, "/ingest", "{}", "Content-Type: text/plain\r\n"), 415);
  const auto empty = post(world, "/ingest", "[]");
  EXPECT_EQ(json::parse(empty.body)["files"][0]["status"], "unchanged");
}

}  // namespace
}  // namespace cdx::test
