#include "embed/openvino/request_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <openvino/op/ops.hpp>
#include <openvino/runtime/core.hpp>
#include <optional>
#include <thread>

namespace cdx {
namespace {

class Requests : public testing::Test {
 protected:
  static ov::CompiledModel compiled(ov::Core& core) {
    const auto input = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::PartialShape{1});
    const auto result = std::make_shared<ov::op::v0::Result>(std::make_shared<ov::op::v0::Relu>(input));
    return core.compile_model(
        std::make_shared<ov::Model>(ov::ResultVector{result}, ov::ParameterVector{input}), "CPU");
  }

  ov::Core core_;
  ov::CompiledModel network_ = compiled(core_);
  RequestPool pool_{network_, 1};
};

TEST_F(Requests, ComeBackWhenTheLoanEnds) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool_.borrow({}, TextRole::passage));
}

TEST_F(Requests, WaitingEndsWithTheDeadlineOrTheStop) {
  const auto held = pool_.borrow({}, TextRole::passage);
  const Call late = Call::within(std::chrono::milliseconds(5));
  EXPECT_EQ(pool_.borrow(late, TextRole::query).error().kind, ErrorKind::timed_out);
  std::stop_source stop;
  std::jthread stopper([&] {
    while (pool_.waiting_queries() == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const Call stopped{std::chrono::steady_clock::time_point::max(), stop.get_token()};
  EXPECT_EQ(pool_.borrow(stopped, TextRole::query).error().kind, ErrorKind::cancelled);
  EXPECT_EQ(pool_.waiting_queries(), 0U);
}

TEST_F(Requests, APassageDoesNotOvertakeAWaitingQuery) {
  std::optional<Result<RequestPool::Loan>> held(pool_.borrow({}, TextRole::passage));
  std::atomic<bool> passage_refused = false;
  std::jthread query([&] {
    const auto mine = pool_.borrow({}, TextRole::query);
    EXPECT_TRUE(mine);
    while (!passage_refused) std::this_thread::yield();
  });
  while (pool_.waiting_queries() == 0) std::this_thread::yield();
  held.reset();
  // Free or not, the request is the query's: the passage's time runs out.
  EXPECT_EQ(pool_.borrow(Call::within(std::chrono::milliseconds(0)), TextRole::passage).error().kind,
            ErrorKind::timed_out);
  passage_refused = true;
  query.join();
  EXPECT_TRUE(pool_.borrow({}, TextRole::passage));
}

}  // namespace
}  // namespace cdx
