#include "ann/sketch.h"

// Instruction sets with VNNI are not built unless asked for.
#define HWY_WANT_AVX3_DL
// Highway compiles this file once for every instruction set by including it again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ann/sign_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace cdx::ann {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#undef CDX_ANN_ALSO
#define CDX_ANN_ALSO

#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3

HWY_INLINE __mmask64 bits_at(const std::uint8_t* row, std::size_t i) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, row + i * sizeof bits, sizeof bits);
  return static_cast<__mmask64>(bits);
}

#endif

#if HWY_TARGET == HWY_AVX3_DL

// Highway makes sure that the machine has these instructions but, in its version 1.0.3, does not tell the
// compiler.
#undef CDX_ANN_ALSO
#define CDX_ANN_ALSO __attribute__((target(HWY_TARGET_STR ",avx512vnni")))

// Four rows at a time share the loads of the query and the way from sixteen sums to one.
CDX_ANN_ALSO HWY_INLINE void sum_four(const std::int8_t* query, std::size_t lines,
                                      const std::uint8_t* const* rows, std::int32_t* out) {
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i sums[4];
  for (auto& sum : sums) sum = _mm512_setzero_si512();
  for (std::size_t i = 0; i < 2 * lines; ++i) {
    const __m512i values = _mm512_loadu_si512(query + i * 64);
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r)
      sums[r] = _mm512_dpbusd_epi32(sums[r], ones, _mm512_maskz_mov_epi8(bits_at(rows[r], i), values));
  }
  const auto pairs = [](__m512i a, __m512i b) {
    return _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  };
  const __m512i front = pairs(sums[0], sums[1]), back = pairs(sums[2], sums[3]);
  const __m512i all =
      _mm512_add_epi32(_mm512_unpacklo_epi64(front, back), _mm512_unpackhi_epi64(front, back));
  const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(all), _mm512_extracti64x4_epi64(all, 1));
  const __m128i last = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), last);
}

CDX_ANN_ALSO HWY_INLINE std::int32_t sum_one(const std::int8_t* query, std::size_t lines,
                                             const std::uint8_t* row) {
  const __m512i ones = _mm512_set1_epi8(1);
  __m512i sum = _mm512_setzero_si512();
  for (std::size_t i = 0; i < 2 * lines; ++i)
    sum = _mm512_dpbusd_epi32(sum, ones,
                              _mm512_maskz_mov_epi8(bits_at(row, i), _mm512_loadu_si512(query + i * 64)));
  return _mm512_reduce_add_epi32(sum);
}

#elif HWY_TARGET == HWY_AVX3

HWY_INLINE std::int32_t sum_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  const __m512i ones = _mm512_set1_epi8(1), wide_ones = _mm512_set1_epi16(1);
  __m512i sum = _mm512_setzero_si512();
  for (std::size_t i = 0; i < 2 * lines; ++i) {
    const __m512i values = _mm512_maskz_mov_epi8(bits_at(row, i), _mm512_loadu_si512(query + i * 64));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_maddubs_epi16(ones, values), wide_ones));
  }
  return _mm512_reduce_add_epi32(sum);
}

#elif HWY_TARGET == HWY_AVX2

HWY_INLINE std::int32_t sum_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  const __m256i ones = _mm256_set1_epi8(1), wide_ones = _mm256_set1_epi16(1);
  // Byte j of a lane gets the byte of the row that holds its bit, and keeps that bit alone.
  const __m256i spread = _mm256_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2,
                                          2, 3, 3, 3, 3, 3, 3, 3, 3);
  const __m256i bit = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
  __m256i sum = _mm256_setzero_si256();
  for (std::size_t i = 0; i < 4 * lines; ++i) {
    std::int32_t bits = 0;
    std::memcpy(&bits, row + i * sizeof bits, sizeof bits);
    const __m256i bytes = _mm256_shuffle_epi8(_mm256_set1_epi32(bits), spread);
    const __m256i mask = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bit), bit);
    const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(query + i * 32));
    sum = _mm256_add_epi32(
        sum, _mm256_madd_epi16(_mm256_maddubs_epi16(ones, _mm256_and_si256(values, mask)), wide_ones));
  }
  const hn::Full256<std::int32_t> d;
  return hn::GetLane(hn::SumOfLanes(d, hn::Vec256<std::int32_t>{sum}));
}

#else

HWY_INLINE std::int32_t sum_one(const std::int8_t* query, std::size_t lines, const std::uint8_t* row) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < lines * line_dimensions; ++i) {
    // Without a branch: all ones where the bit is set.
    const std::int32_t mask = -static_cast<std::int32_t>(row[i / 8] >> (i % 8) & 1);
    sum += query[i] & mask;
  }
  return sum;
}

#endif

CDX_ANN_ALSO void sum_where_set_here(const std::int8_t* query, std::size_t lines,
                                     const std::uint8_t* const* rows, std::size_t count, std::int32_t* out) {
  std::size_t i = 0;
#if HWY_TARGET == HWY_AVX3_DL
  for (; i + 4 <= count; i += 4) sum_four(query, lines, rows + i, out + i);
#endif
  for (; i < count; ++i) out[i] = sum_one(query, lines, rows[i]);
}

}  // namespace HWY_NAMESPACE
}  // namespace cdx::ann
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cdx::ann {

HWY_EXPORT(sum_where_set_here);

void sum_where_set(const std::int8_t* query, std::size_t lines, const std::uint8_t* const* rows,
                   std::size_t count, std::int32_t* out) {
  HWY_DYNAMIC_DISPATCH(sum_where_set_here)(query, lines, rows, count, out);
}

}  // namespace cdx::ann
#endif
