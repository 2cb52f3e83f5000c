// Ten thousand URLs that want to be let in. What counts is not what fetch_all says of them but which
// connections this process tried to make.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <set>

#include "fetch/fetch.h"
#include "fetch/intercept_test.h"
#include "io/http/http_server.h"

namespace cdx::fetch {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> forbidden = {"127.0.0.1",
                                            "127.8.9.10",
                                            "10.0.0.1",
                                            "172.16.5.4",
                                            "192.168.1.1",
                                            "169.254.169.254",
                                            "100.64.0.1",
                                            "0.0.0.0",
                                            "224.0.0.1",
                                            "255.255.255.255",
                                            "::1",
                                            "fe80::1",
                                            "fd00:ec2::254",
                                            "fc00::1",
                                            "ff02::1",
                                            "64:ff9b::a9fe:a9fe",
                                            "64:ff9b::7f00:1",
                                            "2002:7f00:1::",
                                            "2002:a9fe:a9fe::",
                                            "2001::1",
                                            "::ffff:127.0.0.1",
                                            "::ffff:169.254.169.254",
                                            "::ffff:10.0.0.1",
                                            "::"};

// One IPv4 address in the ways that parsers differ about.
std::string disguised(const std::string& address, std::mt19937& random) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (std::sscanf(address.c_str(), "%u.%u.%u.%u", &a, &b, &c, &d) != 4) return "[" + address + "]";
  const unsigned long whole = (static_cast<unsigned long>(a) << 24U) | (b << 16U) | (c << 8U) | d;
  char text[80] = {};
  switch (random() % 12) {
    case 0:
      std::snprintf(text, sizeof text, "%lu", whole);
      break;
    case 1:
      std::snprintf(text, sizeof text, "0x%lx", whole);
      break;
    case 2:
      std::snprintf(text, sizeof text, "0%lo", whole);
      break;
    case 3:
      std::snprintf(text, sizeof text, "0%o.0%o.0%o.0%o", a, b, c, d);
      break;
    case 4:
      std::snprintf(text, sizeof text, "0x%x.0x%x.0x%x.0x%x", a, b, c, d);
      break;
    case 5:
      std::snprintf(text, sizeof text, "%u.%u", a, (b << 16U) | (c << 8U) | d);
      break;
    case 6:
      std::snprintf(text, sizeof text, "%u.%u.%u", a, b, (c << 8U) | d);
      break;
    case 7:
      std::snprintf(text, sizeof text, "[::ffff:%s]", address.c_str());
      break;
    case 8:
      std::snprintf(text, sizeof text, "[::ffff:%x:%x]", (a << 8U) | b, (c << 8U) | d);
      break;
    case 9:
      std::snprintf(text, sizeof text, "%s.", address.c_str());
      break;
    case 10:
      std::snprintf(text, sizeof text, "%%3%u%%32%%37.0.0.1", 1U);
      break;
    default:
      std::snprintf(text, sizeof text, "%u.%u.%u.%u", a + 256, b, c, d);
      break;
  }
  return text;
}

