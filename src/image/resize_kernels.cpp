#include "image/resize_kernels.h"

#include <algorithm>

// Highway compiles this file once for every instruction set by including it again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "image/resize_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cdx::image {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::int32_t half = 1 << (weight_bits - 1);

HWY_INLINE std::uint8_t rounded(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> weight_bits, 0, 255));
}

#if HWY_TARGET == HWY_SCALAR  // has no vectors of four
void pixel_row(const std::uint8_t* pixels, const RowPlan& plan, std::uint8_t* out) {
  for (std::size_t i = 0; i < plan.out; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      std::int32_t sum = half;
      for (std::size_t k = 0; k < plan.counts[i]; ++k)
        sum += pixels[3 * (plan.firsts[i] + k) + c] * plan.weights[plan.widest * i + k];
      *out++ = rounded(sum);
    }
}
#else
// The three channels of a pixel, and one of the next that is not looked at, side by side in one vector.
void pixel_row(const std::uint8_t* pixels, const RowPlan& plan, std::uint8_t* out) {
  const hn::FixedTag<std::int32_t, 4> sums_tag;
  const hn::FixedTag<std::uint8_t, 4> bytes_tag;
  for (std::size_t i = 0; i < plan.out; ++i, out += 3) {
    const auto* pixel = pixels + std::size_t{3} * plan.firsts[i];
    const auto* weight = plan.weights + plan.widest * i;
    auto even = hn::Set(sums_tag, half), odd = hn::Zero(sums_tag);
    const auto weighed = [&](std::size_t k) {
      return hn::PromoteTo(sums_tag, hn::LoadU(bytes_tag, pixel + 3 * k)) * hn::Set(sums_tag, weight[k]);
    };
    std::size_t k = 0;
    for (; k + 2 <= plan.counts[i]; k += 2) {
      even = even + weighed(k);
      odd = odd + weighed(k + 1);
    }
    if (k < plan.counts[i]) even = even + weighed(k);
    HWY_ALIGN std::int32_t sums[4];
    hn::Store(even + odd, sums_tag, sums);
    for (std::size_t c = 0; c < 3; ++c) out[c] = rounded(sums[c]);
  }
}
#endif

void value_row(const std::uint8_t* values, const RowPlan& plan, std::uint8_t* out) {
  const hn::ScalableTag<std::int32_t> sums_tag;
  const hn::Rebind<std::uint8_t, decltype(sums_tag)> bytes_tag;
  const std::size_t lanes = hn::Lanes(sums_tag);
  for (std::size_t i = 0; i < plan.out; ++i) {
    const auto* value = values + plan.firsts[i];
    const auto* weight = plan.weights + plan.widest * i;
    const std::size_t count = plan.counts[i];
    auto sums = hn::Zero(sums_tag);
    std::size_t k = 0;
    for (; k + lanes <= count; k += lanes)
      sums =
          sums + hn::PromoteTo(sums_tag, hn::LoadU(bytes_tag, value + k)) * hn::LoadU(sums_tag, weight + k);
    std::int32_t sum = half + hn::GetLane(hn::SumOfLanes(sums_tag, sums));
    for (; k < count; ++k) sum += value[k] * weight[k];
    out[i] = rounded(sum);
  }
}

void rows(const std::uint8_t* in, std::size_t length, const std::int32_t* weights, std::size_t count,
          std::uint8_t* out) {
  const hn::ScalableTag<std::int32_t> sums_tag;
  const hn::Rebind<std::uint8_t, decltype(sums_tag)> bytes_tag;
  const std::size_t lanes = hn::Lanes(sums_tag);
  std::size_t i = 0;
  for (; i + lanes <= length; i += lanes) {
    auto sums = hn::Set(sums_tag, half);
    for (std::size_t k = 0; k < count; ++k)
      sums = sums + hn::PromoteTo(sums_tag, hn::LoadU(bytes_tag, in + length * k + i)) *
                        hn::Set(sums_tag, weights[k]);
    // Going down to bytes clips to 0 and 255.
    hn::StoreU(hn::DemoteTo(bytes_tag, hn::ShiftRight<weight_bits>(sums)), bytes_tag, out + i);
  }
  for (; i < length; ++i) {
    std::int32_t sum = half;
    for (std::size_t k = 0; k < count; ++k) sum += in[length * k + i] * weights[k];
    out[i] = rounded(sum);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace cdx::image
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cdx::image {
HWY_EXPORT(pixel_row);
HWY_EXPORT(value_row);
HWY_EXPORT(rows);

void weigh_pixel_row(const std::uint8_t* pixels, const RowPlan& plan, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(pixel_row)(pixels, plan, out);
}
void weigh_value_row(const std::uint8_t* values, const RowPlan& plan, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(value_row)(values, plan, out);
}
void weigh_rows(const std::uint8_t* in, std::size_t length, const std::int32_t* weights, std::size_t count,
                std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(rows)(in, length, weights, count, out);
}

}  // namespace cdx::image
#endif
