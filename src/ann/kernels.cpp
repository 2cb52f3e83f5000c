#include "ann/kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "ann/ann.h"

// Instruction sets with VNNI are not built unless asked for.
#define HWY_WANT_AVX3_DL
// Highway compiles this file once for every instruction set by including it again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ann/kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace cdx::ann {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// ---- nibbles times bytes: one line of a row, added to a vector of 32-bit sums

#undef CDX_ANN_ALSO
#define CDX_ANN_ALSO

#if HWY_TARGET == HWY_AVX3_DL

// Highway makes sure that the machine has these instructions but, in its version 1.0.3, does not tell the
// compiler.
#undef CDX_ANN_ALSO
#define CDX_ANN_ALSO __attribute__((target(HWY_TARGET_STR ",avx512vnni")))

CDX_ANN_ALSO HWY_INLINE std::int32_t dot_one(const std::int8_t* query, std::size_t lines,
                                             const std::uint8_t* row) {
  const __m512i mask = _mm512_set1_epi8(0x0F);
  __m512i low = _mm512_setzero_si512(), high = _mm512_setzero_si512();
  for (std::size_t l = 0; l < lines; ++l) {
    const __m512i bytes = _mm512_loadu_si512(row + l * line_bytes);
    low = _mm512_dpbusd_epi32(low, _mm512_and_si512(bytes, mask), _mm512_loadu_si512(query));
    // The high nibbles stay where they are: their products are 16 times too large until the end.
    high = _mm512_dpbusd_epi32(high, _mm512_andnot_si512(mask, bytes), _mm512_loadu_si512(query + 64));
    query += line_dimensions;
  }
  return _mm512_reduce_add_epi32(_mm512_add_epi32(low, _mm512_srai_epi32(high, 4)));
}

// Four rows at a time share the loads of the query and the way from sixteen sums to one.
CDX_ANN_ALSO HWY_INLINE void dot_four(const std::int8_t* query, std::size_t lines,
                                      const std::uint8_t* const* rows, std::int32_t* out) {
  const __m512i mask = _mm512_set1_epi8(0x0F);
  __m512i low[4], high[4];
  for (int r = 0; r < 4; ++r) low[r] = high[r] = _mm512_setzero_si512();
  for (std::size_t l = 0; l < lines; ++l) {
    const __m512i first = _mm512_loadu_si512(query), second = _mm512_loadu_si512(query + 64);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) {
      const __m512i bytes = _mm512_loadu_si512(rows[r] + l * line_bytes);
      low[r] = _mm512_dpbusd_epi32(low[r], _mm512_and_si512(bytes, mask), first);
      high[r] = _mm512_dpbusd_epi32(high[r], _mm512_andnot_si512(mask, bytes), second);
    }
    query += line_dimensions;
  }
#pragma GCC unroll 4
  for (int r = 0; r < 4; ++r) low[r] = _mm512_add_epi32(low[r], _mm512_srai_epi32(high[r], 4));
  const auto pairs = [](__m512i a, __m512i b) {
    return _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  };
  const __m512i front = pairs(low[0], low[1]), back = pairs(low[2], low[3]);
  const __m512i all =
      _mm512_add_epi32(_mm512_unpacklo_epi64(front, back), _mm512_unpackhi_epi64(front, back));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), sums);
}

#elif HWY_TARGET == HWY_AVX3

HWY_INLINE std::int32_t dot_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  const __m512i mask = _mm512_set1_epi8(0x0F), ones = _mm512_set1_epi16(1);
  __m512i sum = _mm512_setzero_si512();
  for (std::size_t l = 0; l < lines; ++l) {
    const __m512i bytes = _mm512_loadu_si512(row + l * line_bytes);
    const __m512i low = _mm512_maddubs_epi16(_mm512_and_si512(bytes, mask), _mm512_loadu_si512(query));
    const __m512i high = _mm512_maddubs_epi16(_mm512_and_si512(_mm512_srli_epi16(bytes, 4), mask),
                                              _mm512_loadu_si512(query + 64));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_add_epi16(low, high), ones));
    query += line_dimensions;
  }
  return _mm512_reduce_add_epi32(sum);
}

