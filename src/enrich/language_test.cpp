#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "enrich/enrich.h"

namespace cdx::enrich {
namespace {

TEST(Language, IsToldAsTheCasesSay) {
  std::ifstream in(std::string(CDX_SOURCE_DIR) + "/src/enrich/cases/languages.tsv");
  ASSERT_TRUE(in);
  std::string line;
  int count = 0;
  while (std::getline(in, line)) {
    const auto tab = line.find('\t');
    if (line.starts_with("# ") || tab == std::string::npos) continue;
    const auto code = line.substr(tab + 1);
    EXPECT_EQ(detect_language(line.substr(0, tab)), code == "-" ? "" : code) << line;
    ++count;
  }
  EXPECT_GE(count, 40);
}

TEST(Language, SurvivesAnyBytes) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 3'000, ' ');
    for (auto& c : bytes) c = static_cast<char>(random() % 256);
    const auto code = detect_language(bytes);
    EXPECT_TRUE(code.empty() || code.size() == 2);
  }
  EXPECT_EQ(detect_language(std::string(200'000, 'a')), "");
}

}  // namespace
}  // namespace cdx::enrich
