#include "fetch/net_rules.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace cdx::fetch {
namespace {

std::string refusal(const std::string& text, const NetRules& rules = {}) {
  const auto guard = AddressGuard::make(rules);
  EXPECT_TRUE(guard);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1)
    return guard->refusal(reinterpret_cast<const sockaddr*>(&v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
  return guard->refusal(reinterpret_cast<const sockaddr*>(&v6));
}

TEST(AddressGuard, LetsGlobalAddressesPass) {
  for (const auto* text : {"8.8.8.8", "1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1",
                           "2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8"})
    EXPECT_EQ(refusal(text), "") << text;
}

TEST(AddressGuard, RefusesEverythingThatIsNotGlobal) {
  for (const auto* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.254",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "::127.0.0.1",
                           "64:ff9b::7f00:1",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:2::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "2002:a00:1::",
                           "3fff::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "4000::1"})
    EXPECT_NE(refusal(text), "") << text;
}

TEST(AddressGuard, LetsNamedNetworksPassAndNothingBesideThem) {
  const NetRules rules{.allowed_networks = {"127.77.0.0/16", "10.1.2.3", "fd00:1::/33"}};
  EXPECT_EQ(refusal("127.77.200.1", rules), "");
  EXPECT_EQ(refusal("::ffff:127.77.0.9", rules), "");
  EXPECT_EQ(refusal("10.1.2.3", rules), "");
  EXPECT_EQ(refusal("fd00:1:7fff::1", rules), "");
  EXPECT_NE(refusal("127.78.0.1", rules), "");
  EXPECT_NE(refusal("10.1.2.4", rules), "");
  EXPECT_NE(refusal("fd00:1:8000::1", rules), "");
}

TEST(AddressGuard, NamesANetworkThatIsNone) {
  for (const auto* text : {"", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", "example.org", "10.0.0/8"}) {
    const auto guard = AddressGuard::make({.allowed_networks = {text}});
    ASSERT_FALSE(guard) << text;
    EXPECT_EQ(guard.error().kind, ErrorKind::invalid);
  }
}

std::string canonical(const std::string& url, const NetRules& rules = {}) {
  const auto target = parse_target(url, rules);
  return target ? target->url : "refused: " + target.error().message;
}

TEST(ParseTarget, MakesOneFormOfEqualUrls) {
  for (const auto* text : {"https://Example.ORG/a/b.jpg", "HTTPS://example.org:443/a/b.jpg#top",
                           "https://example.org/a/x/../b.jpg", "https://example.org/./a/b.jpg"})
    EXPECT_EQ(canonical(text), "https://example.org/a/b.jpg") << text;
  EXPECT_EQ(canonical("https://example.org"), "https://example.org/");
  EXPECT_EQ(canonical("https://example.org/a b?q=ü"), "https://example.org/a%20b?q=%c3%bc");
}

TEST(ParseTarget, RefusesWhatIsNoPublicHttpsUrl) {
  for (const auto* text : {"",
                           "   ",
                           "example.org/a",
                           "//example.org/a",
                           "http://example.org/",
                           "ftp://example.org/a",
                           "file:///etc/passwd",
                           "gopher://example.org/",
                           "javascript:alert(1)",
                           "data:image/png;base64,AA",
                           "https://",
                           "https://user@example.org/",
                           "https://user:secret@example.org/",
                           "https://example.org:22/",
                           "https://example.org:0/",
                           "https://example.org:99999/",
                           "https://127.0.0.1/",
                           "https://2130706433/",
                           "https://0x7f000001/",
                           "https://0177.0.0.1/",
                           "https://127.1/",
                           "https://[::1]/",
                           "https://[fe80::1%25eth0]/",
                           "https://[::ffff:127.0.0.1]/",
                           "https://8.8.8.8/",
                           "https://[2606:4700::1111]/",
                           "https://exa mple.org/",
                           "https://example.org\\@evil.test/",
                           "https://%00/",
                           "https://a\tb/"})
    EXPECT_FALSE(parse_target(text, {})) << text;
  EXPECT_FALSE(parse_target(std::string_view("https://example.org/a\0b", 23), {}));
}

TEST(ParseTarget, NeverRepeatsASecret) {
  const auto target = parse_target("https://user:topsecret@example.org/", {});
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().message.find("topsecret"), std::string::npos);
}

TEST(Follow, ChecksARedirectLikeAFirstUrl) {
  const NetRules both{.allow_http = true};
  const auto from = *parse_target("https://example.org/a/b.jpg", both);
  EXPECT_EQ(follow(from, "../c.jpg", both)->url, "https://example.org/c.jpg");
  EXPECT_EQ(follow(from, "//other.test/c.jpg", both)->url, "https://other.test/c.jpg");
  EXPECT_EQ(follow(from, "?x=1", both)->url, "https://example.org/a/b.jpg?x=1");
  for (const auto* location : {"http://example.org/", "https://127.0.0.1/", "file:///etc/passwd",
                               "https://u:p@x.test/", "https://example.org:22/", "https://[::1]/"})
    EXPECT_FALSE(follow(from, location, both)) << location;
}

}  // namespace
}  // namespace cdx::fetch