#elif HWY_TARGET == HWY_AVX2

HWY_INLINE std::int32_t dot_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  const __m256i mask = _mm256_set1_epi8(0x0F), ones = _mm256_set1_epi16(1);
  __m256i sum = _mm256_setzero_si256();
  const auto load = [](const void* at) { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); };
  for (std::size_t l = 0; l < lines; ++l) {
    for (std::size_t half = 0; half < line_bytes; half += 32) {
      const __m256i bytes = load(row + l * line_bytes + half);
      const __m256i low = _mm256_maddubs_epi16(_mm256_and_si256(bytes, mask), load(query + half));
      const __m256i high =
          _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(bytes, 4), mask), load(query + half + 64));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_add_epi16(low, high), ones));
    }
    query += line_dimensions;
  }
  const hn::Full256<std::int32_t> d;
  return hn::GetLane(hn::SumOfLanes(d, hn::Vec256<std::int32_t>{sum}));
}

#elif HWY_TARGET == HWY_SCALAR

HWY_INLINE std::int32_t dot_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  std::int32_t sum = 0;
  for (std::size_t l = 0; l < lines; ++l)
    for (std::size_t b = 0; b < line_bytes; ++b) {
      const std::int32_t bytes = row[l * line_bytes + b];
      sum += (bytes & 0x0F) * query[l * line_dimensions + b];
      sum += (bytes >> 4) * query[l * line_dimensions + line_bytes + b];
    }
  return sum;
}

#else

HWY_INLINE std::int32_t dot_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  const hn::CappedTag<std::uint8_t, 8> d8;
  const hn::Rebind<std::int8_t, decltype(d8)> ds8;
  const hn::Rebind<std::int16_t, decltype(d8)> d16;
  const hn::Repartition<std::int32_t, decltype(d16)> d32;
  const std::size_t step = hn::Lanes(d8);
  auto sum0 = hn::Zero(d32), sum1 = hn::Zero(d32);
  const auto mask = hn::Set(d8, std::uint8_t{0x0F});
  for (std::size_t l = 0; l < lines; ++l) {
    for (std::size_t i = 0; i < line_bytes; i += step) {
      const auto bytes = hn::LoadU(d8, row + l * line_bytes + i);
      const auto low = hn::PromoteTo(d16, hn::And(bytes, mask));
      const auto high = hn::ShiftRight<4>(hn::PromoteTo(d16, bytes));
      const auto with_low = hn::PromoteTo(d16, hn::LoadU(ds8, query + i));
      const auto with_high = hn::PromoteTo(d16, hn::LoadU(ds8, query + i + 64));
      sum0 = hn::ReorderWidenMulAccumulate(d32, low, with_low, sum0, sum1);
      sum0 = hn::ReorderWidenMulAccumulate(d32, high, with_high, sum0, sum1);
    }
    query += line_dimensions;
  }
  return hn::GetLane(hn::SumOfLanes(d32, hn::Add(sum0, sum1)));
}

#endif

CDX_ANN_ALSO void dot_nibbles_here(const std::int8_t* query, std::size_t lines,
                                   const std::uint8_t* const* rows, std::size_t count, std::int32_t* out) {
  std::size_t i = 0;
#if HWY_TARGET == HWY_AVX3_DL
  for (; i + 4 <= count; i += 4) dot_four(query, lines, rows + i, out + i);
#endif
  for (; i < count; ++i) out[i] = dot_one(query, lines, rows[i]);
}

#if HWY_TARGET == HWY_SCALAR

