#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>

#include "io/http/client_url.h"
#include "io/http/http_client.h"

namespace cdx::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_retry_after = std::chrono::hours(24);
constexpr std::size_t shown_bytes = 200;
constexpr std::size_t least_secret_bytes = 6;  // shorter values are words such as "close"

void replace_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), "(removed)"), at += 9;
}

// What a server says of our request may repeat the request, keys included.
std::string start_of_body(const HttpRequest& request, const HttpResponse& response) {
  // Cut after the removal, so that no half of a secret stays at the cut.
  std::string text = response.body.substr(0, 64 * 1024);
  for (const auto& [name, value] : request.headers) {
    if (value.size() >= least_secret_bytes) replace_all(text, value);
    const auto blank = value.find(' ');  // "Bearer KEY": servers repeat the key alone
    if (blank != std::string::npos && value.size() - blank > least_secret_bytes)
      replace_all(text, std::string_view(value).substr(blank + 1));
  }
  std::string out;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (!control)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
    if (out.size() >= shown_bytes) break;
  }
  while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0) out.pop_back();
  return out;
}

ErrorKind kind_of(int status) {
  if (status == 401 || status == 403) return ErrorKind::unauthorized;
  if (status == 429) return ErrorKind::rate_limited;
  if (status == 404) return ErrorKind::not_found;
  if (status == 408 || status == 409 || status >= 500) return ErrorKind::unavailable;
  return ErrorKind::invalid;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size() || out < 0) return {};
  return out;
}

bool worth_repeating(const Error& error) {
  return error.kind == ErrorKind::rate_limited || error.kind == ErrorKind::unavailable ||
         error.kind == ErrorKind::timed_out;
}

Status sleep(const Call& call, milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, call.stop, time, [] { return false; });
  return call.check();
}

}  // namespace

std::optional<milliseconds> retry_after(const HttpResponse& response) {
  std::optional<std::int64_t> wait = whole(response.header("retry-after-ms"));
  const std::string said(response.header("retry-after"));
  if (!wait) {
    if (const auto seconds = whole(said)) wait = std::min<std::int64_t>(*seconds, 1'000'000) * 1'000;
  }
  if (!wait && !said.empty()) {
    // Against the server's own clock: ours may differ.
    const std::int64_t then = curl_getdate(said.c_str(), nullptr);
    const std::int64_t now = curl_getdate(std::string(response.header("date")).c_str(), nullptr);
    if (then >= 0 && now >= 0) wait = std::max<std::int64_t>(then - now, 0) * 1'000;
  }
  if (!wait) return {};
  return std::min(milliseconds(*wait), longest_retry_after);
}

Status check_status(const HttpRequest& request, const HttpResponse& response) {
  if (response.status >= 200 && response.status < 300) return {};
  const auto origin = origin_of(request.url);
  std::string message = (origin ? *origin : "HTTP") + " answered " + std::to_string(response.status);
  if (response.status >= 300 && response.status < 400) message += " (redirects are not followed)";
  const auto body = start_of_body(request, response);
  if (!body.empty()) message += ": " + body;
  return tl::unexpected<Error>(Error{kind_of(response.status), std::move(message), retry_after(response)});
}

struct RetryingClient::State {
  explicit State(RetryOptions given) : options(std::move(given)), random(options.seed) {}

  // Half of the step is certain, half is chance, so that many callers do not come back together.
  milliseconds backoff(unsigned tries) {
    const auto step =
        std::min(options.first_wait * (std::int64_t{1} << std::min(tries, 20U)), options.longest_wait);
    const std::lock_guard lock(mutex);
    return step / 2 + milliseconds(std::uniform_int_distribution<std::int64_t>(0, step.count() / 2)(random));
  }

  RetryOptions options;
  std::mutex mutex;
  std::mt19937_64 random;
};

RetryingClient::RetryingClient(HttpClient& inner, RetryOptions options)
    : inner_(inner), state_(std::make_unique<State>(std::move(options))) {}
RetryingClient::~RetryingClient() = default;

Result<HttpResponse> RetryingClient::send(const Call& call, const HttpRequest& request) {
  const auto& options = state_->options;
  for (unsigned tries = 0;; ++tries) {
    auto answer = inner_.send(call, request);
    const auto status = answer ? check_status(request, *answer) : Status();
    if (answer && status) return answer;
    const Error error = answer ? status.error() : answer.error();
    CDX_TRY(call.check());
    if (!worth_repeating(error) || tries + 1 >= std::max(options.attempts, 1U))
      return tl::unexpected<Error>(error);
    const auto wait = std::max(state_->backoff(tries), error.wait.value_or(milliseconds(0)));
    // What would end after the deadline, or later than we are ready to wait, is the caller's to decide.
    const bool too_late = call.deadline != std::chrono::steady_clock::time_point::max() &&
                          std::chrono::steady_clock::now() + wait >= call.deadline;
    if (wait > options.longest_wait || too_late) return tl::unexpected<Error>(error);
    CDX_TRY(options.wait ? options.wait(call, wait) : sleep(call, wait));
  }
}

}  // namespace cdx::http
