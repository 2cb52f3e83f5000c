#include "serve/render.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "serve/page.h"
#include "serve/problem.h"

namespace cdx::serve {
namespace {

using nlohmann::json;

constexpr Time now{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};

Profile ana() {
  Profile profile;
  Account account;
  account.platform = Platform::tiktok;
  account.id = account_id(Platform::tiktok, "ana");
  const auto old = account.origin(
      {"file:a.csv", now - std::chrono::days(9), now + std::chrono::days(9), "consent", "", 1});
  const auto fresh = account.origin({"tiktok_api", now - std::chrono::days(1), {}, "contract", "CC0", 1});
  account.handle = Sourced<std::string>{"ana dances", old};
  account.bio = Sourced<std::string>{"samba \xFF <b>", old};
  account.followers = Sourced<std::int64_t>{182'000, fresh};
  account.website = Sourced<std::string>{"javascript:alert(1)", fresh};
  account.links = Sourced<std::vector<std::string>>{{"https://ana.example/a", "data:text/html,x"}, fresh};
  auto& creator = profile.creator;
  creator.id = creator_id(account.id);
  creator.name = "Ana \"Souza\"";
  creator.image_url = "https://pictures.example/a.jpg";
  creator.primary_niche = "no such niche";
  creator.total_followers = 182'000;
  creator.last_post_at = now - std::chrono::days(8);
  creator.links = {{account.id, "first_account", "", 1.0}};
  creator.judgements = {{"niche", "dance", 0.8, {{"bio", "samba"}}}};
  for (int i = 0; i < 3; ++i) {
    ContentItem item;
    item.id = content_id(Platform::tiktok, std::to_string(i));
    item.account = account.id;
    item.type = ContentType::short_video;
    item.title = i == 0 ? "Dancing in Rio" : "My breakfast";
    item.url = i == 0 ? "https://www.tiktok.com/v/0" : "JavaScript:x";
    if (i == 0) item.views = 10;
    profile.items.push_back(item);
  }
  profile.accounts = {account};
  return profile;
}

Hit hit_of(const Profile& profile) {
  Hit hit;
  hit.id = profile.creator.id;
  hit.score = 0.7;
  hit.parts = {{"keyword", 0.6, 0.5, {{"bm25: danc in content", 3.2}, {"bm25: danc in bio", 1.0}}},
               {"semantic", 0.8, 0.5, {{"tiktok_bio", 0.52}}}};
  hit.why = "because";
  hit.highlights = {{"bio", "<mark>samba</mark>"}};
  hit.profile = profile;
  return hit;
}

Rendering rendering(bool explain = true) { return {now, "rq_1", 1.5, explain, true}; }

TEST(RenderAnswer, ShowsHitsAsTheDocsDo) {
  Answer answer;
  answer.hits = {hit_of(ana())};
  answer.total = 37;
  answer.total_is_lower_bound = true;
  answer.facets = {{"platform", {{"tiktok", 37}}}};
  answer.understood.rest = "dancers";
  Chip chip;
  chip.id = "not:niche=gaming";
  chip.filter = Filter::none_of(Filter::keyword_in("niche", {"gaming"}));
  chip.end = 6;
  answer.understood.chips = {chip};
  answer.degraded = {"semantic: embedding failed"};
  answer.generation = 12;
  answer.revision = {40};
  const auto shown = json::parse(render_answer(answer, rendering()));
  const auto& hit = shown["hits"][0];
  EXPECT_EQ(hit["id"], ana().creator.id.text());
  EXPECT_EQ(hit["rank"], 1);
  EXPECT_EQ(hit["name"], "Ana \"Souza\"");
  EXPECT_EQ(hit["handle"], nullptr);
  EXPECT_EQ(hit["niche_label"], nullptr);
  EXPECT_EQ(hit["followers"], 182'000);
  EXPECT_EQ(hit["follower_band"], "mid");
  EXPECT_EQ(hit["engagement_rate"], nullptr);
  EXPECT_EQ(hit["activity"], "semi_active");
  EXPECT_EQ(hit["last_post_at"], "2026-11-13T00:00:00Z");
  EXPECT_EQ(hit["accounts"][0]["url"], "https://www.tiktok.com/@ana%20dances");
  EXPECT_EQ(hit["accounts"][0]["source"], "tiktok_api") << "the most recent origin speaks";
  EXPECT_EQ(hit["accounts"][0]["expires_at"], "2026-11-30T00:00:00Z") << "the strictest term counts";
  EXPECT_EQ(hit["parts"][0]["contribution"], 0.3);
  EXPECT_EQ(hit["highlights"][0]["html"], "<mark>samba</mark>");
  EXPECT_EQ(hit["explain"]["keyword"][0]["name"], "bm25: danc in content");
  EXPECT_EQ(hit["explain"]["semantic"][0]["value"], 0.52);
  EXPECT_EQ(hit["explain"]["content"].size(), 1U) << "only what matched";
  EXPECT_EQ(hit["explain"]["content"][0]["title"], "Dancing in Rio");
  EXPECT_EQ(shown["total"], json({{"value", 37}, {"relation", "gte"}}));
  EXPECT_EQ(shown["facets"][0]["values"][0]["count"], 37);
  EXPECT_EQ(shown["understood"]["chips"][0]["negated"], true);
  EXPECT_EQ(shown["next_cursor"], nullptr);
  EXPECT_EQ(shown["index_generation"], 12);
  EXPECT_EQ(shown["request_id"], "rq_1");
}

TEST(RenderAnswer, LeavesExplainAndUnderstoodOutUnlessWanted) {
  Answer answer;
  answer.hits = {hit_of(ana())};
  auto with = rendering(false);
  with.understood = false;
  const auto shown = json::parse(render_answer(answer, with));
  EXPECT_FALSE(shown.contains("understood"));
  EXPECT_FALSE(shown["hits"][0].contains("explain"));
}

TEST(RenderAnswer, TheAliasGivesIdScoreAndMetadata) {
  Answer answer;
  answer.hits = {hit_of(ana())};
  answer.total = 1;
  const auto shown = json::parse(render_alias(answer, rendering()));
  EXPECT_EQ(shown["total"], 1);
  EXPECT_EQ(shown["results"][0]["score"], 0.7);
  EXPECT_EQ(shown["results"][0]["metadata"]["followers"], 182'000);
  EXPECT_EQ(shown["results"][0].size(), 3U);
}

TEST(RenderCreator, ShowsOriginsContentGrowthAndNoDangerousAddress) {
  const auto profile = ana();
  const auto account = profile.accounts[0].id;
  const std::vector<MetricSnapshot> snapshots{
      {account, Metric::followers, now - std::chrono::days(1), 180'000, 1, {}},
      {account, Metric::followers, now, 182'000, 1, {}},
      {account, Metric::total_views, now, 5e6, 1, {}}};
  const auto shown = json::parse(render_creator(profile, snapshots, 2, rendering()));
  const auto& first = shown["accounts"][0];
  EXPECT_EQ(first["bio"], "samba \xEF\xBF\xBD <b>") << "broken UTF-8 is replaced";
  EXPECT_EQ(first["website"], nullptr);
  EXPECT_EQ(first["links"], json::array({"https://ana.example/a"}));
  EXPECT_EQ(first["origins"][0]["fields"], json::array({"handle", "bio"}));
  EXPECT_EQ(first["origins"][1]["licence"], "CC0");
  EXPECT_EQ(first["origins"][1]["expires_at"], nullptr);
  ASSERT_EQ(shown["content"].size(), 2U) << "as many as asked for";
  EXPECT_EQ(shown["content"][0]["views"], 10);
  EXPECT_EQ(shown["content"][0]["type"], "short");
  EXPECT_EQ(shown["content"][1]["url"], nullptr);
  EXPECT_EQ(shown["content"][1]["views"], nullptr);
  ASSERT_EQ(shown["growth"].size(), 2U);
  EXPECT_EQ(shown["growth"][0]["points"].size(), 2U);
  EXPECT_EQ(shown["growth"][0]["points"][0], json::array({"2026-11-20T00:00:00Z", 180'000.0}));
  EXPECT_EQ(shown["growth"][1]["metric"], "total_views");
  EXPECT_EQ(shown["links"][0]["evidence"], nullptr);
  EXPECT_EQ(shown["niche_evidence"][0]["phrase"], "samba");
}

TEST(RenderFields, OnlyWebAddressesPass) {
  EXPECT_TRUE(is_web_address("https://a.example/b?c#d"));
  EXPECT_TRUE(is_web_address("HTTP://a"));
  for (const auto* bad : {"", "javascript:alert(1)", "data:text/html,x", "ftp://a", "//a", "https:",
                          "https:/a", "https://a b", "java\nscript://x", " https://a", "httpsx://a"})
    EXPECT_FALSE(is_web_address(bad)) << bad;
}

TEST(RenderFields, AccountsPointToTheirPlatform) {
  Account account;
  account.platform = Platform::youtube;
  account.user_id = "UC1234567890123456789012";
  EXPECT_EQ(account_url(account), "https://www.youtube.com/channel/UC1234567890123456789012");
  account.user_id = "ana";
  EXPECT_EQ(account_url(account), "") << "no handle, no address";
  account.handle = Sourced<std::string>{"a/../b", 0};
  EXPECT_EQ(account_url(account), "https://www.youtube.com/@a%2F..%2Fb");
  account.platform = Platform::other;
  EXPECT_EQ(account_url(account), "");
}

TEST(Problems, HaveOneTypeAStatus) {
  std::set<int> statuses;
  std::set<std::string_view> slugs;
  for (const auto& type : problem_types()) {
    EXPECT_TRUE(statuses.insert(type.status).second);
    EXPECT_TRUE(slugs.insert(type.slug).second);
    const auto response = problem_response({type.status, "detail", "/x", "rq_1"});
    EXPECT_EQ(response.status, type.status);
    EXPECT_EQ(response.media_type, "application/problem+json");
    const auto body = json::parse(response.body);
    EXPECT_EQ(body["type"], "https://creatordex.dev/problems/" + std::string(type.slug));
    EXPECT_EQ(body["status"], type.status);
    EXPECT_EQ(body["request_id"], "rq_1");
  }
}

TEST(Problems, TakeThePointerOfASearchError) {
  const Error error{ErrorKind::invalid, "/filter/all/0: there is no keyword field \"x\"", {}};
  const auto problem = problem_of(error, "/x", "rq");
  ASSERT_EQ(problem.faults.size(), 1U);
  EXPECT_EQ(problem.faults[0].pointer, "/filter/all/0");
  EXPECT_EQ(problem.faults[0].detail, "there is no keyword field \"x\"");
  const auto unpointed = problem_of({ErrorKind::invalid, "no: pointer here", {}}, "/x", "rq");
  EXPECT_EQ(unpointed.faults[0].pointer, "");
  EXPECT_EQ(unpointed.faults[0].detail, "no: pointer here");
}

TEST(Problems, MapKindsToStatusesAndKeepOurFaultsToOurselves) {
  const auto status = [](ErrorKind kind) {
    return problem_of({kind, "the secret reason", {}}, "/x", "rq").status;
  };
  EXPECT_EQ(status(ErrorKind::invalid), 400);
  EXPECT_EQ(status(ErrorKind::not_found), 404);
  EXPECT_EQ(status(ErrorKind::conflict), 410);
  EXPECT_EQ(status(ErrorKind::unavailable), 503);
  EXPECT_EQ(status(ErrorKind::timed_out), 504);
  EXPECT_EQ(status(ErrorKind::corrupt), 500);
  for (const auto kind :
       {ErrorKind::unavailable, ErrorKind::timed_out, ErrorKind::corrupt, ErrorKind::internal})
    EXPECT_EQ(problem_response(problem_of({kind, "the secret reason", {}}, "/x", "rq")).body.find("secret"),
              std::string::npos);
  const auto expired = problem_of({ErrorKind::conflict, "/cursor: its snapshot is gone", {}}, "/x", "rq");
  EXPECT_EQ(expired.faults[0].code, "cursor_expired");
  const auto busy = problem_of({ErrorKind::unavailable, "", std::chrono::milliseconds(1'500)}, "/x", "rq");
  EXPECT_EQ(busy.retry_after, std::chrono::seconds(2));
}

TEST(PageFiles, AreRefusedWhereTheyContradict) {
  EXPECT_EQ(Page::of({{"index.html", "x", ""}}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(Page::of({{"/a.js", "x", ""}, {"/a.js", "y", ""}}).error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace cdx::serve
