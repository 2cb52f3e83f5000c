#include "benchmark/cost.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <ctime>
#include <fstream>

namespace cdx::benchmark {
namespace {

double clock_s(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// "VmRSS:   123456 kB" of a file of the kernel; 0 where it is not told.
double kernel_mb(const char* file, const std::string& name) {
  std::ifstream in(file);
  for (std::string word; in >> word;)
    if (double kilobytes = 0; word == name && in >> kilobytes) return kilobytes / 1024;
  return 0;
}

}  // namespace

double process_cpu_s() { return clock_s(CLOCK_PROCESS_CPUTIME_ID); }
double thread_cpu_s() { return clock_s(CLOCK_THREAD_CPUTIME_ID); }
double resident_mb() { return kernel_mb("/proc/self/status", "VmRSS:"); }

double anonymous_mb() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
  return kernel_mb("/proc/self/smaps_rollup", "Anonymous:");
}

BuildCost::BuildCost() : cpu_(process_cpu_s()), wall_(std::chrono::steady_clock::now()) {}

void BuildCost::stop() {
  spent_cpu_ = process_cpu_s() - cpu_;
  spent_wall_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count();
}

Build BuildCost::report(bool built, std::size_t items, std::uint64_t disk_bytes) const {
  Build out{built, items, spent_cpu_, spent_wall_, 0, anonymous_mb(), disk_bytes};
  out.rss_mb = resident_mb();
  return out;
}

}  // namespace cdx::benchmark
