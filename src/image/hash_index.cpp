#include "image/hash_index.h"

#include <algorithm>

// Highway compiles this file once for every instruction set by including it again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "image/hash_index.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cdx::image {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Appends the places of hashes within the radius.
void scan(const std::uint64_t* hashes, std::size_t count, std::uint64_t wanted, std::uint64_t radius,
          std::vector<HashIndex::Near>& out) {
  const hn::ScalableTag<std::uint64_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto looked_for = hn::Set(tag, wanted);
  const auto signed_tag = hn::RebindToSigned<decltype(tag)>();
  const auto beyond = hn::Set(signed_tag, static_cast<std::int64_t>(radius) + 1);
  const auto differing = [&](std::size_t i) {
    return hn::PopulationCount(hn::Xor(hn::LoadU(tag, hashes + i), looked_for));
  };
  const auto look_at = [&](std::size_t i) {
    const auto bits = static_cast<std::uint64_t>(__builtin_popcountll(hashes[i] ^ wanted));
    if (bits <= radius) out.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(bits)});
  };
  std::size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    const auto near = hn::Or(hn::Lt(hn::BitCast(signed_tag, differing(i)), beyond),
                             hn::Lt(hn::BitCast(signed_tag, differing(i + lanes)), beyond));
    if (hn::AllFalse(signed_tag, near)) continue;
    for (std::size_t k = i; k < i + 2 * lanes; ++k) look_at(k);
  }
  for (; i < count; ++i) look_at(i);
}

}  // namespace HWY_NAMESPACE
}  // namespace cdx::image
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cdx::image {
HWY_EXPORT(scan);

std::vector<HashIndex::Near> HashIndex::near(PerceptualHash hash, int radius) const {
  std::vector<Near> out;
  if (radius < 0) return out;
  HWY_DYNAMIC_DISPATCH(scan)(hashes_.data(), hashes_.size(), hash, static_cast<std::uint64_t>(radius), out);
  std::stable_sort(out.begin(), out.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  return out;
}

}  // namespace cdx::image
#endif
