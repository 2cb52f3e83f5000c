#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/json_text.h"
#include "base/metrics.h"
#include "base/result.h"
#include "base/time.h"

namespace cdx {
namespace {

struct TestTag {
  static constexpr std::string_view prefix = "t_";
};

Status half(int n) {
  if (n % 2 != 0) return fail(ErrorKind::invalid, "odd");
  return {};
}

Result<int> chain(int n) {
  CDX_TRY(half(n));
  CDX_TRY_LET(const int doubled, Result<int>(n * 2));
  return doubled;
}

TEST(Result, TryReturnsTheErrorOrGoesOn) {
  EXPECT_EQ(chain(2).value(), 4);
  EXPECT_EQ(chain(3).error().message, "odd");
}

TEST(Id, TextFormReadsBackAndStrangersAreRefused) {
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    const Id<TestTag> id{value};
    EXPECT_EQ(Id<TestTag>::parse(id.text()), id);
  }
  EXPECT_FALSE(Id<TestTag>::parse("t_zzzzzzzzzzzzz"));  // 65 bits
  EXPECT_FALSE(Id<TestTag>::parse("u_0000000000000"));
  EXPECT_FALSE(Id<TestTag>::parse("t_00000000000il"));
}

TEST(Time, ReadsOffsetsAndRefusesNonsense) {
  EXPECT_EQ(format_time(*parse_time("2026-11-21T10:30:00+02:00")), "2026-11-21T08:30:00Z");
  EXPECT_EQ(format_time(*parse_time("2026-11-21")), "2026-11-21T00:00:00Z");
  EXPECT_EQ(format_time(*parse_time("2026-11-21 08:00:00.25Z")), "2026-11-21T08:00:00.250Z");
  for (const auto* bad :
       {"2026-02-30", "2026-11-21T25:00:00Z", "x", "", "2026-11-21T10:00:00+99:00", "-026-01-01"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(JsonText, EscapesAndRepairsWhatJsonForbids) {
  std::string out;
  append_json_string(out, std::string_view("a\"\\\n\x01\xff\xC0\x80\xF0\x9F\x98\x80", 12));
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, PlacesCommas) {
  JsonWriter json;
  json.object([&] {
    json.key("a").array([&] { json.value(1).value(2.5).value("x").null(); });
    json.key("b").value(true);
  });
  EXPECT_EQ(json.text(), R"({"a":[1,2.5,"x",null],"b":true})");
}

TEST(Hash, Sha256IsTheStandardOne) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Metrics, CountersAppearInTheExposition) {
  metrics::count("cdx_test_total", "help", {{"kind", "x"}}, 2);
  EXPECT_NE(metrics::exposition().find("cdx_test_total{kind=\"x\"} 2"), std::string::npos);
}

TEST(Hash, DigestsAreReadAsTheyAreWrittenAndNotOtherwise) {
  const auto digest = sha256("abc");
  const auto text = hex(digest);
  EXPECT_EQ(parse_digest(text), digest);
  EXPECT_FALSE(parse_digest(""));
  EXPECT_FALSE(parse_digest(text.substr(1)));
  EXPECT_FALSE(parse_digest(text + "0"));
  EXPECT_FALSE(parse_digest("B" + text.substr(1)));
  EXPECT_FALSE(parse_digest("g" + text.substr(1)));
  EXPECT_FALSE(parse_digest(" " + text.substr(1)));
}

}  // namespace
}  // namespace cdx
