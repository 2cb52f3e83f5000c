#include <gtest/gtest.h>

#include "normalize/normalize.h"

namespace cdx::normalize {
namespace {

using Row = std::vector<std::string>;

std::string column_for(const Mapping& mapping, std::string_view field) {
  for (const Binding& binding : mapping.bindings)
    if (binding.field == field)
      return mapping.columns[binding.column] + "#" + std::to_string(binding.column + 1);
  return {};
}

Mapping map(const Row& columns, const std::vector<Row>& samples, const MapOptions& options = {}) {
  const auto mapping = map_columns(columns, samples, options);
  EXPECT_TRUE(mapping.has_value()) << mapping.error().message;
  return mapping.value_or(Mapping());
}

TEST(MapColumns, PrefersTheExactFiguresOfEqualHeaders) {
  const Mapping mapping = map({"Tiktoker name", "Subscribers", "Subscribers"},
                              {{"ana", "13.8M", "13800000"}, {"ben", "149.2M", "149200000"}});
  EXPECT_EQ(column_for(mapping, "followers"), "Subscribers#3");
  ASSERT_EQ(mapping.notes.size(), 1U);
  EXPECT_EQ(mapping.notes[0], "Subscribers (column 2): the exact figures are in Subscribers (column 3)");
  EXPECT_EQ(mapping.platform, Platform::tiktok);
  EXPECT_EQ(mapping.platform_from, "columns");
}

TEST(MapColumns, ValuesTellHandlesFromNames) {
  const Mapping one = map({"Youtube channel", "youtuber name"},
                          {{"tseries", "T-Series India"}, {"checkgate", "Cocomelon Rhymes"}});
  EXPECT_EQ(column_for(one, "handle"), "Youtube channel#1");
  EXPECT_EQ(column_for(one, "name"), "youtuber name#2");
  const Mapping other =
      map({"Name", "Youtuber"}, {{"T-Series India", "tseries"}, {"Cocomelon Rhymes", "checkgate"}});
  EXPECT_EQ(column_for(other, "handle"), "Youtuber#2");
  EXPECT_EQ(column_for(other, "name"), "Name#1");
}

TEST(MapColumns, EngagementMayBeAFractionAPercentOrACount) {
  const auto unit = [](const char* header, const Row& values) {
    std::vector<Row> samples;
    for (const std::string& value : values) samples.push_back({"ana", value});
    for (const Binding& binding : map({"handle", header}, samples).bindings)
      if (binding.field == "engagement_rate") return binding.unit;
    return Unit::plain;
  };
  EXPECT_EQ(unit("engagement_rate", {"0.03", "0.051"}), Unit::fraction);
  EXPECT_EQ(unit("engagement_rate", {"0.03", "0.051", "0.02", "0.01", "0.04", "1.4"}), Unit::fraction);
  EXPECT_EQ(unit("engagement_rate", {"3.1", "0.9"}), Unit::percent);
  EXPECT_EQ(unit("engagement_rate", {"0.5", "0.7", "0.2"}), Unit::percent);
  EXPECT_EQ(unit("engagement_rate_percent", {"0.4", "0.9"}), Unit::percent);
  EXPECT_EQ(unit("Engagement avg", {"7800000", "120000"}), Unit::interactions);
}

TEST(MapColumns, ColumnsOfRowNumbersAndAudiencesMeanNothing) {
  const Mapping mapping = map({"id", "name", "Audience country(mostly)"},
                              {{"1", "Ana", "India"}, {"2", "Ben", "Spain"}, {"3", "Cia", "India"}});
  EXPECT_EQ(column_for(mapping, "user_id"), "");
  EXPECT_EQ(column_for(mapping, "country"), "");
  EXPECT_EQ(mapping.notes.size(), 2U);
  EXPECT_TRUE(mapping.identifies());
}

TEST(MapColumns, HeadersThatTheirValuesBelieAreLeftOut) {
  const Mapping mapping = map({"handle", "followers"}, {{"ana", "many"}, {"ben", "few"}});
  EXPECT_EQ(column_for(mapping, "followers"), "");
  EXPECT_EQ(mapping.notes[0], "followers (column 2): its values are not numbers");
}

TEST(MapColumns, ThePlatformIsToldByNameColumnsOrLinks) {
  const std::vector<Row> rows = {{"ana", "https://www.twitch.tv/ana"}};
  EXPECT_EQ(map({"handle", "url"}, rows).platform, Platform::twitch);
  MapOptions named;
  named.file_name = "lists/Top Instagram 2022.csv";
  EXPECT_EQ(map({"handle", "url"}, rows, named).platform, Platform::instagram);
  named.platform = Platform::tiktok;
  EXPECT_EQ(map({"handle", "url"}, rows, named).platform_from, "told");
  EXPECT_EQ(map({"handle"}, {{"ana"}}).platform_from, "");
}

TEST(MapColumns, OverridesWinAndWrongOnesListWhatThereIs) {
  MapOptions options;
  options.overrides = {{"followers", "fans worldwide"}, {"name", ""}, {"bio", "c3"}};
  const Mapping mapping = map({"name", "Fans Worldwide", "x"}, {{"ana", "12", "hi"}}, options);
  EXPECT_EQ(column_for(mapping, "followers"), "Fans Worldwide#2");
  EXPECT_EQ(column_for(mapping, "name"), "");
  EXPECT_EQ(column_for(mapping, "bio"), "x#3");
  options.overrides = {{"follower", "name"}};
  const auto field = map_columns(Row{"name"}, {}, options);
  ASSERT_FALSE(field.has_value());
  EXPECT_NE(field.error().message.find("followers, following"), std::string::npos);
  options.overrides = {{"followers", "subs"}};
  const auto column = map_columns(Row{"name", "fans"}, {}, options);
  ASSERT_FALSE(column.has_value());
  EXPECT_EQ(column.error().message, "there is no column 'subs'; the columns are 'name', 'fans'");
}

TEST(MapColumns, FiguresBesideACaptionAreThoseOfThePost) {
  const Mapping mapping =
      map({"USERNAME", "Caption", "Followers", "Hashtags", "Likes"}, {{"ana", "hi", "12", "#a", "3"}});
  EXPECT_EQ(column_for(mapping, "post_text"), "Caption#2");
  EXPECT_EQ(column_for(mapping, "post_likes"), "Likes#5");
  EXPECT_EQ(column_for(map({"USERNAME", "Caption", "Media URL"}, {{"ana", "hi", "https://a.example/1.jpg"}}),
                       "post_image_url"),
            "Media URL#3");
  EXPECT_EQ(column_for(map({"USERNAME", "Likes"}, {{"ana", "3"}}), "post_likes"), "");
}

}  // namespace
}  // namespace cdx::normalize
