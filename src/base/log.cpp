#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/json_text.h"
#include "base/time.h"

namespace cdx::log {
namespace {

spdlog::logger& logger() {
  static const auto made = [] {
    auto out =
        std::make_shared<spdlog::logger>("creatordex", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    out->set_pattern("%v");
    out->set_level(spdlog::level::info);
    out->flush_on(spdlog::level::warn);
    return out;
  }();
  return *made;
}

spdlog::level::level_enum foreign(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

constexpr std::string_view names[] = {"debug", "info", "warning", "error"};

}  // namespace

void set_level(Level level) { logger().set_level(foreign(level)); }

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!logger().should_log(foreign(level))) return;
  std::string line = fmt::format(R"({{"ts":"{}","level":"{}","event":)", format_time(SystemClock().now()),
                                 names[static_cast<std::size_t>(level)]);
  append_json_string(line, event);
  for (const auto& [key, value] : fields) {
    line += ',';
    append_json_string(line, key);
    line += ':';
    append_json_string(line, value);
  }
  logger().log(foreign(level), "{}", line + "}");
}

}  // namespace cdx::log
