#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace cdx::app {
namespace {
constexpr std::chrono::milliseconds refresh{120};
}

std::string short_number(double value) {
  if (value >= 1e6) return fmt::format("{:.1f}M", value / 1e6);
  if (value >= 1e4) return fmt::format("{:.0f}k", value / 1e3);
  return fmt::format("{:.0f}", value);
}

std::string short_duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5'400)
    return fmt::format("{:.0f} min {:.0f} s", std::floor(seconds / 60), std::fmod(seconds, 60));
  return fmt::format("{:.1f} h", seconds / 3'600);
}

Progress::Progress(std::string what, std::string unit)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      begin_(std::chrono::steady_clock::now()),
      terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (open_) std::fputc('\n', stderr);
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void Progress::show(std::uint64_t done, double share) {
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now - shown_ < refresh) return;
  shown_ = now;
  open_ = true;
  const double taken = seconds();
  auto line = fmt::format("{}: {} {}", what_, short_number(static_cast<double>(done)), unit_);
  if (taken > 0.5) line += fmt::format(", {} a second", short_number(static_cast<double>(done) / taken));
  if (share > 0.001 && taken > 0.5)
    line += fmt::format(", {:.0f} %, {} left", share * 100, short_duration(taken / share - taken));
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
}

void Progress::finish(const std::string& summary) {
  if (open_) std::fputs("\r\033[K", stderr);
  open_ = false;
  std::fprintf(stderr, "%s\n", summary.c_str());
}

}  // namespace cdx::app
