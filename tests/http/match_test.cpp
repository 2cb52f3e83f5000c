// Campaigns, plans, look-alikes and events as a client sees them.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "http/api_world.h"
#include "http/client.h"

namespace cdx::test {
namespace {

using nlohmann::json;

struct Asked {
  int status = 0;
  json body;
};

Asked ask(const ApiWorld& world, std::string_view method, const std::string& target, const json& body = {}) {
  Client client(world.port());
  const auto reply = client.ask(method, target, body.is_null() ? std::string() : body.dump());
  EXPECT_TRUE(reply) << target;
  if (!reply) return {};
  return {reply->status, reply->body.empty() ? json() : json::parse(reply->body)};
}

std::string pointer(const Asked& asked) {
  return asked.body.contains("errors") ? asked.body["errors"][0]["pointer"].get<std::string>()
                                       : "none: " + asked.body.dump();
}

const json dance_brief = {{"product_name", "dance shoes"},
                          {"brand_name", "Samba"},
                          {"target_audience", "people in Brazil who dance"},
                          {"product_niche", "dance"},
                          {"total_budget_usd", 5'000}};

TEST(MatchApi, PartsAddUpAndAreExplained) {
  const ApiWorld world;
  const auto answer =
      ask(world, "POST", "/v1/match", {{"brief", dance_brief}, {"limit", 5}, {"explain", true}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(answer.body["matches"].size(), 5U);
  double before = 2;
  for (const auto& match : answer.body["matches"]) {
    double sum = 0;
    for (const auto& part : match["parts"]) {
      sum += part["contribution"].get<double>();
      EXPECT_FALSE(part["reason"].get<std::string>().empty());
      EXPECT_TRUE(!part["value"].is_null() || part["weight"] == 0) << part;
    }
    EXPECT_NEAR(sum, match["score"].get<double>(), 1e-6);
    EXPECT_LE(match["score"].get<double>(), before);
    before = match["score"].get<double>();
    EXPECT_EQ(match["primary_niche"], "dance");
  }
}

TEST(MatchApi, PagesAreOneRanking) {
  const ApiWorld world;
  const auto whole = ask(world, "POST", "/v1/match", {{"brief", dance_brief}, {"limit", 30}});
  std::vector<std::string> walked;
  json cursor;
  do {
    const auto page =
        ask(world, "POST", "/v1/match", {{"brief", dance_brief}, {"limit", 7}, {"cursor", cursor}});
    ASSERT_EQ(page.status, 200) << page.body;
    for (const auto& match : page.body["matches"]) walked.push_back(match["id"]);
    cursor = page.body["next_cursor"];
  } while (!cursor.is_null());
  std::vector<std::string> expected;
  for (const auto& match : whole.body["matches"]) expected.push_back(match["id"]);
  EXPECT_EQ(walked, expected);
}

TEST(MatchApi, CampaignsAreKeptListedAndForgotten) {
  const ApiWorld world;
  const auto first = ask(world, "POST", "/v1/match", {{"brief", dance_brief}});
  const std::string id = first.body["campaign_id"];
  EXPECT_EQ(ask(world, "GET", "/v1/campaigns").body["campaigns"][0]["id"], id);
  EXPECT_EQ(ask(world, "GET", "/v1/campaigns/" + id).body["brief"]["product_name"], "dance shoes");
  const auto kept = ask(world, "GET", "/v1/campaigns/" + id + "/matches?limit=3&skip=1");
  ASSERT_EQ(kept.body["matches"].size(), 3U);
  EXPECT_EQ(kept.body["matches"][0]["creator_id"], first.body["matches"][1]["id"]);
  EXPECT_EQ(kept.body["total"], first.body["total"]);
  const std::string creator = first.body["matches"][0]["id"];
  const auto history = "/v1/campaigns/" + id + "/matches/" + creator + "/history";
  EXPECT_TRUE(ask(world, "GET", history).body["history"].empty());
  ask(world, "POST", "/v1/match", {{"brief", dance_brief}, {"campaign_id", id}, {"profile", "seed-001"}});
  const auto scores = ask(world, "GET", history).body["history"];
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores[0]["profile"], "balanced");
  EXPECT_EQ(ask(world, "DELETE", "/v1/campaigns/" + id).status, 204);
  EXPECT_EQ(ask(world, "GET", "/v1/campaigns/" + id).status, 404);
  EXPECT_EQ(ask(world, "GET", "/v1/campaigns/nonsense").status, 404);
  ask(world, "POST", "/v1/match", {{"brief", dance_brief}, {"keep", false}});
  EXPECT_TRUE(ask(world, "GET", "/v1/campaigns").body["campaigns"].empty());
}

TEST(MatchApi, WhatIsWrongIsNamedByItsPlace) {
  const ApiWorld world;
  const auto wrong = [&](const json& body) {
    const auto answer = ask(world, "POST", "/v1/match", body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    return pointer(answer);
  };
  EXPECT_EQ(wrong(json::object()), "/brief");
  EXPECT_EQ(wrong({{"brief", {{"product_name", 5}}}}), "/brief/product_name");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}, {"unheard_of", 1}}}}), "/brief/unheard_of");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}, {"min_followers", 10}, {"max_followers", 5}}}}),
            "/brief/max_followers");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}, {"platforms", {"myspace"}}}}}), "/brief/platforms/0");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}, {"min_engagement", 5}}}}), "/brief/min_engagement");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}}}, {"profile", "unheard-of"}}), "/profile");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}}}, {"campaign_id", "cr_1"}}), "/campaign_id");
  EXPECT_EQ(wrong({{"brief", {{"product_name", "x"}}}, {"limit", 101}}), "/limit");
  EXPECT_EQ(wrong({{"brief", {{"product_name", std::string(201, 'x')}}}}), "/brief/product_name");
}