void unpack_here(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t lines, std::int8_t* out) {
  for (std::size_t i = 0; i < lines * line_bytes; ++i) {
    auto* at = out + i / line_bytes * line_dimensions + i % line_bytes;
    at[0] = static_cast<std::int8_t>(((upper[i] & 0x0F) << 4 | (lower[i] & 0x0F)) - 128);
    at[line_bytes] = static_cast<std::int8_t>(((upper[i] & 0xF0) | lower[i] >> 4) - 128);
  }
}

#else

void unpack_here(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t lines, std::int8_t* out) {
  const hn::CappedTag<std::uint8_t, line_bytes> d;
  const hn::RebindToSigned<decltype(d)> ds;
  const hn::Repartition<std::uint16_t, decltype(d)> d16;  // there are no shifts of bytes
  const std::size_t step = hn::Lanes(d);
  const auto mask = hn::Set(d, std::uint8_t{0x0F}), sign = hn::Set(d, std::uint8_t{0x80});
  const auto shifted = [&](auto bytes, auto shift) { return hn::BitCast(d, shift(hn::BitCast(d16, bytes))); };
  const auto up = [](auto v) { return hn::ShiftLeft<4>(v); };
  const auto down = [](auto v) { return hn::ShiftRight<4>(v); };
  for (std::size_t l = 0; l < lines; ++l)
    for (std::size_t i = 0; i < line_bytes; i += step) {
      const auto over = hn::LoadU(d, upper + l * line_bytes + i);
      const auto under = hn::LoadU(d, lower + l * line_bytes + i);
      const auto first = hn::Or(shifted(hn::And(over, mask), up), hn::And(under, mask));
      const auto second = hn::Or(hn::AndNot(mask, over), hn::And(shifted(under, down), mask));
      hn::StoreU(hn::BitCast(ds, hn::Xor(first, sign)), ds, out + l * line_dimensions + i);
      hn::StoreU(hn::BitCast(ds, hn::Xor(second, sign)), ds, out + l * line_dimensions + 64 + i);
    }
}

#endif

// ---- floats

#if HWY_TARGET == HWY_SCALAR
inline constexpr std::size_t width = 1;
#elif HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3
inline constexpr std::size_t width = 16;
#elif HWY_TARGET == HWY_AVX2
inline constexpr std::size_t width = 8;
#else
inline constexpr std::size_t width = 4;
#endif
using Floats = hn::CappedTag<float, width>;
using Numbers = hn::Rebind<std::int32_t, Floats>;

float sum_in_order(const float* parts) {
  float half[8], quarter[4];
  for (std::size_t i = 0; i < 8; ++i) half[i] = parts[i] + parts[i + 8];
  for (std::size_t i = 0; i < 4; ++i) quarter[i] = half[i] + half[i + 4];
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

// The sum of term(i) (a vector of `width` terms) for i below `count`, a multiple of sixteen, in sixteen
// lanes.
#if HWY_TARGET == HWY_SCALAR
template <class Term>
void sum_lanes(std::size_t count, const Term& term, float* parts) {
  std::fill_n(parts, lanes, 0.0F);
  for (std::size_t i = 0; i < count; ++i) parts[i % lanes] += term(i).raw;
}
#else
template <class Term>
void sum_lanes(std::size_t count, const Term& term, float* parts) {
  const Floats d;
  auto a = hn::Zero(d), b = hn::Zero(d), c = hn::Zero(d), e = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += lanes) {
    a = hn::Add(a, term(i));
    if constexpr (width <= 8) b = hn::Add(b, term(i + width));
    if constexpr (width == 4) {
      c = hn::Add(c, term(i + 8));
      e = hn::Add(e, term(i + 12));
    }
  }
  hn::StoreU(a, d, parts);
  if constexpr (width <= 8) hn::StoreU(b, d, parts + width);
  if constexpr (width == 4) {
    hn::StoreU(c, d, parts + 8);
    hn::StoreU(e, d, parts + 12);
  }
}

#endif

