// Time: UTC milliseconds since 1970. Text form is RFC 3339 with a Z: "2026-11-21T08:30:00Z".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cdx {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

// Where "now" comes from, so that tests can move it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}
  Time now() const override { return now_; }
  void advance(std::chrono::milliseconds by) { now_ += by; }

 private:
  Time now_;
};

std::string format_time(Time time);  // seconds, or milliseconds where they are not zero
std::string format_date(Time time);  // "2026-11-21"
// Reads RFC 3339 times with any offset, and plain dates (midnight UTC). Anything else is absent.
std::optional<Time> parse_time(std::string_view text);

}  // namespace cdx
