// Work shared among threads. Seen by the sources of this room only.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace cdx {

// Calls work(0) to work(count - 1), each once, from this thread and so many helpers that each has
// `worth_a_thread` pieces; returns when all are done.
inline void in_parallel(std::size_t count, std::size_t worth_a_thread,
                        const std::function<void(std::size_t)>& work) {
  const auto threads =
      std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), count / worth_a_thread);
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (auto i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  for (std::size_t t = 1; t < threads; ++t) helpers.emplace_back(run);
  run();
}

}  // namespace cdx
