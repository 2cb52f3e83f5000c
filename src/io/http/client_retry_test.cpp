#include <gtest/gtest.h>

#include <deque>

#include "io/http/http_client.h"

namespace cdx::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class ScriptedClient final : public HttpClient {
 public:
  explicit ScriptedClient(std::deque<Result<HttpResponse>> answers) : answers_(std::move(answers)) {}
  Result<HttpResponse> send(const Call&, const HttpRequest&) override {
    ++asked;
    auto answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    return answer;
  }
  int asked = 0;

 private:
  std::deque<Result<HttpResponse>> answers_;
};

HttpResponse status(int code, HeaderList headers = {}, std::string body = {}) {
  return {code, std::move(headers), std::move(body)};
}

struct Waits {
  std::vector<milliseconds> all;
  RetryOptions options(unsigned attempts = 4) {
    RetryOptions out;
    out.attempts = attempts;
    out.wait = [this](const Call& call, milliseconds time) {
      all.push_back(time);
      return call.check();
    };
    return out;
  }
};

const HttpRequest request{
    "POST", "https://api.example/v1", {{"Authorization", "Bearer sk-very-secret"}}, "{}"};

TEST(RetryingClient, RepeatsWhatMayMendAndWaitsLongerEachTime) {
  Waits waits;
  ScriptedClient inner(
      {status(500), fail(ErrorKind::timed_out, "slow"), status(503), status(200, {}, "fine")});
  RetryingClient client(inner, waits.options());
  const auto answer = client.send({}, request);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "fine");
  ASSERT_EQ(waits.all.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto step = 500ms * (1 << i);
    EXPECT_GE(waits.all[i], step / 2);
    EXPECT_LE(waits.all[i], step);
  }
}

TEST(RetryingClient, GivesUpAfterItsAttempts) {
  Waits waits;
  ScriptedClient inner({status(500)});
  const auto answer = RetryingClient(inner, waits.options(3)).send({}, request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(inner.asked, 3);
}

TEST(RetryingClient, DoesNotRepeatWhatStaysWrong) {
  for (const auto& [code, kind] : std::vector<std::pair<int, ErrorKind>>{{400, ErrorKind::invalid},
                                                                         {401, ErrorKind::unauthorized},
                                                                         {403, ErrorKind::unauthorized},
                                                                         {404, ErrorKind::not_found},
                                                                         {302, ErrorKind::invalid}}) {
    Waits waits;
    ScriptedClient inner({status(code)});
    const auto answer = RetryingClient(inner, waits.options()).send({}, request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, kind) << code;
    EXPECT_EQ(inner.asked, 1) << code;
  }
}

TEST(RetryingClient, WaitsAsLongAsTheServerSays) {
  Waits waits;
  ScriptedClient inner({status(429, {{"retry-after", "7"}}), status(200)});
  ASSERT_TRUE(RetryingClient(inner, waits.options()).send({}, request));
  ASSERT_EQ(waits.all.size(), 1U);
  EXPECT_EQ(waits.all[0], 7s);
}

TEST(RetryingClient, HandsAWaitThatIsTooLongToItsCaller) {
  Waits waits;
  ScriptedClient inner({status(429, {{"Retry-After", "3600"}})});
  const auto answer = RetryingClient(inner, waits.options()).send({}, request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(answer.error().wait, 3'600'000ms);
  EXPECT_TRUE(waits.all.empty());
  ScriptedClient soon({status(429, {{"Retry-After", "20"}})});
  EXPECT_EQ(RetryingClient(soon, waits.options()).send(Call::within(10s), request).error().wait, 20'000ms);
  EXPECT_EQ(soon.asked, 1);
}

TEST(RetryingClient, StopsWaitingWhenAsked) {
  ScriptedClient inner({status(500)});
  std::stop_source stop;
  RetryOptions options;
  options.first_wait = options.longest_wait = std::chrono::hours(1);
  RetryingClient client(inner, options);
  stop.request_stop();
  const Call call{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(client.send(call, request).error().kind, ErrorKind::cancelled);
}

TEST(CheckStatus, ShowsWhatTheServerSaysButNoSecret) {
  const auto status_of = [](int code, std::string body) {
    return check_status(request, status(code, {}, std::move(body)));
  };
  EXPECT_TRUE(status_of(204, ""));
  const auto echoed =
      status_of(401, "{\"error\":\n\"Incorrect key sk-very-secret, sent as Bearer sk-very-secret\"}");
  ASSERT_FALSE(echoed);
  EXPECT_EQ(echoed.error().message.find("very-secret"), std::string::npos) << echoed.error().message;
  EXPECT_NE(echoed.error().message.find("Incorrect key"), std::string::npos) << echoed.error().message;
  EXPECT_NE(echoed.error().message.find("https://api.example answered 401"), std::string::npos);
  EXPECT_EQ(echoed.error().message.find('\n'), std::string::npos);
  // A secret at the cut is not shown in half either.
  const auto cut = status_of(400, std::string(195, 'x') + "sk-very-secret");
  EXPECT_EQ(cut.error().message.find("sk-"), std::string::npos) << cut.error().message;
  EXPECT_LT(status_of(400, std::string(100'000, 'y')).error().message.size(), 400U);
}

TEST(RetryAfter, ReadsSecondsMillisecondsAndDates) {
  const auto wait = [](HeaderList headers) { return retry_after(status(429, std::move(headers))); };
  EXPECT_EQ(wait({{"Retry-After", "3"}}), 3'000ms);
  EXPECT_EQ(wait({{"retry-after-ms", "250"}, {"Retry-After", "1"}}), 250ms);
  EXPECT_EQ(
      wait({{"Date", "Sat, 21 Nov 2026 08:00:00 GMT"}, {"Retry-After", "Sat, 21 Nov 2026 08:01:30 GMT"}}),
      90'000ms);
  EXPECT_EQ(
      wait({{"Date", "Sat, 21 Nov 2026 08:00:00 GMT"}, {"Retry-After", "Sat, 21 Nov 2026 07:00:00 GMT"}}),
      0ms);
  EXPECT_EQ(wait({{"Retry-After", "Sat, 21 Nov 2026 08:01:30 GMT"}}), std::nullopt);  // beside no clock
  EXPECT_EQ(wait({{"Retry-After", "99999999999999"}}), milliseconds(24h));
  for (const std::string nonsense : {"", "-1", "soon", "1e9", "99999999999999999999999999"})
    EXPECT_EQ(wait({{"Retry-After", nonsense}}), std::nullopt) << nonsense;
}

}  // namespace
}  // namespace cdx::http
