#include "embed/remote/windows.h"

#include <gtest/gtest.h>

namespace cdx::remote {
namespace {

using Parts = std::vector<std::string_view>;

TEST(RemoteWindows, CleansWhatNoEndpointTakes) {
  EXPECT_EQ(cleaned("vegan recipes"), "vegan recipes");
  EXPECT_EQ(cleaned(" a\n\tb\r\n "), "a b");
  EXPECT_EQ(cleaned(std::string_view("a\0b\xff\xc3(", 6)), "a b(");
  EXPECT_EQ(cleaned("Crème brûlée 🔥 日本"), "Crème brûlée 🔥 日本");
  for (const std::string_view nothing : {"", "   ", "\n", "\xff\xfe"}) EXPECT_EQ(cleaned(nothing), " ");
}

TEST(RemoteWindows, CutsAfterWordsAndLosesNothing) {
  EXPECT_EQ(windows_of("short", 16), (Parts{"short"}));
  EXPECT_EQ(windows_of("", 16), (Parts{""}));
  EXPECT_EQ(windows_of("0123456789abcdef", 16), (Parts{"0123456789abcdef"}));
  EXPECT_EQ(windows_of("one two three four five", 16), (Parts{"one two three ", "four five"}));
  EXPECT_EQ(windows_of("0123456789abcdefghij", 16), (Parts{"0123456789abcdef", "ghij"}));
}

TEST(RemoteWindows, NeverCutsInsideACodePoint) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "🔥";
  for (std::size_t most = 16; most < 24; ++most) {
    std::string together;
    for (const auto part : windows_of(text, most)) {
      EXPECT_LE(part.size(), most);
      EXPECT_EQ(part.size() % 4, 0U);
      EXPECT_FALSE(part.empty());
      together += part;
    }
    EXPECT_EQ(together, text);
  }
}

}  // namespace
}  // namespace cdx::remote
