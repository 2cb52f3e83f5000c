// An HTTP/1.1 server: owns sockets, threads and limits, and asks one handler for every answer.
//
// Promises: the handler runs on a bounded pool of workers, so slow work never holds up the sockets; requests
// beyond the bound are refused at once; every wait on a client has a time limit; requests sent ahead
// (pipelined) are answered one after the other, in order. A request whose peer is gone has its Call stopped.
// stop() lets running requests finish within a bound. Errors found before the handler (too large, too slow,
// not HTTP) get the answer that `refuse` gives them, and unread input is drained before closing, so that the
// client sees it. Handlers must not throw; one that does gives a 500 and no more. They must look at their
// Call: destruction waits for the handlers still running. Never: TLS, routing, meaning.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "io/http/http_message.h"

namespace cdx::http {

using std::chrono::milliseconds;

struct ServerOptions {
  std::string address = "127.0.0.1";  // of an interface; names are not resolved
  std::uint16_t port = 8000;          // 0: any free one; port() tells
  unsigned io_threads = 1;
  unsigned workers = 4;
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 1024 * 1024;
  // Bodies that Handlers::limits lets be larger than body_bytes, all together; beyond: 503 with Retry-After.
  std::size_t large_bodies_bytes = 256 * 1024 * 1024;
  std::size_t connections = 1'024;      // beyond: 503 and closed
  std::size_t in_flight = 128;          // requests waiting or being answered; beyond: 503 with Retry-After
  milliseconds header_timeout{10'000};  // from the first byte of a request to the end of its headers: 408
  milliseconds body_timeout{30'000};    // from there to the end of its body: 408
  milliseconds idle_timeout{60'000};    // between requests: closed
  milliseconds write_timeout{30'000};   // for the client to take an answer
  milliseconds request_deadline{10'000};
  milliseconds drain{5'000};   // stop() waits this long for running requests, then stops their Calls
  milliseconds linger{1'000};  // to drain what a refused client still sends
  // A client that closes its sending half may still read: only after this time counts it as gone.
  milliseconds half_closed_grace{250};
};

// May be called from many threads at a time.
using Handler = std::function<Response(const Request&)>;

// A request that did not reach the handler. `request` holds what is known of it, perhaps nothing.
struct Refusal {
  int status = 400;         // 400, 408, 413, 431, 500, 501, 503, 505
  std::string_view detail;  // one sentence for people
  const Request& request;
};
using Refuse = std::function<Response(const Refusal&)>;

// What one request may take. Absent values: those of ServerOptions.
struct RequestLimits {
  std::optional<std::size_t> body_bytes;
  std::optional<milliseconds> deadline;  // also of the wait for its body
};

struct Handlers {
  Handler answer;
  Refuse refuse;  // on an I/O thread: must be quick. Absent: plain text
  // Requests it accepts are answered on the I/O thread, outside of the in-flight bound: for answers that take
  // microseconds and must come under any load. Absent: none.
  std::function<bool(const Request&)> quick;
  // Asked on an I/O thread once a request's headers are there, before any of its body. Absent: as everywhere.
  std::function<RequestLimits(const Request&)> limits = {};
};

class HttpServer {
 public:
  // Listens from here on. `invalid` for an address that is none, `unavailable` when the port is taken.
  static Result<std::unique_ptr<HttpServer>> open(ServerOptions options, Handlers handlers);
  ~HttpServer();  // as stop()
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::size_t in_flight() const;
  // Takes no more connections, lets running requests finish, closes the rest. Blocks; repeating it is safe.
  void stop();

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cdx::http
