// The inner loops, compiled for every instruction set and chosen at run time. Integer sums are exact; float
// sums always run over sixteen lanes and are then added in one order, so that all sets agree to the last bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cdx::ann {

// Dimensions are coded in lines of 64 bytes: byte b of line l holds dimension 128 l + b in its low nibble and
// dimension 128 l + 64 + b in its high one.
inline constexpr std::size_t line_bytes = 64;
inline constexpr std::size_t line_dimensions = 128;
inline constexpr std::size_t lanes = 16;

// Asks for memory that will be read soon. GCC takes a function that does nothing else for one without effect
// and removes its calls, unless it is always inlined.
#define CDX_ANN_INLINE [[gnu::always_inline]] inline
CDX_ANN_INLINE void fetch(const std::byte* at, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; i += line_bytes) __builtin_prefetch(at + i);
}

// out[i] = the sum of nibble j of rows[i] times query[j]. `query` has 128 values in -127..127 a line.
void dot_nibbles(const std::int8_t* query, std::size_t lines, const std::uint8_t* const* rows,
                 std::size_t count, std::int32_t* out);

// The 8-bit code of a row, less 128, in the order of its dimensions.
void unpack(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t lines, std::int8_t* out);

// values[i] becomes values[i] * signs[i], then the whole (`block` values, a power of two from 128) is
// multiplied with the part of the Hadamard matrix whose butterflies are 16 or more apart.
void mix(float* values, const float* signs, std::size_t block);

float largest(const float* values, std::size_t count);  // of the absolute values
void to_bytes(const float* values, float factor, std::size_t count,
              std::int8_t* out);  // to nearest, -127..127

// How well codes of 4 bits with this step fit: level = clamp(floor(v / step) + 8, 0, 15) - 7.5.
struct Fit {
  float along = 0;   // sum of level * value
  float square = 0;  // sum of level * level
};
Fit fit(const float* values, float step, std::size_t count);

// Writes the numbers of the bits that are set, ascending: bit b of words[i] is first + 64 i + b. Returns how
// many; `out` has room for 64 more a word, and for `bits_spare`. At most 64 words a call.
inline constexpr std::size_t bits_words = 64, bits_spare = 3;
std::size_t numbers_of_bits(const std::uint64_t* words, std::size_t count, std::uint32_t first,
                            std::uint32_t* out);

float dot_floats(const float* a, const float* b, std::size_t count);
float dot_fixed(const float* query, const std::int16_t* row, std::size_t count);

}  // namespace cdx::ann
