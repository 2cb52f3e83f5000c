#include "app/endpoint.h"

#include <gtest/gtest.h>

namespace cdx::app {
namespace {

TEST(Endpoint, IsAnUrlWithSettings) {
  const auto one = parse_endpoint(
      "embed", "https://h.example/v1/embeddings?v=2#model=text%2Dsmall&dimension=1536&prefix=query:%20",
      {"model", "dimension", "prefix", "batch"});
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->url, "https://h.example/v1/embeddings?v=2");
  EXPECT_EQ(one->text("model", ""), "text-small");
  EXPECT_EQ(one->text("prefix", ""), "query: ");
  EXPECT_EQ(*one->whole("dimension", 0, 2, 65'536), 1'536U);
  EXPECT_EQ(*one->whole("batch", 128, 1, 2'048), 128U);
  EXPECT_TRUE(parse_endpoint("embed", "https://h.example/#", {})->settings.empty());
  EXPECT_TRUE(parse_endpoint("embed", "https://h.example/", {})->settings.empty());
}

TEST(Endpoint, RefusesWhatItDoesNotKnowWithoutShowingIt) {
  for (const char* bad :
       {"https://h/#api_key=sk-secret", "https://h/#model", "https://h/#model=%2", "https://h/#model=%zz",
        "https://h/#model=a&model=sk-secret", "https://h/#=sk-secret", "https://h/#sk-secret"}) {
    const auto one = parse_endpoint("embed", bad, {"model"});
    ASSERT_FALSE(one) << bad;
    EXPECT_EQ(one.error().kind, ErrorKind::invalid);
    EXPECT_TRUE(one.error().message.starts_with("embed: ")) << one.error().message;
    EXPECT_EQ(one.error().message.find("sk-secret"), std::string::npos) << one.error().message;
  }
}

TEST(Endpoint, NumbersAndFlagsHaveBounds) {
  const auto one =
      *parse_endpoint("annotate", "https://h/#a=7&b=1.5&c=yes&d=-1&e=nan&f=true&g=99999999999999999999",
                      {"a", "b", "c", "d", "e", "f", "g"});
  EXPECT_EQ(*one.whole("a", 0, 1, 7), 7U);
  EXPECT_FALSE(one.whole("a", 0, 1, 6));
  EXPECT_FALSE(one.whole("b", 0, 1, 6));
  EXPECT_FALSE(one.whole("d", 0, 0, 6));
  EXPECT_FALSE(one.whole("g", 0, 0, 6));
  EXPECT_EQ(*one.number("b", 0, 0, 2), 1.5);
  EXPECT_FALSE(one.number("b", 0, 0, 1));
  EXPECT_FALSE(one.number("e", 0, 0, 1));
  EXPECT_FALSE(one.flag("c", false));
  EXPECT_TRUE(*one.flag("f", false));
  EXPECT_TRUE(*one.flag("z", true));
}

}  // namespace
}  // namespace cdx::app
