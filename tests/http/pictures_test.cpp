// Pictures as a client asks for them and sees them.
#include <gtest/gtest.h>

#include <latch>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/base64.h"
#include "http/asking.h"
#include "http/form.h"
#include "support/made_up_pictures.h"

namespace cdx::test {
namespace {

using nlohmann::json;

constexpr const char* path = "/v1/images/search";

json search(const ApiWorld& world, const json& body) {
  const auto reply = post(world, path, body.dump());
  EXPECT_EQ(reply.status, 200) << body.dump().substr(0, 300) << reply.body;
  return reply.status == 200 ? json::parse(reply.body) : json{{"hits", json::array()}};
}

void expect_refused(const ApiWorld& world, const json& body, int status, std::string_view pointer) {
  expect_problem(world, post(world, path, body.dump()), status, pointer);
}

std::size_t number_of(const ApiWorld& world, const json& hit) {
  const auto at = std::find_if(world.ids.begin(), world.ids.end(),
                               [&](const CreatorId& id) { return id.text() == hit["id"]; });
  return static_cast<std::size_t>(at - world.ids.begin());
}

std::vector<std::string> ids_of(const json& answer) {
  std::vector<std::string> out;
  for (const auto& hit : answer["hits"]) out.push_back(hit["id"]);
  return out;
}

std::string name_of(const ApiWorld& world, std::size_t number) { return hex(sha256(world.files[number])); }
std::string data_of(const ApiWorld& world, std::size_t number) { return base64(world.files[number]); }

TEST(PicturesApi, WordsFindThePicturesThatShowThem) {
  const ApiWorld world;
  const auto answer = search(world, {{"text", "something red"}, {"limit", 5}});
  ASSERT_EQ(answer["hits"].size(), 5U);
  EXPECT_EQ(answer["picture_space"], "colours-1");
  for (const auto& hit : answer["hits"]) {
    const auto number = number_of(world, hit);
    EXPECT_EQ(number % 6, 0U) << "of the red ones";
    ASSERT_EQ(hit["pictures"].size(), 1U);
    const auto& picture = hit["pictures"][0];
    EXPECT_EQ(picture["sha256"], name_of(world, number));
    EXPECT_GT(picture["similarity"], 0.8);
    EXPECT_EQ(picture["caption"], "picture " + std::to_string(number));
    EXPECT_EQ(picture["blur"].get<std::string>().size(), 96U) << "4 x 4 colours";
    EXPECT_EQ(picture["url"], "https://pictures.example/" + std::to_string(number) + ".png");
    EXPECT_EQ(get(world, picture["thumbnail"].get<std::string>()).status, 200);
    double sum = 0;
    for (const auto& part : hit["parts"]) sum += part["contribution"].get<double>();
    EXPECT_NEAR(sum, hit["score"].get<double>(), 1e-6);
  }
  for (const auto* part : {"decode_ms", "encode_ms", "search_ms", "compare_ms"})
    EXPECT_GE(answer["took"][part], 0);
}

TEST(PicturesApi, AnExampleFindsItselfAndCopiesAreMarked) {
  const ApiWorld world;
  const auto answer = search(world, {{"image", data_of(world, 0)}, {"limit", 5}});
  ASSERT_EQ(answer["hits"].size(), 5U);
  std::map<std::size_t, json> pictures;
  std::string first;  // of Ana's picture and its copies, in the order shown
  for (const auto& hit : answer["hits"]) {
    pictures[number_of(world, hit)] = hit["pictures"][0];
    if (first.empty() && number_of(world, hit) % 6 == 0 && number_of(world, hit) <= 12)
      first = hit["pictures"][0]["sha256"];
  }
  ASSERT_TRUE(pictures.contains(0) && pictures.contains(6) && pictures.contains(12));
  EXPECT_NEAR(pictures[0]["similarity"].get<double>(), 1, 1e-5);
  EXPECT_EQ(pictures[0]["sha256"], pictures[12]["sha256"]);
  // One of the three came first; the others say so.
  std::size_t marked = 0;
  for (const std::size_t number : {0U, 6U, 12U}) {
    if (pictures[number]["duplicate_of"].is_null()) continue;
    EXPECT_EQ(pictures[number]["duplicate_of"], first);
    ++marked;
  }
  EXPECT_EQ(marked, 2U);
  for (const auto& [number, picture] : pictures) {
    const bool of_ana = number % 6 == 0 && number <= 12;
    EXPECT_TRUE(of_ana || picture["duplicate_of"].is_null()) << number;
  }
  // What is remembered of the pictures by now says the same.
  EXPECT_EQ(search(world, {{"image", data_of(world, 0)}, {"limit", 5}})["hits"], answer["hits"]);
}

TEST(PicturesApi, AFormWithFilesAsksTheSame) {
  const ApiWorld world;
  const json fields{{"text", "red"}, {"minus", {{"text", "blue"}}}, {"limit", 7}};
  auto inline_body = fields;
  inline_body["image"] = "data:image/png;base64," + data_of(world, 4);
  inline_body["minus"]["image"] = data_of(world, 2);
  const auto by_form = post(world, path,
                            form_body({{"query", fields.dump()},
                                       {"image", world.files[4], "mine.png"},
                                       {"minus_image", world.files[2], "other.png"}}),
                            form_header);
  ASSERT_EQ(by_form.status, 200) << by_form.body;
  EXPECT_EQ(json::parse(by_form.body)["hits"], search(world, inline_body)["hits"]);
}

TEST(PicturesApi, AKnownPictureIsAnExampleByItsName) {
  const ApiWorld world;
  const auto by_name =
      search(world, {{"picture", name_of(world, 4)}, {"minus", {{"picture", name_of(world, 2)}}}});
  const auto by_bytes =
      search(world, {{"image", data_of(world, 4)}, {"minus", {{"image", data_of(world, 2)}}}});
  EXPECT_EQ(by_name["hits"], by_bytes["hits"]);
  EXPECT_EQ(number_of(world, search(world, {{"picture", name_of(world, 4)}})["hits"][0]), 4U);
  expect_refused(world, {{"picture", std::string(64, '0')}}, 400, "/picture");
  expect_refused(world, {{"text", "red"}, {"minus", {{"picture", std::string(64, '0')}}}}, 400,
                 "/minus/picture");
}

TEST(PicturesApi, WhatIsNotWantedIsTakenAway) {
  const ApiWorld world;
  const auto mixed = search(world, {{"text", "red and green"}, {"limit", 30}});
  const auto less = search(
      world,
      {{"text", "red and green"}, {"minus", {{"text", "red"}}}, {"weights", {{"minus", 0.9}}}, {"limit", 3}});
  EXPECT_EQ(mixed["hits"].size(), 15U) << "everybody who has a picture";
  for (const auto& hit : less["hits"]) EXPECT_EQ(number_of(world, hit) % 3, 1U) << "green";
  // A picture less its own colour asks for nothing.
  expect_refused(world, {{"text", "red"}, {"minus", {{"text", "red"}}}, {"weights", {{"minus", 1}}}}, 400,
                 "");
}

TEST(PicturesApi, CreatorsAreAskedForInTheSameBreath) {
  const ApiWorld world;
  const auto answer = search(world, {{"text", "red"},
                                     {"q", "samba"},
                                     {"understand", false},
                                     {"filter", {{"field", "followers"}, {"lt", 8'000}}},
                                     {"facets", {"country"}},
                                     {"limit", 100}});
  ASSERT_FALSE(answer["hits"].empty());
  for (const auto& hit : answer["hits"]) EXPECT_LT(hit["followers"], 8'000);
  EXPECT_EQ(number_of(world, answer["hits"][0]) % 6, 0U) << "a dancer who shows red";
  EXPECT_FALSE(answer["facets"][0]["values"].empty());
  EXPECT_EQ(answer["total"]["value"], answer["hits"].size());
}

TEST(PicturesApi, PagesAreTheWholeListInOrder) {
  const ApiWorld world;
  json body{{"text", "red"}, {"image", data_of(world, 2)}, {"limit", 100}};
  const auto whole = ids_of(search(world, body));
  std::vector<std::string> paged;
  body["limit"] = 4;
  do {
    const auto page = search(world, body);
    for (auto& id : ids_of(page)) paged.push_back(id);
    body["cursor"] = page["next_cursor"];
  } while (!body["cursor"].is_null() && paged.size() < 100);
  EXPECT_EQ(paged, whole);
  // A cursor is of its question.
  const auto first = search(world, {{"text", "red"}, {"limit", 2}});
  expect_refused(world, {{"text", "blue"}, {"limit", 2}, {"cursor", first["next_cursor"]}}, 400, "/cursor");
}

TEST(PicturesApi, CreatorsBelowASimilarityAreLeftOut) {
  const ApiWorld world;
  const auto all = search(world, {{"text", "blue"}, {"limit", 100}});
  const auto near = search(world, {{"text", "blue"}, {"limit", 100}, {"min_similarity", 0.7}});
  std::vector<std::string> wanted;
  for (const auto& hit : all["hits"])
    if (hit["pictures"][0]["similarity"] >= 0.7) wanted.push_back(hit["id"]);
  ASSERT_FALSE(wanted.empty());
  ASSERT_LT(wanted.size(), all["hits"].size());
  EXPECT_EQ(ids_of(near), wanted);
  EXPECT_EQ(near["total"]["value"], wanted.size());
}

TEST(PicturesApi, WordsWithoutAModelThatReadsThemAreRefusedWithWhatHelps) {
  const ApiWorld world(ApiWorldOptions{{}, true, false, true});
  const auto reply = post(world, path, R"({"text":"red"})");
  expect_problem(world, reply, 400, "/text");
  EXPECT_NE(reply.body.find("creatordex model pull clip-vit-base-patch32"), std::string::npos);
  expect_refused(world, {{"image", data_of(world, 0)}, {"minus", {{"text", "red"}}}}, 400, "/minus/text");
  EXPECT_EQ(search(world, {{"image", data_of(world, 0)}})["hits"].size(), 15U) << "an example is understood";
  EXPECT_EQ(world.reader->texts_read, 0U);
  EXPECT_EQ(json::parse(get(world, "/v1/status").body)["pictures"]["reads_words"], false);
}

TEST(PicturesApi, BytesThatAreNoPictureAreRefusedAtTheirPlace) {
  const ApiWorld world;
  const std::size_t before = world.reader->pictures_read;
  auto cut = world.files[0];
  cut.resize(cut.size() / 2);
  for (const auto& bytes :
       {std::string("GIF89a"), std::string("<svg xmlns='http://www.w3.org/2000/svg'/>"), cut,
        png_header(60'000, 60'000), std::string("hello"), "\xFF\xD8\xFF" + std::string(500, '\0')}) {
    expect_refused(world, {{"image", base64(bytes)}}, 400, "/image");
    expect_refused(world, {{"text", "red"}, {"minus", {{"image", base64(bytes)}}}}, 400, "/minus/image");
    expect_problem(world, post(world, path, form_body({{"image", bytes, "a.png"}}), form_header), 400,
                   "/image");
  }
  EXPECT_EQ(world.reader->pictures_read, before) << "nothing was read";
}

TEST(PicturesApi, BodiesAreCheckedBeforeAnythingIsRead) {
  ServeOptions small;
  small.picture_question_bytes = 50'000;
  const ApiWorld world(std::move(small));
  expect_refused(world, json::object(), 400, "");
  expect_refused(world, {{"text", "red"}, {"limit", 0}}, 400, "/limit");
  expect_refused(world, {{"text", "red"}, {"words", 1}}, 400, "/words");
  expect_problem(world, post(world, path, "{}", "Content-Type: text/plain\r\n"), 415);
  expect_problem(world, post(world, path, "x", "Content-Type: multipart/form-data\r\n"), 400, "");
  expect_problem(world, post(world, path, std::string(50'001, ' ')), 413);
  expect_problem(world, post(world, "/v1/creators/search", std::string(1'048'577, ' ')), 413);
  const auto form = form_body({{"query", R"({"text":"red"})"}});
  const std::string type(form_header);
  for (const auto* from :
       {"Origin: https://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n", "Origin: http://localhost:1\r\n"})
    expect_problem(world, post(world, path, form, type + from), 403);
  for (const auto* from :
       {"Origin: http://localhost\r\n", "Sec-Fetch-Site: same-origin\r\n", "Sec-Fetch-Site: none\r\n"})
    EXPECT_EQ(post(world, path, form, type + from).status, 200) << from;
}

TEST(PicturesApi, WithoutPicturesTheRoutesSaySo) {
  const ApiWorld world(ApiWorldOptions{{}, false, false, true});
  expect_refused(world, {{"text", "red"}}, 404, "-");
  expect_problem(world, get(world, "/v1/images/" + std::string(64, '0') + "/thumbnail"), 404);
  const auto status = json::parse(get(world, "/v1/status").body);
  EXPECT_TRUE(status["pictures"]["space"].is_null());
  const auto creator = json::parse(get(world, "/v1/creators/" + world.ids[0].text()).body);
  EXPECT_TRUE(creator["pictures"].empty());
}

TEST(PicturesApi, ThumbnailsAreSmallJpegsThatMayBeKept) {
  const ApiWorld world;
  const auto target = "/v1/images/" + name_of(world, 2) + "/thumbnail";
  const auto reply = get(world, target);
  ASSERT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-type"), "image/jpeg");
  EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
  EXPECT_NE(reply.headers.at("cache-control").find("immutable"), std::string::npos);
  const auto seen = image::decode_picture({}, *world.decoder, reply.body);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->width, 256U);
  EXPECT_EQ(seen->height, 192U);
  const auto etag = reply.headers.at("etag");
  const auto again = get(world, target, "If-None-Match: W/\"x\", " + etag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(again.headers.at("etag"), etag);
  EXPECT_EQ(get(world, target, "If-None-Match: \"x\"\r\n").status, 200);
  for (const auto& wrong :
       {std::string(64, '0'), std::string("x"), "A" + name_of(world, 2).substr(1), name_of(world, 2) + "0",
        std::string("..%2f..%2fetc%2fpasswd"), std::string("%00")})
    expect_problem(world, get(world, "/v1/images/" + wrong + "/thumbnail"), 404);
  expect_problem(world, get(world, target + "?size=9999"), 400, "?size");
}

TEST(PicturesApi, CreatorsShowTheirPictures) {
  const ApiWorld world;
  const auto creator = json::parse(get(world, "/v1/creators/" + world.ids[4].text()).body);
  ASSERT_EQ(creator["pictures"].size(), 1U);
  EXPECT_EQ(creator["pictures"][0]["sha256"], name_of(world, 4));
  EXPECT_EQ(creator["pictures"][0]["role"], "profile");
  EXPECT_EQ(creator["pictures"][0]["width"], 320);
  EXPECT_FALSE(creator["pictures"][0].contains("similarity"));
  const auto found =
      json::parse(post(world, "/v1/creators/search", R"({"q":"anadances","understand":false})").body);
  EXPECT_EQ(found["hits"][0]["pictures"][0]["sha256"], name_of(world, 0));
  EXPECT_FALSE(found.contains("picture_space"));
}

TEST(PicturesApi, ManyWhoAskTheSameCostOneReadingAndThoseWhoAskOtherwiseFew) {
  ServeOptions options;
  options.http.workers = 24;
  const ApiWorld world(std::move(options));
  std::atomic<int> slow{0};
  world.reader->before_texts = [&](std::size_t) {
    ++slow;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  const auto ask_all = [&](const std::function<std::string(int)>& text) {
    std::atomic<int> good{0};
    std::latch start(24);
    std::vector<std::jthread> clients;
    for (int i = 0; i < 24; ++i)
      clients.emplace_back([&, i] {
        start.arrive_and_wait();
        if (post(world, path, json{{"text", text(i)}, {"limit", 1}}.dump()).status == 200) ++good;
      });
    clients.clear();
    EXPECT_EQ(good, 24);
  };
  ask_all([](int) { return "red"; });
  EXPECT_EQ(world.reader->texts_read, 1U);
  ask_all([](int i) { return "red number " + std::to_string(i); });
  EXPECT_EQ(world.reader->texts_read, 25U);
  EXPECT_LT(slow, 24) << "what was asked meanwhile was read together";
  ask_all([](int i) { return "red number " + std::to_string(i); });
  EXPECT_EQ(world.reader->texts_read, 25U) << "and is remembered";
}

TEST(PicturesApi, AReaderThatFailsGivesAProblemAndNothingIsRemembered) {
  const ApiWorld world;
  world.reader->failure = Error{ErrorKind::unavailable, "out of memory", {}};
  expect_refused(world, {{"text", "red"}}, 503, "-");
  world.reader->failure.reset();
  EXPECT_FALSE(search(world, {{"text", "red"}})["hits"].empty());
}

TEST(AnalyticsApi, TellTheLastHourWithoutWhatWasAsked) {
  ApiWorld world;
  search(world, {{"text", "red unmistakable"}});
  search(world, {{"image", data_of(world, 0)}});
  search(world, {{"image", data_of(world, 0)}, {"text", "red"}});
  post(world, "/v1/creators/search",
       R"({"q":"unmistakable","understand":false,"fusion":{"min_score":0.99}})");
  post(world, "/v1/match", R"({"brief":{"product_name":"unmistakable"}})");
  const auto reply = get(world, "/v1/analytics");
  const auto body = json::parse(reply.body);
  EXPECT_EQ(reply.body.find("unmistakable"), std::string::npos);
  EXPECT_EQ(body["window_seconds"], 3600);
  EXPECT_EQ(body["searches"]["asked"], 5);
  EXPECT_EQ(body["searches"]["without_hits"], 1);
  EXPECT_DOUBLE_EQ(body["searches"]["zero_hit_rate"].get<double>(), 0.2);
  std::set<std::string> kinds;
  for (const auto& kind : body["by_kind"]) {
    kinds.insert(kind["kind"]);
    EXPECT_GT(kind["latency_ms"]["p99"], 0);
    EXPECT_LE(kind["latency_ms"]["p50"], kind["latency_ms"]["p95"]);
  }
  EXPECT_EQ(kinds,
            (std::set<std::string>{"picture_words", "picture_example", "picture_mixed", "hybrid", "match"}));
  EXPECT_EQ(body["index"]["creators"], 30);
  EXPECT_EQ(body["index"]["picture_space"], "colours-1");
  EXPECT_EQ(body["pictures"]["total"], 15);
  world.clock.advance(std::chrono::minutes(61));
  const auto later = json::parse(get(world, "/v1/analytics").body);
  EXPECT_EQ(later["searches"]["asked"], 0);
  EXPECT_TRUE(later["searches"]["zero_hit_rate"].is_null());
  const auto metrics = get(world, "/metrics").body;
  EXPECT_NE(metrics.find("creatordex_search_duration_seconds_count{mode=\"picture_words\",outcome=\"ok\"}"),
            std::string::npos);
}

}  // namespace
}  // namespace cdx::test
