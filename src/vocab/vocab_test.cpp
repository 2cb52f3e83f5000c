#include "vocab/vocab.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

TEST(Niches, HaveAtLeastTwentyEightAtTheTopAndParentsFirst) {
  std::set<std::string> seen;
  int top = 0;
  for (const auto& niche : niches()) {
    EXPECT_TRUE(seen.insert(niche.key).second) << niche.key << " twice";
    if (niche.parent.empty())
      ++top;
    else
      EXPECT_TRUE(seen.contains(niche.parent)) << niche.key;
    EXPECT_FALSE(niche.synonyms.empty()) << niche.key;
    EXPECT_GE(niche.words.size(), 3U) << niche.key;
  }
  EXPECT_GE(top, 28);
}

TEST(Niches, ShareNoSynonym) {
  std::map<std::string, std::string> owner;
  for (const auto& niche : niches())
    for (const auto& synonym : niche.synonyms) {
      const auto [it, fresh] = owner.emplace(LooseName(synonym).view(), niche.key);
      EXPECT_TRUE(fresh || it->second == niche.key)
          << synonym << " in " << it->second << " and " << niche.key;
    }
}

TEST(Niches, AreFoundByKeyLabelSynonymAndPlatformCategory) {
  const auto key = [](std::string_view name) {
    const auto* found = find_niche(name);
    return found ? found->key : std::string();
  };
  EXPECT_EQ(key("fitness"), "fitness");
  EXPECT_EQ(key("fitness/yoga"), "fitness/yoga");
  EXPECT_EQ(key("film & tv"), "film_tv");
  EXPECT_EQ(key("film_tv"), "film_tv");
  EXPECT_EQ(key("videojuegos"), "gaming");
  EXPECT_EQ(key("howto & style"), "home_diy");
  EXPECT_EQ(key("people & blogs"), "lifestyle");
  EXPECT_EQ(key("sports with a ball"), "sports");
  EXPECT_EQ(key("cinema & actors/actresses"), "film_tv");
  EXPECT_EQ(key("music & dance"), "music");
  EXPECT_EQ(key("modeling"), "fashion/modeling");
  EXPECT_EQ(key("day trading"), "finance/trading");
  EXPECT_EQ(key(""), "");
  EXPECT_EQ(key("qwertyuiop"), "");
  EXPECT_EQ(key(std::string(10'000, 'a')), "");
}

TEST(Countries, AreAllOfIso3166WithDistinctCodesAndNames) {
  std::set<std::string> codes;
  std::map<std::string, std::string> owner;
  std::size_t cities = 0;
  for (const auto& row : countries()) {
    EXPECT_EQ(row.code.size(), 2U) << row.code;
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
    EXPECT_FALSE(row.names.empty()) << row.code;
    cities += row.cities.size();
    for (const auto* names : {&row.names, &row.adjectives})
      for (const auto& name : *names) {
        const auto [it, fresh] = owner.emplace(name, row.code);
        EXPECT_TRUE(fresh || it->second == row.code) << name << " of " << it->second << " and " << row.code;
      }
  }
  EXPECT_EQ(codes.size(), 249U);
  EXPECT_GE(cities, 500U);
}

TEST(Countries, AreFoundByNameAdjectiveAndCode) {
  const auto code = [](std::string_view name) {
    const auto* found = find_country(name);
    return found ? found->code : std::string();
  };
  EXPECT_EQ(code("brasil"), "BR");
  EXPECT_EQ(code("brazilian"), "BR");
  EXPECT_EQ(code("br"), "BR");
  EXPECT_EQ(code("bosnia & herzegovina"), "BA");
  EXPECT_EQ(code("usa"), "US");
  EXPECT_EQ(code("england"), "GB");
  EXPECT_EQ(code("berlin"), "") << "cities are asked for on their own";
  EXPECT_EQ(code("atlantis"), "");
  ASSERT_TRUE(find_city("berlin"));
  EXPECT_EQ(find_city("berlin")->country->code, "DE");
  EXPECT_EQ(find_city("brasil"), std::nullopt);
  ASSERT_NE(country("JP"), nullptr);
  EXPECT_EQ(country("JP")->label, "Japan");
  EXPECT_EQ(country("ZZ"), nullptr);
}

TEST(Countries, SpeakLanguagesWithPlausibleCodes) {
  for (const auto& row : countries()) {
    ASSERT_FALSE(row.languages.empty()) << row.code;
    for (const auto& code : row.languages) EXPECT_EQ(code.size(), 2U) << row.code;
  }
}

TEST(Languages, HaveDistinctCodesAndNames) {
  std::map<std::string, std::string> owner;
  for (const auto& row : languages()) {
    EXPECT_EQ(row.code.size(), 2U);
    for (const auto& name : row.names) {
      const auto [it, fresh] = owner.emplace(name, row.code);
      EXPECT_TRUE(fresh || it->second == row.code) << name;
    }
  }
  EXPECT_GE(languages().size(), 60U);
  ASSERT_NE(find_language("portugues"), nullptr);
  EXPECT_EQ(find_language("portugues")->code, "pt");
  EXPECT_EQ(find_language("deu")->code, "de");
  EXPECT_EQ(find_language("klingon"), nullptr);
  EXPECT_EQ(language("hi")->label, "Hindi");
}

TEST(Styles, AreFoundByName) {
  ASSERT_NE(find_style("documentary"), nullptr);
  EXPECT_EQ(find_style("docu")->key, "documentary");
  EXPECT_EQ(find_style("square"), nullptr);
}

TEST(FollowerBands, BeginWhereTheLastOneEnds) {
  EXPECT_EQ(follower_band(0), "nano");
  EXPECT_EQ(follower_band(9'999), "nano");
  EXPECT_EQ(follower_band(10'000), "micro");
  EXPECT_EQ(follower_band(99'999), "micro");
  EXPECT_EQ(follower_band(100'000), "mid");
  EXPECT_EQ(follower_band(500'000), "macro");
  EXPECT_EQ(follower_band(1'000'000), "mega");
  EXPECT_EQ(follower_band(400'000'000), "mega");
}

TEST(Version, IsTheSameEveryTime) { EXPECT_EQ(version(), version()); }

}  // namespace
}  // namespace cdx::vocab
