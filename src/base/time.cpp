#include "base/time.h"

#include <fmt/format.h>

#include <charconv>

namespace cdx {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

bool read_digits(std::string_view& text, std::size_t count, int& out) {
  if (text.size() < count) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, out);
  if (error != std::errc{} || end != text.data() + count || text[0] == '-') return false;
  text.remove_prefix(count);
  return true;
}

bool read_char(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+02:00", "-0530"; nothing at all counts as UTC.
std::optional<milliseconds> read_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return milliseconds{0};
  const int sign = text.front() == '-' ? -1 : 1;
  if (text.front() != '+' && text.front() != '-') return {};
  text.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!read_digits(text, 2, hours)) return {};
  read_char(text, ':');
  if (!text.empty() && !read_digits(text, 2, minutes)) return {};
  if (!text.empty() || hours > 23 || minutes > 59) return {};
  return sign * (std::chrono::hours{hours} + std::chrono::minutes{minutes});
}

}  // namespace

Time SystemClock::now() const { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

std::string format_date(Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(time)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_time(Time time) {
  const std::chrono::hh_mm_ss clock{time - std::chrono::floor<days>(time)};
  auto out = fmt::format("{}T{:02}:{:02}:{:02}", format_date(time), clock.hours().count(),
                         clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) out += fmt::format(".{:03}", clock.subseconds().count());
  return out + "Z";
}

std::optional<Time> parse_time(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!read_digits(text, 4, year) || !read_char(text, '-') || !read_digits(text, 2, month) ||
      !read_char(text, '-') || !read_digits(text, 2, day))
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return {};
  Time time = std::chrono::sys_days{date};
  if (text.empty()) return time;
  if (!read_char(text, 'T') && !read_char(text, 't') && !read_char(text, ' ')) return {};
  if (!read_digits(text, 2, hour) || !read_char(text, ':') || !read_digits(text, 2, minute)) return {};
  if (read_char(text, ':') && !read_digits(text, 2, second)) return {};
  if (hour > 23 || minute > 59 || second > 60) return {};
  time += std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second};
  if (read_char(text, '.')) {
    int scale = 100;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      time += milliseconds{(text.front() - '0') * scale};
      scale /= 10;
      text.remove_prefix(1);
    }
  }
  const auto offset = read_offset(text);
  if (!offset) return {};
  return time - *offset;
}

}  // namespace cdx
