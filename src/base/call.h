// Call: what every blocking call carries: when to give up, and whether anybody still wants the answer.
// Looked at before every request, batch and wait. Cheap to copy.
#pragma once

#include <chrono>
#include <stop_token>

#include "base/result.h"

namespace cdx {

struct Call {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::stop_token stop = {};

  static Call within(std::chrono::milliseconds time) {
    return Call{std::chrono::steady_clock::now() + time, {}};
  }
  // `cancelled` when stop was asked for, `timed_out` when the deadline has passed.
  Status check() const {
    if (stop.stop_requested()) return fail(ErrorKind::cancelled, "stopped on request");
    if (deadline != std::chrono::steady_clock::time_point::max() &&
        std::chrono::steady_clock::now() > deadline)
      return fail(ErrorKind::timed_out, "the deadline has passed");
    return {};
  }
};

}  // namespace cdx
