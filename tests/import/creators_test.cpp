// Every creator list of the shared data imports; the table in docs/import.md is what this test prints.
#include <algorithm>
#include <cstdio>

#include "import_support.h"

namespace cdx::test {
namespace {

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
  const std::vector<std::string> paths{folder.string()};
  const auto found = expand_paths(paths);
  EXPECT_TRUE(found.has_value());
  return {found->begin(), found->end()};
}

std::string fields_of(const normalize::Mapping& mapping) {
  std::string out;
  for (const auto& binding : mapping.bindings)
    out += (out.empty() ? "" : ", ") + binding.field + " = " + mapping.columns[binding.column];
  return out;
}

TEST(Creators, EveryListImports) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/creators is missing: set CREATORDEX_SHARED";
  std::printf(
      "| file | rows | blank | imported | quarantined | platform | why |\n| --- | --- | --- | --- | --- | "
      "--- | --- |\n");
  for (const auto& path : files_below(data / "creators")) {
    const Imported result = import_file(path);
    ASSERT_FALSE(result.refused.has_value()) << result.refused->message;
    std::string why;
    for (const auto& [reason, count] : result.reasons) why += std::to_string(count) + ": " + reason + ". ";
    std::printf("| %s | %zu | %zu | %zu | %zu | %s | %s |\n", path.filename().c_str(), result.rows,
                result.blank, result.accounts.size(), result.quarantined(),
                std::string(name(result.mapping.platform)).c_str(), why.c_str());
    if (std::getenv("CREATORDEX_SHOW_MAPPING") != nullptr)
      std::printf("    %s\n", fields_of(result.mapping).c_str());
    EXPECT_EQ(result.accounts.size() + result.quarantined(), result.rows);
    const bool captions = path.filename() == "instagram_posts_captions_hashtags.csv";
    if (captions) {
      EXPECT_EQ(result.accounts.size(), 0U);
      EXPECT_EQ(result.quarantined(), 176U);
    } else {
      EXPECT_GE(result.accounts.size() * 1000, result.rows * 999) << path;
      EXPECT_NE(result.mapping.platform, Platform::other) << path;
    }
  }
}

const normalize::Normalized* find(const Imported& result, std::string_view user_id) {
  const auto found = std::find_if(result.accounts.begin(), result.accounts.end(),
                                  [&](const auto& each) { return each.account.user_id == user_id; });
  return found == result.accounts.end() ? nullptr : &*found;
}

struct Expected {
  const char* file;
  Platform platform;
  const char* user_id;
  const char* handle;
  const char* name;
  std::int64_t followers;
};

TEST(Creators, TheirFieldsMeanWhatTheListsSay) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/creators is missing: set CREATORDEX_SHARED";
  const std::string folder = "top1000_social_media_2022/social media influencers";
  const std::vector<Expected> cases = {
      {" - Tiktok sep 2022.csv", Platform::tiktok, "khaby.lame", "khaby.lame", "Khabane lame", 149'200'000},
      {" - Youtube sep-2022.csv", Platform::youtube, "tseries", "tseries", "T-Series", 224'400'000},
      {" - instagram sep-2022.csv", Platform::instagram, "cristiano", "cristiano", "Cristiano Ronaldo",
       477'900'000},
      {" - instagram.csv", Platform::instagram, "kingryan", "kingryan", "Ryan Garcia", 8'700'000},
      {" - tiktok.csv", Platform::tiktok, "dojacat", "dojacat", "Doja Cat", 22'200'000},
      {" - youtube.csv", Platform::youtube, "setindia", "setindia", "SET India", 130'400'000},
      {"-INSTAGRAM - -DEC 2022.csv", Platform::instagram, "leomessi", "leomessi", "Leo Messi", 409'800'000},
      {"-TIKTOK - ---DEC 2022.csv", Platform::tiktok, "karolg", "karolg", "Karol G", 42'400'000},
      {"-YOUTUBE - --DEC 2022.csv", Platform::youtube, "tseries", "tseries", "T-Series", 229'500'000},
      {"-instagram - -nov 2022.csv", Platform::instagram, "cristiano", "cristiano", "Cristiano Ronaldo",
       483'100'000},
      {"-tiktok - ---nov 2022.csv", Platform::tiktok, "yossikramer", "yossikramer", "Yossi", 145'600},
      {"-youtube - --nov 2022.csv", Platform::youtube, "checkgate", "checkgate", "Cocomelon - Nursery Rhymes",
       146'600'000},
  };
  for (const Expected& expected : cases) {
    const Imported result = import_file(data / "creators" / (folder + expected.file));
    const auto* found = find(result, expected.user_id);
    ASSERT_NE(found, nullptr) << expected.file;
    const Account& account = found->account;
    EXPECT_EQ(account.platform, expected.platform) << expected.file;
    EXPECT_EQ(value_or(account.handle, std::string()), expected.handle) << expected.file;
    EXPECT_EQ(value_or(account.name, std::string()), expected.name) << expected.file;
    EXPECT_EQ(value_or(account.followers, std::int64_t{0}), expected.followers) << expected.file;
    ASSERT_EQ(found->snapshots.size(), 1U);
    EXPECT_EQ(found->snapshots[0].value, static_cast<double>(expected.followers));
  }
}

