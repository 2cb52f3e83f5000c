// Logging: one JSON object a line on standard error: {"ts":…,"level":…,"event":…,fields…}. Thread-safe.
// Values are escaped here, so that text from strangers can neither break a line nor forge one. Never log
// secrets.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cdx::log {

enum class Level { debug, info, warning, error };
using Field = std::pair<std::string_view, std::string>;

void set_level(Level level);  // default: info
void write(Level level, std::string_view event, std::initializer_list<Field> fields);

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

}  // namespace cdx::log
