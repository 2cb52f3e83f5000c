#include "text/encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace cdx::text {
namespace {

std::string utf16(std::u16string_view text, bool little) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out.push_back(little ? low : high);
    out.push_back(little ? high : low);
  }
  return out;
}

TEST(SniffEncoding, TrustsTheByteOrderMark) {
  EXPECT_EQ(sniff_encoding("\xEF\xBB\xBF"
                           "a"),
            Encoding::utf8);
  EXPECT_EQ(sniff_encoding("\xFF\xFE"
                           "a"),
            Encoding::utf16_le);
  EXPECT_EQ(sniff_encoding("\xFE\xFF"
                           "a"),
            Encoding::utf16_be);
  EXPECT_EQ(byte_order_mark("\xEF\xBB\xBF"
                            "a",
                            Encoding::utf8),
            3U);
  EXPECT_EQ(byte_order_mark("abc", Encoding::utf16_le), 0U);
}

TEST(SniffEncoding, SeesUtf16WithoutAMark) {
  EXPECT_EQ(sniff_encoding(utf16(u"name,followers\nana,12\n", true)), Encoding::utf16_le);
  EXPECT_EQ(sniff_encoding(utf16(u"name,followers\nana,12\n", false)), Encoding::utf16_be);
}

TEST(SniffEncoding, TellsUtf8FromSingleBytes) {
  EXPECT_EQ(sniff_encoding(""), Encoding::utf8);
  EXPECT_EQ(sniff_encoding("plain"), Encoding::utf8);
  EXPECT_EQ(sniff_encoding("caf\xC3\xA9"), Encoding::utf8);
  EXPECT_EQ(sniff_encoding("caf\xC3"), Encoding::utf8)
      << "a sequence cut by the sample's end is no proof against";
  EXPECT_EQ(sniff_encoding("caf\xE9 ol\xE9"), Encoding::latin1);
  EXPECT_EQ(sniff_encoding("caf\xE9 \x93quoted\x94"), Encoding::windows1252);
  EXPECT_EQ(sniff_encoding("\xC3\xA9 \xC3\xA9 \xC3\xA9 \xC3\xA9 \xC3\xA9 one bad \xFF byte"), Encoding::utf8);
}

TEST(ToUtf8, ConvertsEveryEncoding) {
  EXPECT_EQ(to_utf8("caf\xE9", Encoding::latin1), "caf\xC3\xA9");
  EXPECT_EQ(to_utf8("\x80 \x93x\x94 \x81", Encoding::windows1252),
            "\xE2\x82\xAC \xE2\x80\x9Cx\xE2\x80\x9D \xEF\xBF\xBD");
  EXPECT_EQ(to_utf8(utf16(u"a\u00e9\u20ac\U0001F600", true), Encoding::utf16_le),
            "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(to_utf8(utf16(u"a\u00e9\u20ac\U0001F600", false), Encoding::utf16_be),
            "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(ToUtf8, ReplacesWhatCannotBeRead) {
  EXPECT_EQ(to_utf8(utf16(u"a", true) + "b", Encoding::utf16_le), "a\xEF\xBF\xBD");
  EXPECT_EQ(to_utf8(std::string("\x3D\xD8", 2) + utf16(u"x", true), Encoding::utf16_le), "\xEF\xBF\xBDx");
  EXPECT_EQ(to_utf8(std::string("\x3D\xD8", 2), Encoding::utf16_le), "\xEF\xBF\xBD");
  EXPECT_EQ(to_utf8("a\xFF"
                    "b\xE2\x82",
                    Encoding::utf8),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
}

TEST(ValidUtf8, RefusesOverlongSurrogatesAndCutSequences) {
  EXPECT_TRUE(valid_utf8("long enough for the fast path \xF0\x9F\x98\x80 and on"));
  EXPECT_TRUE(valid_utf8(""));
  EXPECT_FALSE(valid_utf8("\xC0\xAF"));
  EXPECT_FALSE(valid_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(valid_utf8("\xF5\x80\x80\x80"));
  EXPECT_FALSE(valid_utf8("abcdefgh\xE2\x82"));
}

TEST(ParseEncoding, ReadsItsOwnNamesAndListsThemWhenItFails) {
  for (const Encoding e :
       {Encoding::utf8, Encoding::utf16_le, Encoding::utf16_be, Encoding::latin1, Encoding::windows1252})
    EXPECT_EQ(parse_encoding(name(e)).value(), e);
  EXPECT_EQ(parse_encoding("ISO-8859-1").value(), Encoding::latin1);
  const auto bad = parse_encoding("ebcdic");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().kind, ErrorKind::invalid);
  EXPECT_NE(bad.error().message.find("windows-1252"), std::string::npos);
}

}  // namespace
}  // namespace cdx::text
