#include "fetch/fetch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "base/hash.h"
#include "fetch/intercept_test.h"
#include "io/http/http_server.h"

namespace cdx::fetch {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// A server on a loopback network that the tests name as allowed; every name resolves to it.
class FetchTest : public testing::Test {
 protected:
  FetchTest() : folder_(fs::temp_directory_path() / ("cdx_fetch_" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    http::ServerOptions options;
    options.address = "127.77.0.1";
    options.port = 0;
    options.in_flight = 4'096;
    auto opened = http::HttpServer::open(
        options, {[this](const http::Request& request) { return answer(request); }, {}, {}});
    if (!opened) throw std::runtime_error(opened.error().message);
    server_ = *std::move(opened);
    test::set_resolver([](const std::string&) { return std::vector<std::string>{"127.77.0.1"}; });
    (void)test::take_connects();
    fetch_.folder = folder_.string();
    fetch_.net.allow_http = true;
    fetch_.net.ports = {server_->port()};
    fetch_.net.allowed_networks = {"127.77.0.0/16"};
    fetch_.first_pause = milliseconds(5);
    fetch_.breaker_rest = milliseconds(20);
  }
  ~FetchTest() override {
    server_->stop();
    test::set_resolver({});
    fs::remove_all(folder_);
  }

  http::Response answer(const http::Request& request) {
    const std::string path(request.path);
    const std::scoped_lock lock(mutex_);
    const int asked = ++asked_[path];
    const auto at = pages_.find(path);
    if (at == pages_.end()) return {404, "text/plain", {}, "no"};
    return at->second(request, asked);
  }
  using Page = std::function<http::Response(const http::Request&, int asked)>;
  void serve(const std::string& path, Page page) { pages_[path] = std::move(page); }
  void serve(const std::string& path, std::string body) {
    serve(path, [body](const http::Request&, int) { return http::Response{200, "image/jpeg", {}, body}; });
  }
  static Page moved(std::string to) {
    return [to](const http::Request&, int) {
      return http::Response{302, "", {{"Location", to}}, "elsewhere"};
    };
  }
  std::string url(const std::string& path, const std::string& host = "pictures.test") const {
    return "http://" + host + ":" + std::to_string(server_->port()) + path;
  }
  FetchProgress fetched(const std::vector<std::string>& urls, const Sniff& sniff = {}) {
    const auto done = fetch_all({}, urls, fetch_, sniff);
    EXPECT_TRUE(done) << done.error().message;
    return done ? *done : FetchProgress{};
  }
  // The last manifest line of a URL.
  Attempt last(const std::string& url) {
    Attempt out;
    std::ifstream in(folder_ / "manifest.jsonl");
    for (std::string line; std::getline(in, line);)
      if (auto attempt = parse_line(line); attempt && attempt->url == url) out = *attempt;
    return out;
  }

  fs::path folder_;
  std::mutex mutex_;
  std::map<std::string, int> asked_;
  std::map<std::string, Page> pages_;
  std::unique_ptr<http::HttpServer> server_;
  FetchOptions fetch_;
};

TEST_F(FetchTest, EveryUrlIsAccountedForAndNotAskedTwice) {
  std::vector<std::string> urls;
  for (int i = 0; i < 300; ++i) {
    const auto path = "/p" + std::to_string(i);
    serve(path, std::string(100 + static_cast<std::size_t>(i) * 37, static_cast<char>('a' + i % 26)));
    urls.push_back(url(path, "host" + std::to_string(i % 7) + ".test"));
    urls.push_back(urls.back() + "#again");
  }
  auto done = fetched(urls);
  EXPECT_EQ(done.total, 300U);
  EXPECT_EQ(done.fetched, 300U);
  for (int i = 0; i < 300; ++i) {
    const auto line = last(url("/p" + std::to_string(i), "host" + std::to_string(i % 7) + ".test"));
    ASSERT_EQ(line.status, "ok");
    std::ifstream in(folder_ / line.file, std::ios::binary);
    const std::string body{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(hex(sha256(body)), line.sha256);
    EXPECT_EQ(body.size(), line.bytes);
  }
  done = fetched(urls);
  EXPECT_EQ(done.skipped, 300U);
  EXPECT_EQ(done.attempts, 0U);
  EXPECT_EQ(asked_.at("/p7"), 1);
  fs::remove(folder_ / last(urls[0]).file);
  EXPECT_EQ(fetched(urls).fetched, 1U) << "a file that is gone is fetched again";
}

TEST_F(FetchTest, EqualBytesAreOneFile) {
  serve("/a", "same bytes, same file");
  serve("/b", "same bytes, same file");
  EXPECT_EQ(fetched({url("/a"), url("/b")}).fetched, 2U);
  EXPECT_EQ(last(url("/a")).file, last(url("/b")).file);
}

TEST_F(FetchTest, PassingFaultsAreTriedAgainLastingOnesAreNot) {
  serve("/flaky", [](const http::Request&, int asked) {
    return asked < 3 ? http::Response{503, "", {}, "busy"}
                     : http::Response{200, "", {}, "here it is, the picture"};
  });
  serve("/broken", [](const http::Request&, int) { return http::Response{500, "", {}, "never"}; });
  serve("/gone", [](const http::Request&, int) { return http::Response{410, "", {}, "gone"}; });
  serve("/empty", "");
  const auto done = fetched(
      {url("/flaky", "a.test"), url("/broken", "b.test"), url("/gone"), url("/absent"), url("/empty")});
  EXPECT_EQ(done.fetched, 1U);
  EXPECT_EQ(done.dead, 4U);
  EXPECT_EQ(last(url("/flaky", "a.test")).attempt, 3);
  EXPECT_EQ(asked_.at("/broken"), 4);
  EXPECT_EQ(asked_.at("/gone"), 1);
  EXPECT_EQ(last(url("/gone")).error, "the server answered 410");
  EXPECT_EQ(last(url("/empty")).error, "the file is empty");

  EXPECT_EQ(fetched({url("/gone")}).skipped, 1U) << "the dead stay dead";
  serve("/gone", "risen from the dead");
  fetch_.retry_dead = true;
  EXPECT_EQ(fetched({url("/gone")}).fetched, 1U);
}

TEST_F(FetchTest, ARefreshAsksConditionally) {
  int full = 0;
  serve("/p", [&](const http::Request& request, int) {
    if (request.header("if-none-match") == "\"v1\"") return http::Response{304, "", {}, ""};
    ++full;
    return http::Response{200, "", {{"ETag", "\"v1\""}}, "the first version of it"};
  });
  EXPECT_EQ(fetched({url("/p")}).fetched, 1U);
  fetch_.refresh = true;
  const auto again = fetched({url("/p")});
  EXPECT_EQ(again.unchanged, 1U);
  EXPECT_EQ(full, 1);
  ASSERT_TRUE(fs::remove(folder_ / last(url("/p")).file));
  EXPECT_EQ(fetched({url("/p")}).fetched, 1U) << "without the file the whole is asked for";
}

TEST_F(FetchTest, RedirectsAreFollowedThreeTimesAndCheckedEachTime) {
  serve("/end", "the end of the road");
  serve("/3", moved("/end"));
  serve("/2", moved(url("/3", "other.test")));
  serve("/1", moved("2"));
  serve("/0", moved("/1"));
  serve("/loop", moved("/loop"));
  serve("/inside", moved("http://169.254.169.254/latest/meta-data"));
  serve("/file", moved("file:///etc/passwd"));
  const auto done = fetched({url("/1"), url("/0"), url("/loop"), url("/inside"), url("/file")});
  EXPECT_EQ(done.fetched, 1U);
  EXPECT_EQ(last(url("/1")).final_url, url("/end", "other.test"));
  EXPECT_EQ(last(url("/0")).error, "more than 3 redirects");
  EXPECT_EQ(asked_.at("/loop"), 4);
  EXPECT_NE(last(url("/inside")).error.find("redirected to where it must not"), std::string::npos);
  for (const auto& address : test::take_connects()) EXPECT_EQ(address, "127.77.0.1");
}

TEST_F(FetchTest, TooLargeOrOfAnotherKindIsRefused) {
  fetch_.max_bytes = 10'000;
  serve("/large", std::string(10'001, 'x'));
  serve("/fits", std::string(10'000, 'x'));
  serve("/page", "<html>this is no picture at all</html>");
  serve("/short", "<h");
  const Sniff sniff = [](std::string_view bytes) {
    return bytes[0] == 'x' ? std::string("jpg") : std::string();
  };
  const auto done = fetched({url("/large"), url("/fits"), url("/page"), url("/short")}, sniff);
  EXPECT_EQ(done.fetched, 1U);
  EXPECT_TRUE(last(url("/fits")).file.ends_with(".jpg"));
  EXPECT_EQ(last(url("/large")).error, "larger than 10000 bytes");
  EXPECT_EQ(last(url("/page")).error, "not a file of a wanted kind, by its first bytes");
  EXPECT_EQ(last(url("/short")).error, "not a file of a wanted kind, by its first bytes");
}

TEST_F(FetchTest, ShardsShareTheWorkWithoutOverlap) {
  std::vector<std::string> urls;
  for (int i = 0; i < 60; ++i) {
    serve("/" + std::to_string(i), "picture number " + std::to_string(i) + " of sixty");
    urls.push_back(url("/" + std::to_string(i)));
  }
  std::size_t total = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    fetch_.shard = {i, 3};
    const auto done = fetched(urls);
    EXPECT_GT(done.fetched, 0U);
    total += done.fetched;
  }
  EXPECT_EQ(total, 60U);
  for (const auto& [path, asked] : asked_) EXPECT_EQ(asked, 1) << path;
}

TEST_F(FetchTest, AHostThatIsDownIsGivenUpAndHoldsNobodyUp) {
  fetch_.breaker_failures = 4;
  fetch_.breaker_rests = 1;
  fetch_.per_host = 2;
  std::vector<std::string> urls;
  test::set_resolver([](const std::string& host) {
    return std::vector<std::string>{host == "down.test" ? "127.77.99.99" : "127.77.0.1"};
  });
  for (int i = 0; i < 50; ++i) urls.push_back(url("/" + std::to_string(i), "down.test"));
  serve("/up", "this host is well and alive");
  urls.push_back(url("/up"));
  const auto done = fetched(urls);
  EXPECT_EQ(done.fetched, 1U);
  EXPECT_EQ(done.dead, 50U);
  EXPECT_LT(test::take_connects().size(), 30U);
  EXPECT_EQ(last(urls[49]).error, "the host failed again and again and was given up");
}

TEST_F(FetchTest, ALineThatIsNoUrlIsDeadWithItsReason) {
  const auto done = fetched({"not a url", "ftp://pictures.test/a", url("/absent")});
  EXPECT_EQ(done.dead, 3U);
  EXPECT_NE(last("ftp://pictures.test/a").error, "");
}

TEST_F(FetchTest, WhatIsStoppedGoesOnLater) {
  std::vector<std::string> urls;
  for (int i = 0; i < 200; ++i) {
    serve("/" + std::to_string(i), [i](const http::Request&, int) {
      std::this_thread::sleep_for(milliseconds(2));
      return http::Response{200, "", {}, "slow picture " + std::to_string(i)};
    });
    urls.push_back(url("/" + std::to_string(i)));
  }
  std::stop_source stop;
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  const auto first = fetch_all(call, urls, fetch_, {}, [&](const FetchProgress& now) {
    if (now.fetched > 20) stop.request_stop();
  });
  EXPECT_TRUE(first || first.error().kind == ErrorKind::cancelled);
  const auto done = fetched(urls);
  EXPECT_EQ(done.skipped + done.fetched, 200U);
  for (const auto& one : urls) EXPECT_EQ(last(one).status, "ok");
}

TEST_F(FetchTest, OneRunAFolderAtATime) {
  serve("/slow", [&](const http::Request&, int) {
    const auto second = fetch_all({}, {}, fetch_);
    EXPECT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
    return http::Response{200, "", {}, "and this is the picture"};
  });
  EXPECT_EQ(fetched({url("/slow")}).fetched, 1U);
}

TEST(FetchOptions, AreChecked) {
  const auto folder = (fs::temp_directory_path() / "cdx_fetch_options").string();
  EXPECT_EQ(fetch_all({}, {}, {}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(fetch_all({}, {}, {.folder = folder, .concurrency = 0}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(fetch_all({}, {}, {.folder = folder, .shard = {3, 3}}).error().kind, ErrorKind::invalid);
  FetchOptions wrong{.folder = folder};
  wrong.net.allowed_networks = {"nonsense"};
  EXPECT_EQ(fetch_all({}, {}, wrong).error().kind, ErrorKind::invalid);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace cdx::fetch
