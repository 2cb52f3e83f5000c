#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <set>

#include "enrich/parts.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

std::vector<std::string> split(const std::string& text, const std::string& mark) {
  std::vector<std::string> out;
  for (std::size_t begin = 0;;) {
    const auto end = text.find(mark, begin);
    out.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return out;
    begin = end + mark.size();
  }
}

Profile profile_of(const std::string& bio, const std::vector<std::string>& titles) {
  Profile profile;
  Account account;
  account.origin({});
  account.bio = Sourced<std::string>{bio, 0};
  profile.accounts.push_back(std::move(account));
  for (const auto& title : titles) {
    ContentItem item;
    item.title = title;
    profile.items.push_back(std::move(item));
  }
  return profile;
}

std::set<std::string> risks_of(const std::string& bio, const std::vector<std::string>& titles = {}) {
  std::set<std::string> out;
  for (const auto& judged : find_risks(profile_of(bio, titles))) out.insert(judged.value);
  return out;
}

TEST(Risks, OneChanceWordDecidesNothing) {
  EXPECT_TRUE(risks_of("", {"Vodka sauce for pasta"}).empty()) << "a strong word in one post alone";
  EXPECT_TRUE(risks_of("Beer, hiking and dogs").empty()) << "a word that needs company";
  EXPECT_TRUE(risks_of("bet bet bet spins vegas dealer chips lucky dice").empty()) << "weak words alone";
  EXPECT_EQ(risks_of("", {"Online casino night", "Back at the online casino"}),
            std::set<std::string>{"gambling"});
}

TEST(Risks, CountEachPhraseOnceInAText) {
  EXPECT_TRUE(risks_of("beer beer beer beer beer beer").empty());
  const auto once = find_risks(profile_of("Online casino streamer", {}));
  const auto often = find_risks(profile_of("Online casino streamer online casino online casino", {}));
  ASSERT_TRUE(once.size() == 1 && often.size() == 1);
  EXPECT_DOUBLE_EQ(once[0].confidence, often[0].confidence);
}

TEST(Risks, AreExcusedByWhatStandsBesideThemAndNotByWhatStandsFarAway) {
  EXPECT_FALSE(risks_of("Sports betting tips").empty());
  EXPECT_TRUE(risks_of("Anti sports betting tips").empty());
  EXPECT_TRUE(risks_of("Anti-gambling. Sports betting destroyed my life").empty());
  EXPECT_FALSE(
      risks_of("Sports betting tips and free picks from our team, daily parlays for football. Anti social")
          .empty());
}

TEST(Risks, SourcesCategoriesCount) {
  auto profile = profile_of("", {});
  profile.accounts[0].categories = Sourced<std::vector<std::string>>{{"Adult content"}, 0};
  const auto found = find_risks(profile);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].value, "adult");
  EXPECT_EQ(found[0].evidence[0], (Evidence{"category", "Adult content"}));
}

TEST(Taxonomy, IsStoredFolded) {
  for (const auto& wrong : vocab::check_taxonomy(vocab::taxonomy_in_force(), text::fold))
    ADD_FAILURE() << wrong;
}

TEST(Risks, AreFoundInTheCasesWithFewFalseAlarms) {
  std::ifstream in(std::string(CDX_SOURCE_DIR) + "/src/enrich/cases/risks.tsv");
  ASSERT_TRUE(in);
  int rows = 0, right = 0, wrong = 0, missed = 0;
  std::string line, mistakes;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    const auto cells = split(line, "\t");
    ASSERT_EQ(cells.size(), 3U) << line;
    ++rows;
    std::set<std::string> wanted;
    if (cells[2] != "-")
      for (const auto& key : split(cells[2], ",")) wanted.insert(key);
    for (const auto& key : wanted) ASSERT_TRUE(vocab::risk(key)) << key;
    const auto found = risks_of(cells[0], split(cells[1], " | "));
    for (const auto& key : found) {
      ++(wanted.contains(key) ? right : wrong);
      if (!wanted.contains(key)) mistakes += "  wrongly " + key + ": " + line + "\n";
    }
    for (const auto& key : wanted)
      if (!found.contains(key)) {
        ++missed;
        mistakes += "  missed " + key + ": " + line + "\n";
      }
  }
  const double precision = right / std::max(1.0, double(right + wrong));
  const double recall = right / std::max(1.0, double(right + missed));
  std::cout << rows << " cases: precision " << precision << " (" << wrong << " wrong), recall " << recall
            << " (" << missed << " missed)\n"
            << mistakes;
  EXPECT_GE(rows, 120);
  EXPECT_GE(precision, 0.98) << mistakes;
  EXPECT_GE(recall, 0.95) << mistakes;
}

}  // namespace
}  // namespace cdx::enrich
