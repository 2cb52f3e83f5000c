// Random numbers with the same bytes on every machine: SplitMix64 (Steele, Lea, Flood 2014), keyed by what it
// is for. The distributions of <random> differ between libraries, and libm differs in the last bit: neither
// is used here.
#pragma once

#include <cstdint>
#include <span>

namespace cdx::sample {

// What a stream of numbers decides. A creator's streams are independent, so one part can be made again alone.
enum class Stream : std::uint64_t {
  identity = 1,
  handles,
  bio,
  figures,
  posts,
  growth,
  vectors,
  queries,
  centres,
  briefs
};

inline std::uint64_t scramble(std::uint64_t x) {
  x ^= x >> 30U;
  x *= 0xBF58476D1CE4E5B9ULL;
  x ^= x >> 27U;
  x *= 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

class Rng {
 public:
  Rng(std::uint64_t seed, std::uint64_t index, Stream stream, std::uint64_t part = 0)
      : state_(scramble(scramble(scramble(seed + 0x9E3779B97F4A7C15ULL) ^ index) +
                        static_cast<std::uint64_t>(stream) * 0xD1B54A32D192ED03ULL + part)) {}

  std::uint64_t next() { return scramble(state_ += 0x9E3779B97F4A7C15ULL); }
  // [0, n); n must not be 0.
  std::uint32_t below(std::uint64_t n) { return static_cast<std::uint32_t>(((next() >> 32U) * n) >> 32U); }
  // [low, high], both included.
  int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  double unit() { return static_cast<double>(next() >> 11U) * 0x1p-53; }  // [0, 1)
  double within(double low, double high) { return low + (high - low) * unit(); }
  bool chance(double probability) { return unit() < probability; }
  // Nearly normal, mean 0, deviation 1: the sum of twelve 16-bit numbers.
  double normal() {
    std::uint64_t sum = 0;
    for (int i = 0; i < 3; ++i) {
      const std::uint64_t bits = next();
      sum += (bits & 0xFFFFU) + ((bits >> 16U) & 0xFFFFU) + ((bits >> 32U) & 0xFFFFU) + (bits >> 48U);
    }
    return (static_cast<double>(sum) - 6.0 * 65535.0) / 65535.0;
  }
  template <class List>
  decltype(auto) pick(List&& list) {
    return list[below(list.size())];
  }

 private:
  std::uint64_t state_;
};

// 2^x by a polynomial: only additions and products, so that every machine gets the same bits.
double power_of_two(double x);

}  // namespace cdx::sample
