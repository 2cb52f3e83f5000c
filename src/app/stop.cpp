#include "app/stop.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "base/assert.h"

namespace cdx::app {
namespace {

std::stop_source& source() {
  static std::stop_source one;
  return one;
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

void watch_stop_signals() {
  const auto set = stop_signals();
  CDX_ASSERT(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of that write, not the end of the program
  source();
  std::thread([set] {
    int caught = 0;
    sigwait(&set, &caught);
    source().request_stop();
    sigwait(&set, &caught);
    _exit(128 + caught);
  }).detach();
}

std::stop_token stop_requested() { return source().get_token(); }

}  // namespace cdx::app
