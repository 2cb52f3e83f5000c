// A line on the terminal that says how far a long step is, with rate and time left. Prints nothing where
// standard error is no terminal, but for one line at the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace cdx::app {

class Progress {
 public:
  // `unit` is what is counted: "rows".
  Progress(std::string what, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `share` in [0,1] of the whole, negative: unknown.
  void show(std::uint64_t done, double share);
  void finish(const std::string& summary);
  double seconds() const;

 private:
  std::string what_, unit_;
  std::chrono::steady_clock::time_point begin_, shown_;
  bool terminal_;
  bool open_ = false;
};

std::string short_number(double value);      // "1.2M"
std::string short_duration(double seconds);  // "1 min 20 s"

}  // namespace cdx::app