TEST(MatchApi, AnInjectionIsOnlyText) {
  const ApiWorld world;
  auto brief = dance_brief;
  brief["product_niche"] = "dance'; DROP TABLE creators; --";
  brief["target_audience"] = "followers >= 0 OR 1=1";
  EXPECT_EQ(ask(world, "POST", "/v1/match", {{"brief", brief}}).status, 200);
  EXPECT_EQ(ask(world, "GET", "/v1/creators/" + world.ids[0].text()).status, 200);
}

TEST(MatchApi, APlanStaysWithinItsBudget) {
  const ApiWorld world;
  const auto plan = ask(
      world, "POST", "/v1/match/plan",
      {{"brief", dance_brief}, {"budget_usd", 100}, {"price_per_follower_usd", 0.01}, {"max_creators", 4}});
  ASSERT_EQ(plan.status, 200) << plan.body;
  EXPECT_LE(plan.body["cost_usd"].get<double>(), 100);
  EXPECT_GT(plan.body["chosen"].size(), 0U);
  EXPECT_LE(plan.body["chosen"].size(), 4U);
  for (const auto& one : plan.body["chosen"]) EXPECT_TRUE(one["cost_estimated"].get<bool>());
  const auto unpriced = ask(world, "POST", "/v1/match/plan", {{"brief", dance_brief}, {"budget_usd", 100}});
  EXPECT_TRUE(unpriced.body["chosen"].empty());
  EXPECT_EQ(unpriced.body["left_out"][0]["reason"], "the price is not known");
  EXPECT_EQ(
      pointer(ask(
          world, "POST", "/v1/match/plan",
          {{"brief", dance_brief}, {"budget_usd", 1}, {"min_creators", 30}, {"price_per_follower_usd", 1}})),
      "/min_creators");
  auto without = dance_brief;
  without.erase("total_budget_usd");
  EXPECT_EQ(pointer(ask(world, "POST", "/v1/match/plan", {{"brief", without}})), "/budget_usd");
}