TEST(Creators, EngagementCountsBecomeRatesAndAudienceCountriesAreLeftOut) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/creators is missing: set CREATORDEX_SHARED";
  const Imported list = import_file(data / "creators" / "instagram_global_top_1000.csv");
  const auto* first = find(list, "cristiano");
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(first->account.engagement_rate.has_value());
  EXPECT_NEAR(first->account.engagement_rate->value, 9'500'000.0 / 400'100'000.0, 1e-9);
  EXPECT_FALSE(first->account.country.has_value()) << "its columns are 'All' and the country of the audience";
  EXPECT_EQ(value_or(first->account.categories, {}), std::vector<std::string>{"Sports with a ball"});
}

TEST(Creators, ChannelsWithDescriptionsKeepTheirIdsBiosAndDates) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/creators is missing: set CREATORDEX_SHARED";
  const Imported list = import_file(data / "creators" / "youtube_channels_with_descriptions.csv");
  const auto* found = find(list, "UCA90OERJunno1mnWL4WrjyQ");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->account.platform, Platform::youtube);
  EXPECT_EQ(value_or(found->account.name, std::string()), "Movies & TV Show Recap");
  EXPECT_NE(value_or(found->account.bio, std::string()).find("#FilmNarratives"), std::string::npos);
  EXPECT_EQ(value_or(found->account.country, std::string()), "IL");
  EXPECT_EQ(value_or(found->account.followers, std::int64_t{0}), 26);
  EXPECT_EQ(value_or(found->account.content_count, std::int64_t{0}), 53);
  EXPECT_TRUE(found->account.created_at.has_value());
}

TEST(Creators, StreamersGiveLanguageAndPartnership) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/creators is missing: set CREATORDEX_SHARED";
  const Imported list = import_file(data / "creators" / "twitchdata-update.csv");
  const auto* found = find(list, "gaules");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->account.platform, Platform::twitch);
  EXPECT_EQ(value_or(found->account.language, std::string()), "pt");
  EXPECT_TRUE(value_or(found->account.verified, false));
  EXPECT_NE(find(list, "riotgames"), nullptr) << "the login stands in brackets behind the name";
}

TEST(Creators, CaptionsBesideAnAccountBecomeItsContent) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/creators is missing: set CREATORDEX_SHARED";
  const Imported list = import_file(data / "creators" / "instagram_reach.csv");
  const auto* found = find(list, "mikequindazzi");
  ASSERT_NE(found, nullptr);
  ASSERT_EQ(found->items.size(), 1U);
  EXPECT_EQ(found->items[0].likes, 139);
  EXPECT_EQ(found->items[0].account, found->account.id);
  EXPECT_NE(found->items[0].description.find("#DataLake"), std::string::npos);
}

TEST(Creators, JudgedDocumentsImport) {
  const auto data = shared_data();
  if (data.empty()) GTEST_SKIP() << "shared/data/judged is missing: set CREATORDEX_SHARED";
  const Imported list = import_file(data / "judged" / "docs.jsonl");
  EXPECT_EQ(list.rows, 2010U);
  EXPECT_EQ(list.accounts.size(), 2010U);
  const auto* found = find(list, "UCA90OERJunno1mnWL4WrjyQ");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->account.platform, Platform::youtube);
  EXPECT_EQ(value_or(found->account.country, std::string()), "IL");
}

}  // namespace
}  // namespace cdx::test
