#include "normalize/values.h"

#include <gtest/gtest.h>

#include "normalize/fields.h"
#include "normalize/history.h"

namespace cdx::normalize {
namespace {

TEST(Values, PlaceholdersAreNoValues) {
  for (const char* text :
       {"", "N/A", "n/a", "-", "null", "None", "#VALOR!", "#NAME?", "#N/A", "\xE2\x80\x94"})
    EXPECT_TRUE(placeholder(text)) << text;
  for (const char* text : {"0", "no", "#1", "ana", "#dancer"}) EXPECT_FALSE(placeholder(text)) << text;
}

TEST(Values, CountsRefuseWhatIsNoCount) {
  EXPECT_EQ(read_count("13.8M").value(), 13'800'000);
  EXPECT_EQ(read_count("477900000.00").value(), 477'900'000);
  for (const char* text : {"abc", "-5", "5%", "1e15", "12 34"}) {
    const auto count = read_count(text);
    ASSERT_FALSE(count.has_value()) << text;
    EXPECT_NE(count.error().message.find(text), std::string::npos);
  }
}

TEST(Values, PricesAreInDollars) {
  EXPECT_DOUBLE_EQ(read_price("$1.2k").value(), 1200);
  EXPECT_DOUBLE_EQ(read_price("300").value(), 300);
  EXPECT_FALSE(read_price("\xE2\x82\xAC"
                          "300")
                   .has_value());
  EXPECT_FALSE(read_price("R$ 300").has_value());
}

TEST(Values, TimesComeInManyForms) {
  const auto day = read_time("2022-08-31");
  ASSERT_TRUE(day.has_value());
  EXPECT_EQ(read_time("2022/08/31"), day);
  EXPECT_EQ(read_time("2022-08-31T00:00:00Z"), day);
  EXPECT_EQ(read_time("2022-08-31 00:00:00"), day);
  EXPECT_EQ(read_time("1661904000"), day);
  EXPECT_EQ(read_time("1661904000000"), day);
  EXPECT_EQ(read_time("2022-08"), parse_time("2022-08-01"));
  for (const char* text : {"", "yesterday", "31/08/2022", "12", "2022-13-01"})
    EXPECT_FALSE(read_time(text)) << text;
}

TEST(Values, CountriesAndLanguagesAreKnownByCodeAndName) {
  EXPECT_EQ(read_country("Brazil"), "BR");
  EXPECT_EQ(read_country("us"), "US");
  EXPECT_EQ(read_country("All"), "");
  EXPECT_EQ(read_language("Portuguese"), "pt");
  EXPECT_EQ(read_language("pt-BR"), "pt");
  EXPECT_EQ(read_language("xx"), "");
}

TEST(Values, ListsSplitAtTheStrongestSign) {
  EXPECT_EQ(read_list("Film, TV & Radio|Music| Music"),
            (std::vector<std::string>{"Film, TV & Radio", "Music"}));
  EXPECT_EQ(read_list("food, travel , N/A"), (std::vector<std::string>{"food", "travel"}));
  EXPECT_EQ(read_links("https://a.example/x, see b.example/y"),
            (std::vector<std::string>{"https://a.example/x", "b.example/y"}));
}

TEST(Values, HandlesAreSingleWords) {
  EXPECT_EQ(read_handle("@khaby.lame"), "khaby.lame");
  EXPECT_EQ(read_handle("Gyan Gaming"), "");
  EXPECT_TRUE(looks_like_handle("a_b-c.9"));
  EXPECT_FALSE(looks_like_handle("T Series"));
  EXPECT_TRUE(looks_like_platform_id("UCA90OERJunno1mnWL4WrjyQ"));
}

TEST(Values, ProfileAddressesGivePlatformAndHandle) {
  const auto instagram = read_profile_url("https://www.instagram.com/cristiano/?hl=en");
  ASSERT_TRUE(instagram.has_value());
  EXPECT_EQ(instagram->platform, Platform::instagram);
  EXPECT_EQ(instagram->handle, "cristiano");
  EXPECT_EQ(read_profile_url("https://m.youtube.com/channel/UCxyz")->user_id, "UCxyz");
  EXPECT_EQ(read_profile_url("youtube.com/@ana/videos")->handle, "ana");
  EXPECT_EQ(read_profile_url("https://tiktok.com/@ana")->handle, "ana");
  EXPECT_EQ(read_profile_url("https://www.tiktok.com/music/x")->handle, "");
  EXPECT_FALSE(read_profile_url("https://example.org/ana").has_value());
}

TEST(Values, HistoriesReadInEveryForm) {
  for (const char* text :
       {"[[\"2022-08\",12000],[\"2022-09\",12500]]", "{\"2022-08\":12000,\"2022-09\":\"12.5K\"}",
        "[{\"at\":\"2022-08-01\",\"value\":12000},{\"date\":\"2022-09-01\",\"followers\":12500}]",
        "2022-08:12000; 2022-09=12500"}) {
    const auto history = read_history(text);
    ASSERT_TRUE(history.has_value()) << text << ": " << history.error().message;
    ASSERT_EQ(history->size(), 2U) << text;
    EXPECT_EQ((*history)[1].first, parse_time("2022-09-01"));
    EXPECT_DOUBLE_EQ((*history)[1].second, 12500);
  }
  for (const char* text : {"[[1]]", "[", "12%", "soon:5", "[[\"2022-08\",\"x\"]]"})
    EXPECT_FALSE(read_history(text).has_value()) << text;
}

struct HeaderCase {
  const char* header;
  const char* field;
};

TEST(Fields, HeadersMeanWhatPeopleMean) {
  const HeaderCase cases[] = {{"Subscribers", "followers"},
                              {"Followers Numbers ", "followers"},
                              {"subscriberCount", "followers"},
                              {"\nFollowers", "followers"},
                              {"Subscribers count", "followers"},
                              {"# of followers", "followers"},
                              {"Views (Avg.)", "average_views"},
                              {"avg likes", "average_likes"},
                              {"Comments avg.", "average_comments"},
                              {"Engagement average Values \n", "engagement_rate"},
                              {"engagement_rate_percent", "engagement_rate"},
                              {"Eng. (Avg.)", "engagement_rate"},
                              {"ER %", "engagement_rate"},
                              {"collaboration_rate", "price_usd"},
                              {"Price (USD)", "price_usd"},
                              {"niche", "category"},
                              {"Category_1", "category"},
                              {"Category-2", "category"},
                              {"bio", "bio"},
                              {"About", "bio"},
                              {"channel_name", "name"},
                              {"Tiktoker name", "name"},
                              {"insta_id", "user_id"},
                              {"channel_id", "user_id"},
                              {"username", "handle"},
                              {"USERNAME", "handle"},
                              {"account_url", "account_url"},
                              {"Link", "account_url"},
                              {"video_count", "content_count"},
                              {"view_count", "total_views"},
                              {"published_at", "created_at"},
                              {"Language", "language"},
                              {"is_verified", "verified"},
                              {"TikTok Followers", "followers"},
                              {"creator_key", "creator_key"},
                              {"Youtuber", "name"}};
  for (const HeaderCase& c : cases) {
    const auto found = meaning(read_header(c.header));
    ASSERT_TRUE(found.has_value()) << c.header;
    EXPECT_EQ(info(found->field).name, c.field) << c.header;
  }
  for (const char* header : {"Audience country(mostly)", "S.no", "Rank", "row-cell", "Scraped",
                             "Followers gained", "Peak viewers", "", "c1", "\xFF\xFE"})
    EXPECT_FALSE(meaning(read_header(header)).has_value()) << header;
}

TEST(Fields, EveryFieldIsFoundByItsName) {
  for (std::size_t i = 0; i < field_count; ++i) {
    const FieldInfo& field = info(static_cast<FieldId>(i));
    EXPECT_EQ(field.id, static_cast<FieldId>(i));
    EXPECT_EQ(find_field(field.name), field.id);
  }
}

}  // namespace
}  // namespace cdx::normalize
