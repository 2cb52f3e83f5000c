// Writes down what was asked and shown, behind the requests, and what was chosen, with them. Private to
// serve.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/call.h"
#include "base/time.h"
#include "match/match.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx::serve {

struct UsageLogOptions {
  std::chrono::hours keep{24 * 30};
  std::size_t candidates = 100;      // of a question, told with their features; 0: those shown only
  std::size_t most_waiting = 2'000;  // questions; beyond them the newest are not logged, and counted
  std::chrono::milliseconds every{500};
};

// Thread-safe. Borrows the store.
class UsageLog {
 public:
  UsageLog(UsageStore& store, const Clock& clock, UsageLogOptions options = {});
  ~UsageLog();  // writes what waits

  std::size_t candidates() const { return options_.candidates; }  // to ask for
  // Takes the question without waiting for the disk. The id it will have.
  QuestionId note(const Query& query, const Answer& answer);
  QuestionId note(const Brief& brief, const MatchAnswer& answer);
  // Durable on return. `not_found` for a question that is not kept.
  Status choose(const Call& call, LoggedChoice choice);

 private:
  QuestionId take(LoggedQuestion question);
  Status flush(const Call& call);
  void run(std::stop_token stop);

  UsageStore& store_;
  const Clock& clock_;
  UsageLogOptions options_;
  std::uint64_t seed_;
  std::mutex mutex_;
  std::mutex writing_;  // one flush at a time, so that a choice finds its question written
  std::condition_variable_any waiting_;
  std::deque<LoggedQuestion> questions_;
  std::uint64_t count_ = 0;
  Time swept_{};
  std::jthread thread_;  // last: ends first
};

}  // namespace cdx::serve
