#include "sample/calendar.h"

namespace cdx::sample {

Calendar::Calendar(Time today) {
  constexpr std::size_t width = 10;
  text_.reserve(width * (oldest_day + 1));
  for (int i = 0; i <= oldest_day; ++i) text_ += format_date(today - std::chrono::days(i));
  for (int i = 0; i <= oldest_day; ++i)
    dates_.push_back(std::string_view(text_).substr(static_cast<std::size_t>(i) * width, width));
}

void Calendar::append(std::string& out, Moment moment) const {
  const auto two = [&](int value) {
    out += static_cast<char>('0' + value / 10);
    out += static_cast<char>('0' + value % 10);
  };
  out += date(moment.days_ago);
  out += 'T';
  two(moment.minute / 60);
  out += ':';
  two(moment.minute % 60);
  out += ":00Z";
}

}  // namespace cdx::sample
