// An HTTP/1.1 client for endpoints that the operator configured: trusted, but failing is their daily weather.
//
// Promises: every call may come from any thread and blocks until the whole answer is there; connections are
// kept and used again; deadline, stop and the options' limits are heeded while resolving, connecting, sending
// and receiving; certificates are checked; plain http is spoken to loopback and to named hosts only. Never:
// redirects, cookies, proxies from the environment, decompression, logs, or a header's value in an error.
// Not for addresses that strangers gave: nothing here keeps a name from resolving into the own network.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/call.h"

namespace cdx::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};  // absolute, without user or password
  HeaderList headers = {};
  std::string body = {};
};

struct HttpResponse {
  int status = 0;
  HeaderList headers = {};  // in the order received, names as sent
  std::string body = {};

  // The first header of this name, any case; absent: empty.
  std::string_view header(std::string_view name) const;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Any complete answer, whatever its status. `invalid`: the request or its URL may not be sent, or the
  // answer is larger than allowed. `unauthorized`: the server's certificate is not trusted. `unavailable`: no
  // name, no connection, or an answer that ended early or is not HTTP. `timed_out`, `cancelled`.
  virtual Result<HttpResponse> send(const Call&, const HttpRequest&) = 0;
};

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds request_timeout{60'000};  // of all of it; a nearer deadline counts
  std::size_t header_bytes = 64 * 1024;
  std::size_t body_bytes = 16 * 1024 * 1024;
  std::size_t idle_connections = 8;                // kept for the next call
  std::vector<std::string> plain_http_hosts = {};  // beside loopback, which is always allowed
  std::string ca_file = {};                        // empty: what the system trusts
};

// `unavailable` when the TLS library does not start.
Result<std::unique_ptr<HttpClient>> open_http_client(const ClientOptions& options);

// The error that an answer means, by what the caller does next; success for 200 to 299. 401 and 403:
// `unauthorized`; 429: `rate_limited`; 404: `not_found`; 408, 409 and 500 to 599: `unavailable`; others:
// `invalid`. `wait` is what Retry-After says. The message has the place, the status and the start of the
// body, with the request's own header values taken out.
Status check_status(const HttpRequest& request, const HttpResponse& response);

// Retry-After in seconds or as a date beside the answer's own Date, or retry-after-ms; at most a day.
std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response);

// Whether a client of these options would send to the URL: `invalid` with the reason otherwise.
Status check_url(std::string_view url, const ClientOptions& options);

std::string host_of(std::string_view url);  // as it is written; empty where there is none

// "https://host:8443" of an URL, for messages and names. `invalid` where a client would refuse it.
Result<std::string> origin_of(std::string_view url);

struct RetryOptions {
  unsigned attempts = 4;                           // in all
  std::chrono::milliseconds first_wait{500};       // doubles each time; half of it is left to chance
  std::chrono::milliseconds longest_wait{30'000};  // an answer that asks for more is given up at once
  std::uint64_t seed = 0x9e3779b97f4a7c15;         // of the chance
  std::function<Status(const Call&, std::chrono::milliseconds)> wait =
      {};  // absent: sleeps, heeding the Call
};

// Sends until the answer is a success, an error that repeating does not mend, or the attempts are used up.
// Gives a successful answer or check_status's error. Thread-safe. Only for requests that may be repeated.
class RetryingClient final : public HttpClient {
 public:
  RetryingClient(HttpClient& inner, RetryOptions options);
  ~RetryingClient() override;
  Result<HttpResponse> send(const Call&, const HttpRequest&) override;

 private:
  struct State;
  HttpClient& inner_;
  std::unique_ptr<State> state_;
};

}  // namespace cdx::http
