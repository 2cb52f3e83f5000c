// The page's files: what is found, what is not, and under which headers.
#include <gtest/gtest.h>

#include "http/api_world.h"
#include "http/client.h"

namespace cdx::test {
namespace {

Reply get(const ApiWorld& world, std::string_view target, std::string_view headers = {}) {
  Client client(world.port());
  auto reply = client.ask("GET", target, {}, headers);
  EXPECT_TRUE(reply) << target;
  return reply.value_or(Reply{});
}

TEST(Page, IsServedAtTheRootAndAtItsViews) {
  const ApiWorld world;
  for (const auto* path : {"/", "/index.html", "/creator/cr_0g3k9x2m7q1wz", "/about", "/?q=dance"}) {
    const auto reply = get(world, path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.headers.at("content-type"), "text/html; charset=utf-8");
    EXPECT_NE(reply.body.find("<title>creatordex"), std::string::npos);
    EXPECT_EQ(reply.headers.at("cache-control"), "no-cache");
  }
}

TEST(Page, AllowsNoOutsideHostAndNoInlineCode) {
  const ApiWorld world;
  const auto headers = get(world, "/").headers;
  EXPECT_EQ(
      headers.at("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
      "font-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'");
  EXPECT_EQ(headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(headers.at("referrer-policy"), "no-referrer");
  EXPECT_EQ(headers.at("cross-origin-opener-policy"), "same-origin");
}

TEST(Page, HashedFilesMayBeKeptForAYear) {
  const ApiWorld world;
  const auto reply = get(world, "/assets/index-3f2a.js");
  EXPECT_EQ(reply.body, "console.log(1)");
  EXPECT_EQ(reply.headers.at("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(reply.headers.at("cache-control"), "public, max-age=31536000, immutable");
}

TEST(Page, IsNotSentAgainToOneWhoHasIt) {
  const ApiWorld world;
  const auto etag = get(world, "/").headers.at("etag");
  for (const auto& list : {etag, "W/" + etag, "\"other\", " + etag, std::string("*")}) {
    const auto reply = get(world, "/", "If-None-Match: " + list + "\r\n");
    EXPECT_EQ(reply.status, 304) << list;
    EXPECT_EQ(reply.headers.at("etag"), etag);
    EXPECT_TRUE(reply.body.empty());
  }
  EXPECT_EQ(get(world, "/", "If-None-Match: \"other\"\r\n").status, 200);
}

TEST(Page, PathsThatClimbOrLieAreNotFound) {
  const ApiWorld world;
  for (const auto* path :
       {"/../etc/passwd", "/assets/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
        "/%252e%252e/x.js", "/assets/..%5c..%5cx", "/.git/config", "/a%00b", "/a%0ab", "/index.html%00",
        "/nothing.txt", "/%zz", "/a%"}) {
    const auto reply = get(world, path);
    EXPECT_EQ(reply.status, 404) << path << reply.body;
  }
}

TEST(Page, TakesNoOtherMethod) {
  const ApiWorld world;
  Client client(world.port());
  const auto reply = client.ask("POST", "/about", "{}");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 405);
  EXPECT_EQ(reply->headers.at("allow"), "GET, HEAD");
  const auto head = client.ask("HEAD", "/");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->headers.at("content-length"), "40");
}

}  // namespace
}  // namespace cdx::test
