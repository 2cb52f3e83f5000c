#include "io/http/http_message.h"

#include <gtest/gtest.h>

#include <atomic>

#include "io/http/workers.h"

namespace cdx::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(HttpMessage, WritesDatesAsTheStandardGivesThem) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(HttpMessage, AHeaderValueCannotStartALineOfItsOwn) {
  Response response{200, "text/plain", {{"X-Request-Id", "a\r\nSet-Cookie: b"}}, "body"};
  const auto head = response_head(response, true, "now");
  EXPECT_EQ(head,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 4\r\nContent-Type: text/plain\r\n"
            "X-Request-Id: a  Set-Cookie: b\r\n\r\n");
}

TEST(HttpMessage, AnswersWithoutBodyStateNoLength) {
  EXPECT_EQ(response_head({304, "", {}, ""}, false, "now"),
            "HTTP/1.1 304 Not Modified\r\nDate: now\r\nConnection: close\r\n\r\n");
}

TEST(HttpMessage, DecodesEscapesAndRefusesCutOnes) {
  EXPECT_EQ(percent_decoded("a%20b+c"), "a b+c");
  EXPECT_EQ(percent_decoded("a%20b+c", true), "a b c");
  EXPECT_EQ(percent_decoded("%C3%a9"), "é");
  EXPECT_EQ(percent_decoded("%00")->size(), 1U);
  EXPECT_FALSE(percent_decoded("%2"));
  EXPECT_FALSE(percent_decoded("%zz"));
  EXPECT_FALSE(percent_decoded("100%"));
}

TEST(HttpMessage, SplitsQueriesInOrder) {
  EXPECT_EQ(*query_fields("q=a%26b&limit=8&&flag&x=1=2"),
            (Fields{{"q", "a&b"}, {"limit", "8"}, {"flag", ""}, {"x", "1=2"}}));
  EXPECT_TRUE(query_fields("")->empty());
  EXPECT_FALSE(query_fields("q=%"));
}

TEST(HttpMessage, FindsHeadersInAnyCase) {
  Request request;
  request.headers = {{"hOsT", "a"}, {"Host", "b"}};
  EXPECT_EQ(request.header("host"), "a");
  EXPECT_EQ(request.header("accept"), "");
}

TEST(HttpWorkers, RunWhatIsQueuedBeforeStopping) {
  std::atomic<int> done{0};
  Workers workers(3);
  for (int i = 0; i < 100; ++i) workers.push([&] { ++done; });
  workers.stop();
  EXPECT_EQ(done, 100);
  workers.push([&] { ++done; });
  workers.stop();
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace cdx::http
