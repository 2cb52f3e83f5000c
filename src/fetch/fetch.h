// Fetches files from URLs that strangers wrote: many at once, politely, resumably, and never from inside the
// network this program runs in.
//
//   net_rules.h  which addresses and URLs may be asked at all
//   manifest.h   what was tried, one JSON line an attempt
//
// Promises: at most `concurrency` transfers, `per_host` of them to one host; one thread of I/O; flat memory.
// The address that is checked is the address connected to: the check happens as the socket is made. At most
// `redirects` of them are followed, each checked like the first, none to a lower scheme; no cookies, no
// credentials, no proxy. A URL that was fetched is not fetched again unless `refresh` is asked for, and then
// conditionally. Killed at any point, a later run goes on. A file appears under its final name only when
// whole. Never: decoding of what was fetched.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/time.h"
#include "fetch/manifest.h"
#include "fetch/net_rules.h"

namespace cdx::fetch {

struct Shard {  // this one of so many processes: a URL belongs to one of them by its hash
  std::size_t index = 0, count = 1;
};
bool belongs(std::string_view canonical_url, const Shard& shard);

struct FetchOptions {
  std::string folder = {};  // gets files/ab/abcd….EXT and manifest.jsonl
  std::size_t concurrency = 64;
  std::size_t per_host = 8;
  Shard shard = {};
  bool refresh = false;     // ask again, conditionally, for what was fetched before
  bool retry_dead = false;  // also what was given up earlier
  NetRules net = {};
  std::size_t max_bytes = 10'000'000;
  std::chrono::milliseconds connect_time{5'000};
  std::chrono::milliseconds total_time{10'000};
  std::size_t slowest_bytes_per_second = 1'000;  // over 3 s; below is given up
  int redirects = 3;
  int attempts = 4;  // of one URL in one run, for faults that may pass
  std::chrono::milliseconds first_pause{
      500};  // doubles with each attempt, with jitter, at most longest_pause
  std::chrono::milliseconds longest_pause{30'000};
  int breaker_failures = 10;  // of a host in a row: it rests
  std::chrono::milliseconds breaker_rest{30'000};
  int breaker_rests = 3;  // after so many rests in a row the host's URLs are given up
  std::string user_agent = "creatordex/0.1";
  std::uint64_t seed = 1;  // of the jitter
};

struct FetchProgress {
  std::size_t total = 0;    // distinct URLs of this shard
  std::size_t skipped = 0;  // done before
  std::size_t fetched = 0;
  std::size_t unchanged = 0;  // asked conditionally, still the same
  std::size_t dead = 0;       // given up
  std::size_t in_flight = 0, waiting = 0;
  std::uint64_t bytes = 0;
  std::size_t attempts = 0;
  std::size_t finished() const { return skipped + fetched + unchanged + dead; }
};

// Looks like a picture by its first bytes? Gives the file's ending, "" where it must be refused. Absent:
// everything is taken, with the ending "bin".
using Sniff = std::function<std::string(std::string_view first_bytes)>;

// Fetches all of `urls` and returns when each is done, dead or, on `cancelled` and `timed_out`, left for the
// next run. Lines that are no URL become dead with their reason. `progress` is called about four times a
// second, from this thread. One run a folder at a time: `unavailable` otherwise.
Result<FetchProgress> fetch_all(const Call& call, std::span<const std::string> urls,
                                const FetchOptions& options, const Sniff& sniff = {},
                                const std::function<void(const FetchProgress&)>& progress = {});

}  // namespace cdx::fetch
