// The threads that run handlers. Private to io/http.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cdx::http {

class Workers {
 public:
  explicit Workers(unsigned threads);
  ~Workers() { stop(); }

  // The queue has no bound of its own: the caller counts what is in flight. Tasks must not throw.
  void push(std::function<void()> task);
  // Runs what is queued, then joins. Repeating it is safe; tasks pushed later are dropped.
  void stop();

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable waking_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace cdx::http
