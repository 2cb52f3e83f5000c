// Days before the newest day of the set, as text. Made once, so that writing a date costs a copy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace cdx::sample {

// A moment: `days_ago` before the newest day, `minute` of that day.
struct Moment {
  int days_ago = 1;
  int minute = 0;
};

inline constexpr int oldest_day = 4200;

class Calendar {
 public:
  explicit Calendar(Time today);
  std::string_view date(int days_ago) const { return dates_[static_cast<std::size_t>(days_ago)]; }
  // "2026-11-20T08:30:00Z"
  void append(std::string& out, Moment moment) const;
  std::string_view year() const { return dates_.front().substr(0, 4); }

 private:
  std::string text_;
  std::vector<std::string_view> dates_;
};

}  // namespace cdx::sample
