#include "normalize/normalize.h"

#include <gtest/gtest.h>

namespace cdx::normalize {
namespace {

RawRecord record(std::string layout, std::string body) {
  RawRecord out;
  out.source = "file:test";
  out.key = "row 2";
  out.layout = std::move(layout);
  out.body = std::move(body);
  out.terms.source = "file:test";
  out.terms.basis = "consent";
  out.terms.licence = "CC0-1.0";
  out.terms.fetched_at = parse_time("2026-01-02").value_or(Time());
  return out;
}

constexpr const char* csv_layout =
    R"({"format":"csv","delimiter":",","quote":"\"","escape":"\"","columns":["user","n","er","eng","price","cat","url"],)"
    R"("mapping":{"platform":"instagram","fields":[["handle",0],["followers",1],["engagement_rate",2,"percent"],)"
    R"(["price_usd",4],["category",5],["account_url",6]]}})";

TEST(Normalize, ATableRowBecomesAnAccountWithItsTermsOnEveryField) {
  Normalizer normalizer;
  const RawRecord raw = record(csv_layout, "@Ana.B,1.2M,4.5,,$300,\"Food|Travel, far\",https://x.com/ana");
  const auto done = normalizer.normalize(raw);
  ASSERT_TRUE(done.has_value()) << done.error().message;
  const Account& account = done->account;
  EXPECT_EQ(account.platform, Platform::instagram);
  EXPECT_EQ(account.user_id, "ana.b");
  EXPECT_EQ(account.id, account_id(Platform::instagram, "ana.b"));
  EXPECT_EQ(account.handle->value, "Ana.B");
  EXPECT_EQ(account.followers->value, 1'200'000);
  EXPECT_DOUBLE_EQ(account.engagement_rate->value, 0.045);
  EXPECT_DOUBLE_EQ(account.price_usd->value, 300);
  EXPECT_EQ(account.categories->value, (std::vector<std::string>{"Food", "Travel, far"}));
  EXPECT_EQ(account.links->value, (std::vector<std::string>{"https://x.com/ana"}))
      << "an address on another platform";
  ASSERT_EQ(account.origins.size(), 1U);
  EXPECT_EQ(account.origins[0], raw.terms);
  EXPECT_EQ(account.followers->origin, 0U);
  ASSERT_EQ(done->snapshots.size(), 1U);
  EXPECT_EQ(done->snapshots[0].at, raw.terms.fetched_at);
  EXPECT_EQ(done->snapshots[0].origin, raw.terms);
  EXPECT_EQ(done->snapshots[0].account, account.id);
}

TEST(Normalize, WrongCellsNameTheirColumnAndReason) {
  Normalizer normalizer;
  const auto followers = normalizer.normalize(record(csv_layout, "ana,lots,,,,,"));
  ASSERT_FALSE(followers.has_value());
  EXPECT_EQ(followers.error().kind, ErrorKind::invalid);
  EXPECT_EQ(followers.error().message, "column 'n': 'lots' is not a number");
  EXPECT_EQ(column_of(followers.error()), "n");
  const auto nobody = normalizer.normalize(record(csv_layout, "N/A,12,,,,,"));
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(column_of(nobody.error()), "");
  EXPECT_TRUE(normalizer.normalize(record(csv_layout, "ana,#VALOR!")).has_value())
      << "an absent figure is no error";
}

TEST(Normalize, AHandleWithBlanksIsAName) {
  Normalizer normalizer;
  const auto done = normalizer.normalize(record(csv_layout, "Dynamo  Gaming,12"));
  ASSERT_TRUE(done.has_value());
  EXPECT_FALSE(done->account.handle.has_value());
  EXPECT_EQ(done->account.name->value, "Dynamo  Gaming");
  EXPECT_EQ(done->account.user_id, "dynamo gaming");
}

TEST(Normalize, EngagementCountsNeedFollowers) {
  const std::string layout =
      R"({"format":"csv","delimiter":",","quote":"","escape":"","columns":["u","f","e"],"mapping":{"platform":"tiktok",)"
      R"("fields":[["handle",0],["followers",1],["engagement_rate",2,"interactions"]]}})";
  Normalizer normalizer;
  EXPECT_DOUBLE_EQ(normalizer.normalize(record(layout, "ana,1000,50"))->account.engagement_rate->value, 0.05);
  EXPECT_FALSE(normalizer.normalize(record(layout, "ana,,50"))->account.engagement_rate.has_value());
  EXPECT_FALSE(normalizer.normalize(record(layout, "ana,0,50"))->account.engagement_rate.has_value());
  EXPECT_DOUBLE_EQ(normalizer.normalize(record(layout, "ana,1000,3%"))->account.engagement_rate->value, 0.03);
}

TEST(Normalize, ThePlatformOfTheRowWinsUnlessOneWasTold) {
  const auto platform = [](const std::string& mapping, const std::string& body) {
    Normalizer normalizer;
    const auto done = normalizer.normalize(record(
        R"({"format":"csv","delimiter":",","quote":"","escape":"","columns":["p","u","l"],"mapping":{)" +
            mapping + R"("fields":[["platform",0],["handle",1],["account_url",2]]}})",
        body));
    return done ? done->account.platform : Platform::other;
  };
  EXPECT_EQ(platform("", "TikTok,ana,"), Platform::tiktok);
  EXPECT_EQ(platform(R"("platform":"youtube",)", "ig,ana,"), Platform::instagram);
  EXPECT_EQ(platform(R"("platform":"youtube","platform_told":true,)", "ig,ana,"), Platform::youtube);
  EXPECT_EQ(platform("", ",,https://www.twitch.tv/ana"), Platform::twitch);
}

TEST(Normalize, APostBesideItsAccountHasItsOwnPicture) {
  Normalizer normalizer;
  const auto done = normalizer.normalize(record(
      R"({"format":"csv","delimiter":",","quote":"\"","escape":"\"","columns":["u","c","m","a"],)"
      R"("mapping":{"platform":"instagram","fields":[["handle",0],["image_url",3],["post_text",1],["post_image_url",2]]}})",
      "ana,hello,https://a.example/post.jpg,https://a.example/ana.jpg"));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->account.image_url->value, "https://a.example/ana.jpg");
  ASSERT_EQ(done->items.size(), 1U);
  EXPECT_EQ(done->items[0].image_url, "https://a.example/post.jpg");
}

