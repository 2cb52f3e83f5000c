#include "embed/openvino/request_pool.h"

#include <utility>

namespace cdx {

RequestPool::RequestPool(ov::CompiledModel& network, std::size_t requests) {
  for (std::size_t i = 0; i < requests; ++i) free_.push_back(network.create_infer_request());
}

Result<RequestPool::Loan> RequestPool::borrow(const Call& call, TextRole role) {
  std::unique_lock lock(mutex_);
  const bool query = role == TextRole::query;
  waiting_queries_ += query ? 1 : 0;
  const auto my_turn = [&] { return !free_.empty() && (query || waiting_queries_ == 0); };
  // The library cannot wait until the end of time without overflow, so an open end is a plain wait.
  const bool mine = call.deadline == std::chrono::steady_clock::time_point::max()
                        ? changed_.wait(lock, call.stop, my_turn)
                        : changed_.wait_until(lock, call.stop, call.deadline, my_turn);
  waiting_queries_ -= query ? 1 : 0;
  if (!mine) {
    changed_.notify_all();  // passages may have been waiting for this query
    CDX_TRY(call.check());
    return fail(ErrorKind::timed_out, "the deadline has passed while waiting for a free inference request");
  }
  Loan loan(*this, std::move(free_.back()));
  free_.pop_back();
  if (query && waiting_queries_ == 0 && !free_.empty()) changed_.notify_all();
  return loan;
}

std::size_t RequestPool::waiting_queries() const {
  const std::lock_guard lock(mutex_);
  return waiting_queries_;
}

void RequestPool::give_back(ov::InferRequest request) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(request));
  }
  changed_.notify_all();
}

}  // namespace cdx
