#include "base/base64.h"

#include <gtest/gtest.h>

#include <random>

namespace cdx {
namespace {

TEST(Base64, WritesTheExamplesOfItsStandard) {  // RFC 4648, section 10
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, ReadsBackAnyBytes) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, ' ');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
  }
}

TEST(Base64, RefusesEveryOtherSpelling) {
  for (const auto* wrong : {"Z",     "Zg",     "Zg=",   "Zg===",    "=",    "==",       "===",
                            "====",  "Z===",   "Zm9v=", "Zh==",     "Zm9=", "Zm8=Zm8=", "Zg==Zg==",
                            "Zm 9v", "Zm9v\n", "Zm-_",  "Zm9v....", "Z=g=", "=Zg=",     "Zm9\x80"})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

}  // namespace
}  // namespace cdx
