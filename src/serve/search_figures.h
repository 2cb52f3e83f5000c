// How searches went in the last hour: how many, how fast, how many found nothing. Private to serve.
//
// Promises: memory does not grow, whatever is asked; nothing of what was asked is kept; thread-safe.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace cdx::serve {

enum class SearchKind : std::uint8_t {
  keyword,
  semantic,
  hybrid,
  rrf,
  similar,
  match,
  picture_words,    // pictures by words
  picture_example,  // by a picture
  picture_mixed,    // by both, or by one less another
};
inline constexpr std::size_t search_kinds = 9;
std::string_view name(SearchKind kind);

struct SearchOutcome {
  bool failed = false;    // nothing below counts then
  bool degraded = false;  // answered, but not with all that was asked
  bool empty = false;     // the first page, and nobody on it
  std::chrono::steady_clock::duration took{};
};

class SearchFigures {
 public:
  static constexpr std::chrono::minutes window{60};

  explicit SearchFigures(const Clock& clock) : clock_(clock), slots_(window.count()) {}
  void note(SearchKind kind, const SearchOutcome& outcome);

  struct Figures {
    std::uint64_t asked = 0, failed = 0, degraded = 0, empty = 0;
    // By nearest rank over what was answered, at most a tenth too high; 0 where nothing was.
    double p50_ms = 0, p95_ms = 0, p99_ms = 0, slowest_ms = 0;
  };
  struct Report {
    std::vector<std::pair<SearchKind, Figures>> kinds;  // those that were asked, in the order of the enum
    Figures total;
  };
  Report last_hour() const;

 private:
  // Bucket i holds times up to 0.1 ms * 1.1^i; the last one all above, about 16 s.
  static constexpr std::size_t buckets = 128;
  struct Counts {
    std::uint64_t asked = 0, failed = 0, degraded = 0, empty = 0;
    double slowest_ms = 0;
    std::array<std::uint32_t, buckets> times{};
    void add(const Counts& other);
    Figures figures() const;
  };
  struct Slot {
    std::int64_t minute = -1;  // since 1970
    std::array<Counts, search_kinds> kinds{};
  };
  std::int64_t minute() const;

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;  // by minute modulo their number
};

}  // namespace cdx::serve
