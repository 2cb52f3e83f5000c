// Many clients of an HTTP server at once, from one thread: for benches, in a process of their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace cdx::bench {

struct LoadOptions {
  std::uint16_t port = 0;
  int clients = 100;
  double seconds = 10;
  double warm_up_s = 2;  // not counted
  double think_s = 0;    // mean of the time between an answer and the next question, exponential; 0: none
  std::uint64_t seed = 1;
  std::function<std::string(std::uint64_t number)> request;  // the whole text of a request
};

struct LoadReport {
  std::uint64_t answered = 0, refused = 0,
                failed = 0;  // 200; 503; anything else, broken connections included
  double seconds = 0;
  double p50_ms = 0, p95_ms = 0, p99_ms = 0, most_ms = 0;  // of what was answered
};

// Every client has one question open at most, on a connection it keeps.
LoadReport load(const LoadOptions& options);

}  // namespace cdx::bench