TEST(Normalize, WorkbookRowsAreArraysOfCells) {
  Normalizer normalizer;
  const auto done = normalizer.normalize(record(
      R"({"format":"xlsx","sheet":"List","columns":["u","f"],"mapping":{"platform":"x","fields":[["handle",0],["followers",1]]}})",
      R"(["ana","12"])"));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->account.followers->value, 12);
}

constexpr const char* full_record =
    R"({"platform":"instagram","user_id":"17","handle":"ana","name":"Ana","bio":"Samba",
  "followers":1200,"engagement_rate":0.034,"price_usd":300,"verified":true,"country":"BR","language":"pt",
  "categories":["dance","music"],"links":["https://www.youtube.com/@ana"],"creator_key":"person-1",
  "content":[{"id":"c1","type":"reel","title":"Step one","description":"d","published_at":"2025-12-01T10:00:00Z",
              "views":100,"likes":10,"comments":1,"url":"https://www.instagram.com/p/c1/",
              "thumbnail_url":"https://a.example/c1.jpg"},{"title":"No id"}],
  "snapshots":[{"metric":"followers","at":"2025-12-01","value":1100},{"metric":"total_views","at":"2025-12-01","value":9}]})";

TEST(Normalize, JsonRecordsCarryContentAndFigures) {
  Normalizer normalizer;
  const auto done = normalizer.normalize(record("", full_record));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->account.user_id, "17");
  EXPECT_EQ(done->account.platform, Platform::instagram);
  EXPECT_EQ(done->account.followers->value, 1200);
  EXPECT_DOUBLE_EQ(done->account.engagement_rate->value, 0.034);
  EXPECT_TRUE(done->account.verified->value);
  EXPECT_EQ(done->account.country->value, "BR");
  EXPECT_EQ(done->account.categories->value, (std::vector<std::string>{"dance", "music"}));
  EXPECT_EQ(done->account.links->value, (std::vector<std::string>{"https://www.youtube.com/@ana"}));
  EXPECT_EQ(done->declared_key, "person-1");
  ASSERT_EQ(done->items.size(), 2U);
  EXPECT_EQ(done->items[0].id, content_id(Platform::instagram, "c1"));
  EXPECT_EQ(done->items[0].type, ContentType::short_video);
  EXPECT_EQ(done->items[0].views, 100);
  EXPECT_EQ(done->items[0].account, done->account.id);
  EXPECT_EQ(done->items[0].image_url, "https://a.example/c1.jpg");
  EXPECT_EQ(done->items[1].image_url, "");
  ASSERT_EQ(done->snapshots.size(), 3U) << "two of its own, and the followers of now";
  EXPECT_EQ(done->snapshots[1].metric, Metric::total_views);
}

