// Which URL is asked next: hosts take turns, each within its limit; a host that fails rests. Inside the fetch
// room only. Knows no network; time is given.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "fetch/fetch.h"

namespace cdx::fetch {

using Instant = std::chrono::steady_clock::time_point;

struct Job {
  std::uint32_t url = 0;  // number of the caller
  int attempt = 1;
};

class Schedule {
 public:
  explicit Schedule(const FetchOptions& options) : options_(options) {}

  void add(const std::string& host, Job job);
  // A job whose host has room; it counts as in flight until ended. Absent: nothing may start now.
  std::optional<Job> next(Instant now);
  // When next() may have more to give, where jobs wait for their time; absent: none does.
  std::optional<Instant> wake() const;

  // What became of a job of this host. A failure is the host's (no answer, 5xx), not the file's (404).
  void ended(const std::string& host, bool host_failed, Instant now);
  // Back in line after a pause.
  void retry(const std::string& host, Job job, Instant not_before);
  // True once the host has rested so often in a row that it is given up; its waiting jobs are for
  // take_lost().
  bool given_up(const std::string& host) const;
  std::vector<Job> take_lost(const std::string& host);

  std::size_t waiting() const { return waiting_; }
  std::size_t in_flight() const { return in_flight_; }

 private:
  struct Host {
    std::deque<Job> jobs;
    std::size_t in_flight = 0;
    int failures = 0, rests = 0;
    Instant rests_until{};
    bool queued = false;  // in turn_
  };
  struct Later {
    Instant at;
    Host* host;
    std::optional<Job> job;  // absent: the host's rest ends
    bool operator>(const Later& other) const { return at > other.at; }
  };
  void enqueue(Host& host);
  void release(Instant now);

  const FetchOptions& options_;
  std::unordered_map<std::string, Host> hosts_;  // nodes keep their address
  std::deque<Host*> turn_;                       // hosts with a job that may start
  std::priority_queue<Later, std::vector<Later>, std::greater<>> later_;
  std::size_t waiting_ = 0, in_flight_ = 0;
};

}  // namespace cdx::fetch
