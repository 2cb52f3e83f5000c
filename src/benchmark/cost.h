// Clocks and memory of this process. Private to the benchmark room.
#pragma once

#include <chrono>
#include <string>

#include "benchmark/benchmark.h"

namespace cdx::benchmark {

double process_cpu_s();  // of all threads
double thread_cpu_s();   // of the calling thread
double resident_mb();
double anonymous_mb();  // what no file stands behind; freed memory is given back to the system first

// From its making to stop(): what a build cost.
class BuildCost {
 public:
  BuildCost();
  void stop();  // of the clocks
  // Clocks until stop(), memory as it is now.
  Build report(bool built, std::size_t items, std::uint64_t disk_bytes) const;

 private:
  double cpu_, spent_cpu_ = 0, spent_wall_ = 0;
  std::chrono::steady_clock::time_point wall_;
};

}  // namespace cdx::benchmark
