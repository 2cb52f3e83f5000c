#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "vocab/vocab.h"

namespace cdx::vocab {
namespace {

namespace fs = std::filesystem;

std::string same(std::string_view text) { return std::string(text); }

std::string problems(TaxonomyFiles files) {
  std::string out;
  for (const auto& one : check_taxonomy(files, same)) out += one + "\n";
  return out;
}

TEST(Risks, AreTheTenOfBrandSafetyWithPhrasesAndExcuses) {
  std::set<std::string> keys;
  for (const auto& risk : risks()) {
    EXPECT_TRUE(keys.insert(risk.key).second) << risk.key;
    EXPECT_FALSE(risk.label.empty());
    EXPECT_GE(risk.phrases.size(), 30U) << risk.key;
    EXPECT_GE(risk.excuses.size(), 10U) << risk.key;
    for (const auto& phrase : risk.phrases)
      EXPECT_TRUE(phrase.weight > 0 && phrase.weight <= 1) << phrase.text;
  }
  for (const auto* key : {"adult", "violence", "hate", "gambling", "alcohol", "drugs", "politics",
                          "crypto_schemes", "medical_claims", "minors"})
    EXPECT_TRUE(keys.contains(key)) << key;
  EXPECT_EQ(risk("gambling")->label, "Gambling");
  EXPECT_EQ(risk("*"), nullptr) << "the general excuses are no risk";
}

TEST(Compatibility, IsReadFromTheTableBothWays) {
  EXPECT_DOUBLE_EQ(compatibility("fitness", "fitness"), 1);
  EXPECT_DOUBLE_EQ(compatibility("fitness", "health"), 0.9);
  EXPECT_DOUBLE_EQ(compatibility("health", "fitness"), 0.9);
  EXPECT_DOUBLE_EQ(compatibility("technology", "gaming"), 0.8) << "design 004";
  EXPECT_DOUBLE_EQ(compatibility("kids_toys", "parenting"), 0.8) << "a row of its own";
  EXPECT_DOUBLE_EQ(compatibility("parenting", "kids_toys"), 0.75);
}

TEST(Compatibility, OfSubNichesFallsBackToTheirParents) {
  EXPECT_DOUBLE_EQ(compatibility("fitness", "fitness/yoga"), 0.9);
  EXPECT_DOUBLE_EQ(compatibility("fitness/running", "fitness/yoga"), 0.75);
  EXPECT_DOUBLE_EQ(compatibility("fitness/yoga", "health/mental_health"), 0.9);
  EXPECT_DOUBLE_EQ(compatibility("sports/motorsport", "cars"), 0.9);
  EXPECT_DOUBLE_EQ(compatibility("sports/motorsport", "cars/motorcycles"), 0.9);
  EXPECT_DOUBLE_EQ(compatibility("crypto", "knitting"), 0.4) << "unknown niche";
  EXPECT_DOUBLE_EQ(compatibility("", ""), 0.4);
}

TEST(Compatibility, LiesBetweenZeroAndOneForEveryPair) {
  for (const auto& a : niches())
    for (const auto& b : niches()) {
      const double value = compatibility(a.key, b.key);
      EXPECT_TRUE(value >= 0.4 && value <= 1) << a.key << " " << b.key;
      EXPECT_EQ(value == 1, a.key == b.key) << a.key << " " << b.key;
    }
}

TEST(Taxonomy, ThatIsBuiltInIsRight) {
  EXPECT_EQ(problems(taxonomy_in_force()), "");
  EXPECT_EQ(problems({}), "");
  EXPECT_EQ(taxonomy_in_force().size(), 5U);
}

TEST(Taxonomy, MistakesAreNamedWithFileAndLine) {
  const auto with = [](const std::string& name, const std::string& line) {
    auto files = taxonomy_in_force();
    files[name] += line + "\n";
    return problems(std::move(files));
  };
  EXPECT_NE(with("niches.tsv", "Yoga\tYoga\tyogis\tasanas").find("niches.tsv:1"), std::string::npos);
  EXPECT_NE(with("niches.tsv", "fitness\tFitness\tfits\tgyms").find("stands twice"), std::string::npos);
  EXPECT_NE(with("niches.tsv", "sailing/boats\tBoats\tdinghies\tsail").find("before its parent"),
            std::string::npos);
  EXPECT_NE(
      with("niches.tsv", "sailing\tSailing\tyoga and pilates\tsail").find("names fitness/yoga and sailing"),
      std::string::npos);
  EXPECT_NE(with("niches.tsv", "sailing\tSailing").find("has 2 cells"), std::string::npos);
  EXPECT_NE(with("niches.tsv", "sailing\tSailing\tsail\tboats\r").find("carriage return"), std::string::npos);
  EXPECT_NE(with("categories.tsv", "boats\tsailing").find("no niche \"sailing\""), std::string::npos);
  EXPECT_NE(with("compatibility.tsv", "fitness\tfood\t1.2").find("no number from 0 to 1"), std::string::npos);
  EXPECT_NE(with("compatibility.tsv", "fitness\tfood\tnan").find("no number from 0 to 1"), std::string::npos);
  EXPECT_NE(with("compatibility.tsv", "fitness\thealth\t0.5").find("stands twice"), std::string::npos);
  EXPECT_NE(with("risks.tsv", "fireworks\tFireworks\t\t\t\tanti").find("has no phrase"), std::string::npos);
  EXPECT_NE(with("risks.tsv", "fireworks\tFireworks\ta b c d e f g\t\t\t").find("more than 6 words"),
            std::string::npos);
  EXPECT_NE(problems({{"colours.tsv", "red"}}).find("no file of a taxonomy"), std::string::npos);
  EXPECT_EQ(with("risks.tsv", "fireworks\tFireworks\tfirework shows\trockets\t\t*"), "") << "an own category";
}

TEST(Taxonomy, NamesThatAreNotFoldedAreRefused) {
  auto files = taxonomy_in_force();
  files["categories.tsv"] += "Boats\ttravel\n";
  const auto lower = [](std::string_view text) {
    std::string out(text);
    for (auto& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
  };
  const auto wrong = check_taxonomy(files, lower);
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_NE(wrong[0].find("write \"boats\""), std::string::npos) << wrong[0];
}

TEST(Taxonomy, FolderIsReadAndItsAbsenceIsNoError) {
  const auto folder = fs::path(testing::TempDir()) / "cdx-taxonomy-read";
  fs::remove_all(folder);
  EXPECT_EQ(read_taxonomy(folder.string()).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(use_folder(folder.string(), same));
  fs::create_directories(folder);
  std::ofstream(folder / "risks.tsv") << "fireworks\tFireworks\trockets\t\t\t*\n";
  std::ofstream(folder / "other.txt") << "not ours";
  const auto files = read_taxonomy(folder.string());
  ASSERT_TRUE(files);
  EXPECT_EQ(files->size(), 1U);
  (void)niches();
  EXPECT_EQ(use_folder(folder.string(), same).error().kind, ErrorKind::conflict)
      << "tables were read already";
  fs::remove_all(folder);
}

// In a process of its own, because the tables are read once.
void answer_from(const std::string& folder) {
  const auto used = use_folder(folder, same);
  std::fprintf(stderr, "%s|%zu|%s\n", used ? "used" : used.error().message.c_str(), risks().size(),
               niche("fitness") ? "niches are the built-in ones" : "");
  std::exit(0);
}

TEST(TaxonomyDeathTest, InstalledFilesAreInForceAndWrongOnesAreNot) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto folder = fs::path(testing::TempDir()) / "cdx-taxonomy-use";
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "risks.tsv") << "fireworks\tFireworks\trockets\t\t\t*\n";
  EXPECT_EXIT(answer_from(folder.string()), testing::ExitedWithCode(0),
              "used.1.niches are the built-in ones");
  std::ofstream(folder / "risks.tsv") << "fireworks\tFireworks\n";
  EXPECT_EXIT(answer_from(folder.string()), testing::ExitedWithCode(0), "has 2 cells.*10.niches");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace cdx::vocab
