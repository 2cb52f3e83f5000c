#include "embed/word_piece.h"

#include <gtest/gtest.h>
#include <unicode/unistr.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/hash.h"
#include "embed/bert_words.h"

namespace cdx {
namespace {

using Ids = std::vector<PieceId>;

constexpr std::string_view vocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##aff\n##able\naffable\n!\ncafe\n##s\n日\n[\n]\na\n##e\nэ\n";

WordPiece pieces() { return WordPiece::parse(vocabulary, "vocab.txt").value(); }

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (BertWord& word : bert_words(text)) out.push_back(std::move(word.text));
  return out;
}

using Words = std::vector<std::string>;

TEST(BertWords, LowersStripsAccentsAndSplitsAtPunctuation) {
  EXPECT_EQ(words("Crème BRÛLÉE, s'il vous plaît!"),
            (Words{"creme", "brulee", ",", "s", "'", "il", "vous", "plait", "!"}));
  EXPECT_EQ(words("$1^2`3~"), (Words{"$", "1", "^", "2", "`", "3", "~"}));
}

TEST(BertWords, IdeographsStandAloneAndKanaDoNot) {
  EXPECT_EQ(words("日本のラーメン"), (Words{"日", "本", "のラーメン"}));
}

TEST(BertWords, ControlsVanishAndBlanksOfEveryKindSeparate) {
  EXPECT_EQ(words(std::string_view("a\0b\x7f"
                                   "c\xc2\xad"
                                   "d",
                                   8)),
            Words{"abcd"});
  EXPECT_EQ(words("a\tb\nc\u00a0d\u3000e\u2028f"), (Words{"a", "b", "c", "d", "e", "f"}));
  EXPECT_EQ(words(" \u200b \ufeff "), Words{});
}

TEST(BertWords, BrokenUtf8IsDropped) {
  EXPECT_EQ(words("a\xff"
                  "b \xe2\x82 c\xc3"),
            (Words{"ab", "c"}));
  EXPECT_EQ(words("\xed\xa0\x80"), Words{});  // a surrogate
}

// Every code point between two letters, against digests that the reference gave.
TEST(BertWords, SplitEveryCodePointAsTheReferenceDoes) {
  std::ifstream file(CDX_SOURCE_DIR "/tools/golden/golden.json");
  const nlohmann::json golden = nlohmann::json::parse(file, nullptr, false);
  ASSERT_TRUE(golden.is_object()) << "tools/golden/golden.json cannot be read";
  const auto expected = golden["code_points_sha256_16"].get<std::vector<std::string>>();
  std::set<UChar32> late{0x1C89, 0xA7CB, 0xA7CC, 0xA7DA, 0xA7DC, 0x11938};  // as in make_golden.py
  for (UChar32 c = 0x10D50; c < 0x10D66; ++c) late.insert(c);
  ASSERT_EQ(expected.size(), 0x110U);
  for (std::size_t block = 0; block < expected.size(); ++block) {
    std::string text;
    for (UChar32 c = static_cast<UChar32>(block) * 0x1000, end = c + 0x1000; c < end; ++c) {
      if ((c >= 0xD800 && c < 0xE000) || late.contains(c)) continue;
      std::string between = "a", line;
      icu::UnicodeString(c).toUTF8String(between);
      for (const std::string& word : words(between + "b")) line += (line.empty() ? "" : " ") + word;
      text += line + "\n";
    }
    EXPECT_EQ(hex(sha256(text)).substr(0, 16), expected[block]) << "block " << block;
  }
}

TEST(WordPiece, TakesTheLongestPieceFirst) {
  EXPECT_EQ(pieces().encode("unaffable affables!"), (Ids{5, 6, 7, 8, 11, 9}));
  EXPECT_EQ(pieces().encode("Cafés 日"), (Ids{10, 11, 12}));
}

TEST(WordPiece, OneUnknownPartMakesTheWholeWordUnknown) {
  EXPECT_EQ(pieces().encode("unaffablez un"), (Ids{1, 5}));
  EXPECT_EQ(pieces().encode("🔥 aэ эe э"), (Ids{1, 1, 17, 16, 17}));
}

TEST(WordPiece, AWordAbove100CodePointsIsUnknown) {
  EXPECT_EQ(pieces().encode("a" + std::string(99, 'e')).size(), 100U);
  EXPECT_EQ(pieces().encode("a" + std::string(100, 'e')), Ids{1});
}

TEST(WordPiece, SpecialPiecesWrittenOutAreThemselves) {
  EXPECT_EQ(pieces().encode("[MASK]"), Ids{4});
  EXPECT_EQ(pieces().encode("un[MASK]un [CLS][SEP]"), (Ids{5, 4, 5, 2, 3}));
  EXPECT_EQ(pieces().encode("[[PAD]"), (Ids{13, 0}));
  EXPECT_EQ(pieces().encode("[mask] [MASK"), (Ids{13, 1, 14, 13, 1}));
}

TEST(WordPiece, NothingGivesNothing) {
  EXPECT_EQ(pieces().encode(""), Ids{});
  EXPECT_EQ(pieces().encode(" \n "), Ids{});
}

TEST(WordPiece, AVocabularyWithoutSpecialPiecesIsRefusedByName) {
  for (const std::string_view text : {"", "hello\nworld\n", "[PAD]\n[UNK]\n[CLS]\n", "\n\n\n\n"}) {
    const auto out = WordPiece::parse(text, "models/x/vocab.txt");
    ASSERT_FALSE(out) << text;
    EXPECT_EQ(out.error().kind, ErrorKind::corrupt);
    EXPECT_NE(out.error().message.find("models/x/vocab.txt: ["), std::string::npos) << out.error().message;
  }
}

TEST(WordPiece, LineEndsOfWindowsAndAMissingLastOneAreFine) {
  const WordPiece other = WordPiece::parse("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nun", "vocab.txt").value();
  EXPECT_EQ(other.encode("un x"), (Ids{4, 1}));
}

TEST(SplitWindows, BeginAtWordStarts) {
  const WordPiece all = pieces();
  const Ids ids{5, 6, 7, 8, 11, 9};  // un ##aff ##able | affable ##s | !
  const auto runs = split_windows(ids, 4, all);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].size(), 3U);
  EXPECT_EQ(runs[1].size(), 3U);
}

TEST(SplitWindows, AWordLongerThanAWindowIsCut) {
  const Ids ids{5, 11, 11, 11, 11, 11, 11};
  const auto runs = split_windows(ids, 3, pieces());
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[2].size(), 1U);
}

TEST(SplitWindows, NothingIsOneEmptyWindow) {
  EXPECT_EQ(split_windows({}, 4, pieces()).size(), 1U);
  EXPECT_EQ(split_windows(Ids(8, 5), 4, pieces()).size(), 2U);  // no empty one at an exact end
}

}  // namespace
}  // namespace cdx
