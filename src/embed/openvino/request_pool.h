// A fixed number of inference requests that calls take turns with; waiting queries go before waiting
// passages. Part of the OpenVino twin.
#pragma once

#include <condition_variable>
#include <mutex>
#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/infer_request.hpp>
#include <vector>

#include "embed/embed.h"

namespace cdx {

class RequestPool {
 public:
  // May throw what OpenVINO throws.
  RequestPool(ov::CompiledModel& network, std::size_t requests);

  // A request on loan; goes back when the owner leaves scope.
  class Loan {
   public:
    Loan(RequestPool& pool, ov::InferRequest request) : pool_(&pool), request_(std::move(request)) {}
    Loan(Loan&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), request_(std::move(other.request_)) {}
    Loan& operator=(Loan&&) = delete;
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() {
      if (pool_ != nullptr) pool_->give_back(std::move(request_));
    }
    ov::InferRequest& operator*() { return request_; }

   private:
    RequestPool* pool_;
    ov::InferRequest request_;
  };

  // Waits for a free one; `cancelled` or `timed_out` as the call says.
  Result<Loan> borrow(const Call& call, TextRole role);
  std::size_t waiting_queries() const;

 private:
  void give_back(ov::InferRequest request);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<ov::InferRequest> free_;
  std::size_t waiting_queries_ = 0;
};

}  // namespace cdx