TEST(Normalize, JsonErrorsNameTheirPlace) {
  Normalizer normalizer;
  const auto reason = [&](const char* body) {
    const auto done = normalizer.normalize(record("", body));
    return done ? std::string() : done.error().message;
  };
  EXPECT_EQ(reason(R"({"handle":"a","followers":"x"})"), "column 'followers': 'x' is not a number");
  EXPECT_EQ(reason(R"({"handle":"a","content":[{"id":"1"},{"id":"2","views":-1}]})"),
            "column 'content[1]': views: '-1' is below zero");
  EXPECT_NE(reason(R"({"handle":"a")").find("not valid JSON"), std::string::npos);
  EXPECT_NE(reason(R"({"followers":5})").find("names an account"), std::string::npos);
  EXPECT_NE(reason("[]"), "");
}

TEST(Normalize, ResultsDoNotDependOnWhatWasSeenBefore) {
  Normalizer used;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "u" + std::to_string(i);
    const auto done =
        used.normalize(record(R"({"format":"csv","delimiter":",","quote":"","escape":"","columns":["u","x)" +
                                  name + R"("],"mapping":{"fields":[["handle",0]]}})",
                              name));
    ASSERT_TRUE(done.has_value());
  }
  Normalizer fresh;
  const auto a = used.normalize(record("", full_record)), b = fresh.normalize(record("", full_record));
  ASSERT_TRUE(a.has_value() && b.has_value());
  EXPECT_EQ(a->account, b->account);
  EXPECT_EQ(a->items, b->items);
  EXPECT_EQ(a->snapshots, b->snapshots);
}

TEST(Normalize, BrokenLayoutsAreCorrupt) {
  Normalizer normalizer;
  for (
      const char* layout :
      {"x", "[]", "{}", R"({"format":"csv"})", R"({"format":"xml"})",
       R"({"format":"csv","delimiter":",","quote":"","escape":"","columns":["a"],"mapping":{"fields":[["handle",7]]}})",
       R"({"format":"json","columns":["a"],"mapping":{"fields":[["nonsense",0]]}})"}) {
    const auto done = normalizer.normalize(record(layout, "a"));
    ASSERT_FALSE(done.has_value()) << layout;
    EXPECT_EQ(done.error().kind, ErrorKind::corrupt) << layout;
  }
}

TEST(Normalize, HistoryColumnsBecomeFigures) {
  Normalizer normalizer;
  const auto done = normalizer.normalize(
      record("", R"({"handle":"a","followers":12,"growth":[["2025-01",10],["2025-02",11]]})"));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->snapshots.size(), 3U);
}

}  // namespace
}  // namespace cdx::normalize