void mix_here(float* values, const float* signs, std::size_t block) {
  const Floats d;
  for (std::size_t i = 0; i < block; i += width)
    hn::StoreU(hn::Mul(hn::LoadU(d, values + i), hn::LoadU(d, signs + i)), d, values + i);
  for (std::size_t apart = lanes; apart < block; apart *= 2)
    for (std::size_t at = 0; at < block; at += 2 * apart)
      for (auto i = at; i < at + apart; i += width) {
        const auto x = hn::LoadU(d, values + i), y = hn::LoadU(d, values + i + apart);
        hn::StoreU(hn::Add(x, y), d, values + i);
        hn::StoreU(hn::Sub(x, y), d, values + i + apart);
      }
}

float largest_here(const float* values, std::size_t count) {
  const Floats d;
  auto most = hn::Zero(d);
  for (std::size_t i = 0; i < count; i += width) most = hn::Max(most, hn::Abs(hn::LoadU(d, values + i)));
  return hn::GetLane(hn::MaxOfLanes(d, most));
}

void to_bytes_here(const float* values, float factor, std::size_t count, std::int8_t* out) {
  const Floats d;
  const Numbers numbers;
  const hn::Rebind<std::int8_t, Floats> bytes;
  const auto by = hn::Set(d, factor), end = hn::Set(d, 127.0F);
  // Adding and taking away 1.5 * 2^23 rounds to the nearest, halves to even, on every instruction set alike.
  const auto rounder = hn::Set(d, 12582912.0F);
  for (std::size_t i = 0; i < count; i += width) {
    const auto scaled = hn::Clamp(hn::Mul(hn::LoadU(d, values + i), by), hn::Neg(end), end);
    hn::StoreU(hn::DemoteTo(bytes, hn::ConvertTo(numbers, hn::Sub(hn::Add(scaled, rounder), rounder))), bytes,
               out + i);
  }
}

Fit fit_here(const float* values, float step, std::size_t count) {
  const Floats d;
  const auto by = hn::Set(d, 1 / step), eight = hn::Set(d, 8.0F), most = hn::Set(d, 15.0F),
             middle = hn::Set(d, 7.5F);
  const auto level = [&](std::size_t i) {
    const auto scaled = hn::Add(hn::Floor(hn::Mul(hn::LoadU(d, values + i), by)), eight);
    return hn::Sub(hn::Clamp(scaled, hn::Zero(d), most), middle);
  };
  alignas(64) float parts[lanes];
  Fit out;
  sum_lanes(
      count, [&](std::size_t i) { return hn::Mul(level(i), hn::LoadU(d, values + i)); }, parts);
  out.along = sum_in_order(parts);
  sum_lanes(
      count, [&](std::size_t i) { return hn::Mul(level(i), level(i)); }, parts);
  out.square = sum_in_order(parts);
  return out;
}

float dot_floats_here(const float* a, const float* b, std::size_t count) {
  const Floats d;
  const auto whole = count - count % lanes;
  alignas(64) float parts[lanes];
  sum_lanes(
      whole, [&](std::size_t i) { return hn::Mul(hn::LoadU(d, a + i), hn::LoadU(d, b + i)); }, parts);
  for (auto i = whole; i < count; ++i) parts[i - whole] += a[i] * b[i];
  return sum_in_order(parts);
}

float dot_fixed_here(const float* query, const std::int16_t* row, std::size_t count) {
  const Floats d;
  const Numbers numbers;
  const hn::Rebind<std::int16_t, Floats> shorts;
  const auto whole = count - count % lanes;
  alignas(64) float parts[lanes];
  sum_lanes(
      whole,
      [&](std::size_t i) {
        const auto wide = hn::ConvertTo(d, hn::PromoteTo(numbers, hn::LoadU(shorts, row + i)));
        return hn::Mul(hn::LoadU(d, query + i), wide);
      },
      parts);
  for (auto i = whole; i < count; ++i) parts[i - whole] += query[i] * static_cast<float>(row[i]);
  return sum_in_order(parts);
}

