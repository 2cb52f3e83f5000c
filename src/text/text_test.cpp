#include "text/text.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace cdx::text {
namespace {

std::vector<std::string> terms(const std::vector<Token>& tokens) {
  std::vector<std::string> out;
  for (const auto& token : tokens) out.push_back(token.term);
  return out;
}
using Terms = std::vector<std::string>;

TEST(Fold, DropsCaseMarksAndWidth) {
  EXPECT_EQ(fold("  Crème\tBRÛLÉE \n"), "creme brulee");
  EXPECT_EQ(fold("Łódź ØRE"), "lodz ore");
  EXPECT_EQ(fold("ＦＵＬＬ ｗｉｄｔｈ"), "full width");
  EXPECT_EQ(fold("Straße"), "strasse");
  EXPECT_EQ(fold("हिन्दी"), "हिन्दी");  // marks of other scripts carry meaning
}

TEST(Fold, IsIdempotentForAnyBytes) {
  std::mt19937 random(7);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (auto& c : bytes) c = static_cast<char>(random());
    const auto once = fold(bytes);
    EXPECT_EQ(fold(once), once);
    EXPECT_TRUE(valid_utf8(once));
  }
}

TEST(Tokens, KnowWordsHashtagsAndScriptsWithoutBlanks) {
  EXPECT_EQ(terms(tokens("Don't stop – 24/7 café!")), (Terms{"dont", "stop", "24", "7", "cafe"}));
  EXPECT_EQ(terms(tokens("#MachineLearning #AITools #yoga")),
            (Terms{"machinelearning", "machine", "learning", "aitools", "ai", "tools", "yoga"}));
  EXPECT_EQ(terms(tokens("料理とfood")), (Terms{"料", "理", "と", "food"}));
  EXPECT_EQ(terms(tokens("💪🏽 ... 🥑")), Terms{});
}

TEST(Tokens, OffsetsPointIntoTheOriginal) {
  const std::string text = "Ünïcode  wörds";
  for (const auto& token : tokens(text))
    EXPECT_EQ(fold(std::string_view(text).substr(token.begin, token.end - token.begin)), token.term);
}

TEST(Analyse, StemsLatinWords) {
  EXPECT_EQ(terms(analyse("running runners")), (Terms{"run", "runner"}));
  EXPECT_EQ(analyse("влоги").front().term, "влоги");
}

TEST(Edits, CountsSwapsOnceAndStopsAtTheLimit) {
  EXPECT_EQ(edits("wiht", "with", 2), 1U);
  EXPECT_EQ(edits("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edits("kitten", "sitting", 2), 3U);
  EXPECT_EQ(edits("", "abc", 5), 3U);
  EXPECT_EQ(edits("naïve", "naive", 1), 1U);
  EXPECT_EQ(edits("same", "same", 0), 0U);
}

TEST(Edits, IsSymmetricAndAgreesWithPlainRecursionOnShortWords) {
  std::mt19937 random(11);
  const auto word = [&] {
    std::string out(random() % 6, 'a');
    for (auto& c : out) c = static_cast<char>('a' + random() % 3);
    return out;
  };
  const std::function<std::size_t(std::string_view, std::string_view)> plain =
      [&](std::string_view a, std::string_view b) -> std::size_t {
    if (a.empty() || b.empty()) return a.size() + b.size();
    auto best = std::min({plain(a.substr(1), b) + 1, plain(a, b.substr(1)) + 1,
                          plain(a.substr(1), b.substr(1)) + (a[0] == b[0] ? 0U : 1U)});
    if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0])
      best = std::min(best, plain(a.substr(2), b.substr(2)) + 1);
    return best;
  };
  for (int i = 0; i < 500; ++i) {
    const auto a = word(), b = word();
    EXPECT_EQ(edits(a, b, 10), plain(a, b)) << a << " " << b;
    EXPECT_EQ(edits(a, b, 10), edits(b, a, 10));
  }
}

TEST(Highlight, EscapesEverythingButItsOwnMarks) {
  EXPECT_EQ(highlight("<b>runs</b> & more", {"run"}), "&lt;b&gt;<mark>runs</mark>&lt;/b&gt; &amp; more");
  EXPECT_EQ(highlight("nothing here", {"run"}), "");
}

TEST(Highlight, ShortensAroundTheMatches) {
  const std::string text = std::string(500, 'x') + " marathon training " + std::string(500, 'y');
  const auto out = highlight(text, {"marathon", "train"}, 100);
  EXPECT_NE(out.find("<mark>marathon</mark> <mark>training</mark>"), std::string::npos);
  EXPECT_LT(out.size(), 200U);
}

TEST(Squash, MakesNamesAndHandlesEqual) {
  EXPECT_EQ(squash("Dr. Jyoti Bala!"), "drjyotibala");
  EXPECT_EQ(squash("@code_with.harry"), "codewithharry");
}

TEST(Clip, NeverCutsACodePoint) {
  EXPECT_EQ(clip("aé", 2), "a");
  EXPECT_EQ(clip("aé", 3), "aé");
}

}  // namespace
}  // namespace cdx::text
