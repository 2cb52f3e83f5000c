#include "index/dot.h"

// Highway compiles this file once for every instruction set by including it again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "index/dot.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cdx::engine {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

float dot(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, std::size_t dimension) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  auto sum0 = hn::Zero(d), sum1 = hn::Zero(d), sum2 = hn::Zero(d), sum3 = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 4 * lanes <= dimension; i += 4 * lanes) {  // four chains hide the latency of one
    sum0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), sum0);
    sum1 = hn::MulAdd(hn::LoadU(d, a + i + lanes), hn::LoadU(d, b + i + lanes), sum1);
    sum2 = hn::MulAdd(hn::LoadU(d, a + i + 2 * lanes), hn::LoadU(d, b + i + 2 * lanes), sum2);
    sum3 = hn::MulAdd(hn::LoadU(d, a + i + 3 * lanes), hn::LoadU(d, b + i + 3 * lanes), sum3);
  }
  for (; i + lanes <= dimension; i += lanes)
    sum0 = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), sum0);
  float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3))));
  for (; i < dimension; ++i) sum += a[i] * b[i];
  return sum;
}

void dot_many(const float* query, std::size_t dimension, const float* rows, const std::uint32_t* slots,
              std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = dot(query, rows + slots[i] * dimension, dimension);
}

}  // namespace HWY_NAMESPACE
}  // namespace cdx::engine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cdx::engine {

HWY_EXPORT(dot_many);

void dot_rows(std::span<const float> query, const float* rows, std::span<const std::uint32_t> slots,
              std::span<float> out) {
  HWY_DYNAMIC_DISPATCH(dot_many)(query.data(), query.size(), rows, slots.data(), slots.size(), out.data());
}

std::vector<std::string> dot_targets() {
  std::vector<std::string> out;
  for (auto left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1)
    out.emplace_back(hwy::TargetName(left & -left));
  return out;
}

void choose_dot_target(const std::string& name) {
  hwy::SetSupportedTargetsForTest(0);
  auto chosen = hwy::SupportedTargets() & HWY_TARGETS;
  for (auto left = chosen; left != 0; left &= left - 1)
    if (name == hwy::TargetName(left & -left)) chosen = left & -left;
  hwy::SetSupportedTargetsForTest(name.empty() ? 0 : chosen);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace cdx::engine
#endif