// Bit i: words[i] is not zero.
std::uint64_t filled_words(const std::uint64_t* words, std::size_t count) {
  constexpr std::size_t at_once = std::max<std::size_t>(width / 2, 1);
  const hn::CappedTag<std::uint64_t, at_once> d;
  std::uint64_t out = 0;
  std::size_t i = 0;
  for (; i + at_once <= count; i += at_once) {
    std::uint8_t bits[8] = {};
    hn::StoreMaskBits(d, hn::Ne(hn::LoadU(d, words + i), hn::Zero(d)), bits);
    out |= std::uint64_t{bits[0]} << i;
  }
  for (; i < count; ++i) out |= std::uint64_t{words[i] != 0} << i;
  return out;
}

// Few branches depend on what is set: where a hundredth is, guessing wrong at each word costs more than all
// the rest. So the first few numbers of a word are written whether they are there or not.
std::size_t numbers_of_bits_here(const std::uint64_t* words, std::size_t count, std::uint32_t first,
                                 std::uint32_t* out) {
  auto* to = out;
  for (auto filled = filled_words(words, count); filled != 0; filled &= filled - 1) {
    const auto i = static_cast<std::uint32_t>(std::countr_zero(filled));
    const auto base = first + 64 * i;
    auto word = words[i];
    auto* end = to + std::popcount(word);
    for (std::size_t j = 0; j < bits_spare; ++j, word &= word - 1)
      to[j] = base + static_cast<std::uint32_t>(std::countr_zero(word));
    for (to += bits_spare; word != 0; word &= word - 1)
      *to++ = base + static_cast<std::uint32_t>(std::countr_zero(word));
    to = end;
  }
  return static_cast<std::size_t>(to - out);
}

}  // namespace HWY_NAMESPACE
}  // namespace cdx::ann
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cdx::ann {

HWY_EXPORT(dot_nibbles_here);
HWY_EXPORT(unpack_here);
HWY_EXPORT(mix_here);
HWY_EXPORT(largest_here);
HWY_EXPORT(to_bytes_here);
HWY_EXPORT(fit_here);
HWY_EXPORT(numbers_of_bits_here);
HWY_EXPORT(dot_floats_here);
HWY_EXPORT(dot_fixed_here);

void dot_nibbles(const std::int8_t* query, std::size_t lines, const std::uint8_t* const* rows,
                 std::size_t count, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(dot_nibbles_here)(query, lines, rows, count, out);
}
void unpack(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t lines, std::int8_t* out) {
  HWY_DYNAMIC_DISPATCH(unpack_here)(upper, lower, lines, out);
}
void mix(float* values, const float* signs, std::size_t block) {
  HWY_DYNAMIC_DISPATCH(mix_here)(values, signs, block);
}
float largest(const float* values, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(largest_here)(values, count);
}
void to_bytes(const float* values, float factor, std::size_t count, std::int8_t* out) {
  HWY_DYNAMIC_DISPATCH(to_bytes_here)(values, factor, count, out);
}
Fit fit(const float* values, float step, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(fit_here)(values, step, count);
}
std::size_t numbers_of_bits(const std::uint64_t* words, std::size_t count, std::uint32_t first,
                            std::uint32_t* out) {
  return HWY_DYNAMIC_DISPATCH(numbers_of_bits_here)(words, count, first, out);
}
float dot_floats(const float* a, const float* b, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(dot_floats_here)(a, b, count);
}
float dot_fixed(const float* query, const std::int16_t* row, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(dot_fixed_here)(query, row, count);
}

std::vector<std::string_view> instruction_sets() {
  std::vector<std::string_view> out;
  for (auto left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1)
    out.emplace_back(hwy::TargetName(left & -left));
  return out;
}

void use_instruction_set(std::string_view name) {
  hwy::SetSupportedTargetsForTest(0);
  const auto all = hwy::SupportedTargets() & HWY_TARGETS;
  for (auto left = all; left != 0; left &= left - 1)
    if (name == hwy::TargetName(left & -left)) hwy::SetSupportedTargetsForTest(left & -left);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace cdx::ann
#endif