class HostileTest : public testing::Test {
 protected:
  HostileTest() : folder_(fs::temp_directory_path() / ("cdx_hostile_" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    http::ServerOptions options;
    options.address = "127.77.0.1";
    options.port = 0;
    options.in_flight = 4'096;
    auto opened = http::HttpServer::open(
        options, {[this](const http::Request& request) { return answer(request); }, {}, {}});
    if (!opened) throw std::runtime_error(opened.error().message);
    server_ = *std::move(opened);
    test::set_resolver([this](const std::string& host) { return resolve(host); });
  }
  ~HostileTest() override {
    server_->stop();
    test::set_resolver({});
    fs::remove_all(folder_);
  }

  std::string somewhere_forbidden() { return forbidden[random_() % forbidden.size()]; }

  // A resolver of the enemy: names that change their address from one question to the next, that have good
  // and bad addresses at once, or only bad ones.
  std::vector<std::string> resolve(const std::string& host) {
    if (host.starts_with("good")) return {"127.77.0.1"};
    if (host.starts_with("rebind")) return {asked_++ % 2 == 0 ? "127.77.0.1" : somewhere_forbidden()};
    if (host.starts_with("mixed")) return {somewhere_forbidden(), "127.77.0.1", somewhere_forbidden()};
    if (host.starts_with("bad") || host.starts_with("localhost")) return {somewhere_forbidden()};
    return {};
  }

  // Redirects to wherever the path says, in hexadecimal; otherwise a picture.
  http::Response answer(const http::Request& request) {
    constexpr std::string_view mark = "/to/";
    if (!request.path.starts_with(mark)) return {200, "image/jpeg", {}, "a picture of nothing much"};
    std::string to;
    const auto digits = request.path.substr(mark.size());
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
      to += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    return {302, "", {{"Location", to}}, ""};
  }
  std::string redirect_to(const std::string& url) const {
    std::string path = "/to/";
    char digits[3] = {};
    for (const char c : url) {
      std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      path += digits;
    }
    return "http://good.test:" + port() + path;
  }
  std::string port() const { return std::to_string(server_->port()); }

  std::string hostile_url() {
    static const std::vector<std::string> schemes = {"http", "https",  "HTTP", "hTTp", "ftp",
                                                     "file", "gopher", "dict", "ldap", "ws"};
    static const std::vector<std::string> ports = {"",      ":80", ":443",   ":22",
                                                   ":6379", ":0",  ":65536", ":8080"};
    static const std::vector<std::string> users = {"",
                                                   "",
                                                   "",
                                                   "user@",
                                                   "user:pw@",
                                                   "good.test@",
                                                   "good.test%40",
                                                   "good.test\\@",
                                                   "good.test#@",
                                                   "good.test?@"};
    static const std::vector<std::string> ends = {
        "/", "", "/latest/meta-data/", "/a.jpg", "/%2e%2e/x", "?x=1", "#y", "\\evil", "/\r\nHost: x"};
    const auto pick = [&](const auto& of) { return of[random_() % of.size()]; };
    std::string host;
    switch (random_() % 6) {
      case 0:
        host = "rebind" + std::to_string(random_() % 50) + ".test";
        break;
      case 1:
        host = "mixed" + std::to_string(random_() % 50) + ".test";
        break;
      case 2:
        host = "bad" + std::to_string(random_() % 50) + ".test";
        break;
      case 3:
        host = random_() % 2 == 0 ? "localhost" : "LOCALHOST.";
        break;
      default:
        host = disguised(somewhere_forbidden(), random_);
        break;
    }
    const auto own_port = random_() % 3 == 0 ? ":" + port() : pick(ports);
    return pick(schemes) + "://" + pick(users) + host + own_port + pick(ends);
  }

  fs::path folder_;
  std::mt19937 random_{20'261'121};
  std::atomic<std::size_t> asked_{0};
  std::unique_ptr<http::HttpServer> server_;
};

TEST_F(HostileTest, TenThousandUrlsOpenNoConnectionOutsideTheAllowedNetwork) {
  std::vector<std::string> urls;
  while (urls.size() < 10'000) {
    auto url = hostile_url();
    for (auto hops = random_() % 6; hops > 2; --hops) url = redirect_to(url);  // half of them by redirects
    urls.push_back(std::move(url));
  }
  FetchOptions options;
  options.folder = folder_.string();
  options.concurrency = 128;
  options.per_host = 64;
  options.attempts = 2;
  options.first_pause = std::chrono::milliseconds(1);
  options.breaker_rest = std::chrono::milliseconds(1);
  options.net.allow_http = true;
  options.net.allow_ip_literals = true;
  options.net.ports = {80, 443, 8080, 6379, server_->port()};
  options.net.allowed_networks = {"127.77.0.0/16"};
  (void)test::take_connects();
  const auto done = fetch_all({}, urls, options);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->finished(), done->total);
  EXPECT_GT(done->fetched, 0U) << "good addresses of rebinding names are still reached";
  const auto connects = test::take_connects();
  EXPECT_GT(connects.size(), 100U);
  std::set<std::string> outside;
  for (const auto& address : connects)
    if (!address.starts_with("127.77.")) outside.insert(address);
  EXPECT_TRUE(outside.empty()) << *outside.begin();
}

TEST_F(HostileTest, TheInterceptorSeesWhatIsLetThrough) {
  // The test above could not fail if connections went past its counter.
  FetchOptions options;
  options.folder = folder_.string();
  options.net.allow_http = true;
  options.net.ports = {server_->port()};
  options.net.allowed_networks = {"127.0.0.0/8"};
  test::set_resolver([](const std::string&) { return std::vector<std::string>{"127.0.0.9"}; });
  (void)test::take_connects();
  options.attempts = 1;
  const std::vector<std::string> urls = {"http://bad.test:" + port() + "/"};
  ASSERT_TRUE(fetch_all({}, urls, options));
  EXPECT_EQ(test::take_connects(), (std::vector<std::string>{"127.0.0.9"}));
}

}  // namespace
}  // namespace cdx::fetch
