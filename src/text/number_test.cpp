#include "text/number.h"

#include <gtest/gtest.h>

#include <string>

namespace cdx::text {
namespace {

struct Case {
  const char* text;
  double value;
};

TEST(ParseNumber, ReadsNumbersAsPeopleWriteThem) {
  const Case cases[] = {
      {"1234", 1234},
      {"1,234,567", 1234567},
      {"1.234.567", 1234567},
      {"400.1M", 400.1e6},
      {"29.2K", 29200},
      {"1.5 bn", 1.5e9},
      {"2 million", 2e6},
      {"12 lakh", 1.2e6},
      {"3 crore", 3e7},
      {"4.8%", 0.048},
      {"$1.2k", 1200},
      {"-5", -5},
      {"1e6", 1e6},
      {"  42\t", 42},
      {"1,5", 1.5},
      {"1,500", 1500},
      {"0,500", 0.5},
      {"1.234", 1.234},
      {"1.234,5", 1234.5},
      {"1,234.50", 1234.5},
      {"12,34,567", 1234567},
      {"1 234 567", 1234567},
      {"1\xC2\xA0"
       "234",
       1234},
      {"1'234'567", 1234567},
      {".5", 0.5},
      {"-$5", -5},
      {"$-5", -5},
      {"\xE2\x82\xAC 3,50", 3.5},
      {"\xE2\x88\x92"
       "7",
       -7},
      {"1.5E+3", 1500},
      {"2e-3", 0.002},
      {"50K+", 50000},
      {"12 %", 0.12},
      {"477900000.00", 477900000},
      {"100 USD", 100},
      {"+3", 3},
      {"999999999999999999", 1e18},
  };
  for (const Case& c : cases) {
    const auto value = parse_number(c.text);
    ASSERT_TRUE(value.has_value()) << c.text;
    EXPECT_DOUBLE_EQ(*value, c.value) << c.text;
  }
}

TEST(ParseNumber, IsAbsentForAnythingElse) {
  const char* cases[] = {"",      " ",     "N/A",        "-",       "null",  "nan",      "inf",
                         "0x10",  "12abc", "1,23,4",     "1..2",    "1.2.3", "#REF!",    "%",
                         "$",     "K",     "1e999",      "--5",     "1,",    "5 000 00", "3/4",
                         "10:30", "1-2",   "2022-01-02", "1.2,3.4", "e5",    ".",        "\xFF\xFE"};
  for (const char* text : cases) EXPECT_FALSE(parse_number(text).has_value()) << text;
  EXPECT_FALSE(parse_number(std::string(100'000, '9')).has_value());
  EXPECT_FALSE(parse_number(std::string("1\0", 2)).has_value());
}

TEST(ParseQuantity, TellsPercentFromMoney) {
  const auto rate = parse_quantity("4.8 %");
  ASSERT_TRUE(rate.has_value());
  EXPECT_TRUE(rate->percent);
  EXPECT_FALSE(rate->money);
  const auto price = parse_quantity("US$1,200");
  ASSERT_TRUE(price.has_value());
  EXPECT_TRUE(price->money);
  EXPECT_DOUBLE_EQ(price->value, 1200);
}

}  // namespace
}  // namespace cdx::text