TEST(MatchApi, LookAlikesLeaveTheExamplesOut) {
  const ApiWorld world;
  const auto dancer = world.ids[0].text(), other = world.ids[3].text(), cook = world.ids[1].text();
  const auto answer = ask(world, "POST", "/v1/creators/similar",
                          {{"examples", {dancer, other}}, {"counter_examples", {cook}}, {"limit", 5}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_EQ(answer.body["hits"].size(), 5U);
  for (const auto& hit : answer.body["hits"]) {
    EXPECT_EQ(hit["primary_niche"], "dance");
    EXPECT_NE(hit["id"], dancer);
    EXPECT_NE(hit["id"], other);
  }
  const auto wrong = [&](const json& body) {
    return pointer(ask(world, "POST", "/v1/creators/similar", body));
  };
  EXPECT_EQ(wrong(json::object()), "/examples");
  EXPECT_EQ(wrong({{"examples", {"nobody"}}}), "/examples/0");
  EXPECT_EQ(ask(world, "POST", "/v1/creators/similar", {{"examples", {"cr_0000000000001"}}}).status, 404);
}

TEST(MatchApi, TheDesignsEndpointGivesItsStrings) {
  const ApiWorld world;
  const auto answer = ask(world, "POST", "/api/ai/similaritysearch",
                          {{"product_name", "dance shoes"},
                           {"brand_name", "Samba"},
                           {"product_niche", "Dance"},
                           {"total_budget", 5'000},
                           {"min_engagement", 10.0},
                           {"limit", 3}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body["page"], 1);
  EXPECT_EQ(answer.body["total"], 20) << "engagement is in per cent here: 20 of 30 have 10 % or more";
  EXPECT_EQ(answer.body["pages"], 7);
  for (const auto& match : answer.body["matches"]) {
    EXPECT_TRUE(match["match_score"].get<std::string>().ends_with("%"));
    EXPECT_TRUE(match["detailed_scores"]["niche_match"].get<std::string>().ends_with(".00%"));
    EXPECT_NE(match["influencer_name"].get<std::string>().find("(@creator"), std::string::npos);
  }
  EXPECT_EQ(pointer(ask(world, "POST", "/api/ai/similaritysearch", {{"product_name", "x"}})), "/brand_name");
}

TEST(MatchApi, ChoicesAreKeptWithTheirQuestion) {
  const ApiWorld world;
  const auto found = ask(world, "POST", "/v1/creators/search", {{"q", "dance"}});
  const std::string question = found.body["question_id"], creator = found.body["hits"][0]["id"];
  EXPECT_EQ(ask(world, "POST", "/v1/events",
                {{"question_id", question}, {"creator_id", creator}, {"action", "click"}})
                .status,
            204);
  const auto id = QuestionId::parse(question);
  const auto kept = world.usage->choices({}, {&*id, 1});
  ASSERT_TRUE(kept && kept->size() == 1);
  EXPECT_EQ(kept->front().action, "click");
  const auto questions = world.usage->questions({}, {}, 10);
  ASSERT_TRUE(questions && !questions->empty());
  EXPECT_GE(questions->front().shown.size(), found.body["hits"].size());
  EXPECT_EQ(questions->front().first_seen, 0U);
  EXPECT_EQ(questions->front().count_seen, found.body["hits"].size());
  EXPECT_EQ(questions->front().shown[0].creator.text(), creator);
  const auto& names = questions->front().feature_names;
  for (const auto* name : {"keyword", "semantic", "quality", "cosine:tiktok_bio"})
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  EXPECT_EQ(ask(world, "POST", "/v1/events",
                {{"question_id", "qu_0000000000001"}, {"creator_id", creator}, {"action", "click"}})
                .status,
            404);
  EXPECT_EQ(pointer(ask(world, "POST", "/v1/events",
                        {{"question_id", question}, {"creator_id", creator}, {"action", "buy"}})),
            "/action");
}

// What was asked, with the candidates of every page in the order of their ranking.
LoggedQuestion logged(const ApiWorld& world, const Asked& answer) {
  const std::string id = answer.body["question_id"];
  for (int tries = 0; tries < 1'000; ++tries) {
    const auto questions = world.usage->questions({}, {}, 100);
    for (const auto& one : *questions)
      if (one.id.text() == id) return one;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << "question " << id << " was never written";
  return {};
}

TEST(MatchApi, CandidatesAreLoggedWithTheirFeaturesAndWhoWasSeen) {
  ServeOptions options;
  options.log_candidates = 7;
  const ApiWorld world(options);
  const auto first = ask(world, "POST", "/v1/creators/search", {{"q", "dance"}, {"limit", 3}});
  const auto second = ask(world, "POST", "/v1/creators/search",
                          {{"q", "dance"}, {"limit", 3}, {"cursor", first.body["next_cursor"]}});
  ASSERT_GT(first.body["total"]["value"], 7) << first.body;
  const auto one = logged(world, first), two = logged(world, second);
  ASSERT_EQ(one.shown.size(), 7U);
  EXPECT_EQ(one.first_seen, 0U);
  EXPECT_EQ(one.count_seen, 3U);
  EXPECT_EQ(two.first_seen, 3U);
  EXPECT_EQ(two.count_seen, 3U);
  ASSERT_EQ(two.shown.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(one.shown[i].creator, two.shown[i].creator) << "one ranking";
  EXPECT_EQ(two.shown[4].creator.text(), second.body["hits"][1]["id"]);
  for (std::size_t i = 0; i < one.shown.size(); ++i) {
    EXPECT_EQ(one.shown[i].features.size(), one.feature_names.size());
    EXPECT_TRUE(i == 0 || one.shown[i - 1].score >= one.shown[i].score);
  }
  const auto match = ask(world, "POST", "/v1/match", {{"brief", {{"product_name", "shoes"}}}, {"limit", 2}});
  const auto matched = logged(world, match);
  EXPECT_EQ(matched.shown.size(), 7U);
  EXPECT_EQ(matched.count_seen, 2U);
  EXPECT_EQ(matched.shown[1].creator.text(), match.body["matches"][1]["id"]);
}

TEST(MatchApi, NoCandidatesAreLoggedWhereNoneAreWanted) {
  ServeOptions options;
  options.log_candidates = 0;
  const ApiWorld world(options);
  const auto answer = ask(world, "POST", "/v1/creators/search", {{"q", "dance"}, {"limit", 2}});
  EXPECT_EQ(logged(world, answer).shown.size(), 2U);
}

TEST(MatchApi, AProfileIsSwitchedWithoutARestart) {
  const ApiWorld world;
  const auto settings = R"({"alpha": 0, "beta": 0, "gamma": 1})";
  ASSERT_TRUE(world.usage->put_profile({}, {"quality first", "ranking", settings, "{}", {}}, {}));
  ASSERT_TRUE(world.usage->switch_profile({}, "ranking", "quality first", {}));
  EXPECT_EQ(ask(world, "GET", "/v1/profiles?kind=ranking").body["active"], "quality first");
  const auto answer = ask(world, "POST", "/v1/creators/search", {{"q", "dance"}, {"rerank", false}});
  ASSERT_FALSE(answer.body["hits"].empty());
  for (const auto& part : answer.body["hits"][0]["parts"])
    EXPECT_TRUE(part["name"] != "keyword" || part["weight"] == 0);
}

TEST(MatchApi, WithoutUsageNothingIsLogged) {
  ServeOptions options;
  options.log_usage = false;
  const ApiWorld world(options);
  EXPECT_TRUE(ask(world, "POST", "/v1/creators/search", {{"q", "dance"}}).body["question_id"].is_null());
  EXPECT_EQ(
      ask(world, "POST", "/v1/events",
          {{"question_id", "qu_0000000000001"}, {"creator_id", world.ids[0].text()}, {"action", "hide"}})
          .status,
      404);
}

}  // namespace
}  // namespace cdx::test
