#include "inverted/bits.h"

#include <array>
#include <cstring>
#include <utility>

#include "inverted/vector4.h"

namespace cdx::inverted {
namespace {

constexpr std::size_t steps = block_rows / 4;

constexpr std::uint32_t mask_of(unsigned bits) { return bits >= 32 ? ~0U : (1U << bits) - 1; }

template <unsigned bits, std::size_t step>
inline void unpack_step(const std::byte* in, std::uint32_t* out) {
  constexpr std::size_t word = step * bits / 32;
  constexpr std::uint32_t shift = step * bits % 32;
  auto value = load4<Numbers4>(in + 16 * word) >> shift;
  if constexpr (shift + bits > 32) value |= load4<Numbers4>(in + 16 * (word + 1)) << (32 - shift);
  store4(value & mask_of(bits), out + 4 * step);
}

template <unsigned bits>
void unpack_all(const std::byte* in, std::uint32_t* out) {
  if constexpr (bits == 0) {
    std::memset(out, 0, block_rows * sizeof *out);
  } else {
    [&]<std::size_t... step>(std::index_sequence<step...>) { (unpack_step<bits, step>(in, out), ...); }
    (std::make_index_sequence<steps>());
  }
}

using Unpack = void (*)(const std::byte*, std::uint32_t*);
constexpr auto unpackers = []<std::size_t... bits>(std::index_sequence<bits...>) {
  return std::array<Unpack, sizeof...(bits)>{unpack_all<static_cast<unsigned>(bits)>...};
}
(std::make_index_sequence<most_bits + 1>());

}  // namespace

void pack_block(const std::uint32_t* values, unsigned bits, std::vector<std::byte>& out) {
  std::array<std::uint32_t, block_rows + 4> words{};
  for (std::size_t i = 0; i < block_rows; ++i) {
    const auto at = i / 4 * bits;
    const auto word = at / 32 * 4 + i % 4;
    const auto value = std::uint64_t{values[i] & mask_of(bits)} << (at % 32);
    words[word] |= static_cast<std::uint32_t>(value);
    words[word + 4] |= static_cast<std::uint32_t>(value >> 32U);
  }
  const auto old = out.size();
  out.resize(old + std::size_t{16} * bits);
  if (bits > 0) std::memcpy(out.data() + old, words.data(), std::size_t{16} * bits);
}

void unpack_block(const std::byte* in, unsigned bits, std::uint32_t* out) { unpackers[bits](in, out); }

std::uint32_t block_value(const std::byte* in, unsigned bits, std::size_t i) {
  if (bits == 0) return 0;
  const auto at = i / 4 * bits;
  const auto* word = in + at / 32 * 16 + i % 4 * 4;
  std::uint32_t low = 0, high = 0;
  std::memcpy(&low, word, sizeof low);
  if (at % 32 + bits > 32) std::memcpy(&high, word + 16, sizeof high);
  const auto both = std::uint64_t{high} << 32U | low;
  return static_cast<std::uint32_t>(both >> (at % 32)) & mask_of(bits);
}

void pack_run(std::span<const std::uint32_t> values, unsigned bits, std::vector<std::byte>& out) {
  std::uint64_t open = 0;
  unsigned filled = 0;
  for (const auto value : values) {
    open |= std::uint64_t{value & mask_of(bits)} << filled;
    for (filled += bits; filled >= 8; filled -= 8) {
      out.push_back(static_cast<std::byte>(open & 0xFFU));
      open >>= 8U;
    }
  }
  if (filled > 0) out.push_back(static_cast<std::byte>(open & 0xFFU));
}

void unpack_run(const std::byte* in, std::size_t count, unsigned bits, std::uint32_t* out) {
  if (bits == 0) {
    if (count > 0) std::memset(out, 0, count * sizeof *out);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) out[i] = run_value(in, bits, i);
}

void rows_from_gaps(std::uint32_t* values, std::size_t count, std::uint32_t before) {
  const Numbers4 zero{};
  auto carry = zero + before;
  for (std::size_t i = 0; i < count; i += 4) {
    auto sum = load4<Numbers4>(values + i) + 1;
    sum += __builtin_shufflevector(zero, sum, 0, 4, 5, 6);
    sum += __builtin_shufflevector(zero, sum, 0, 1, 4, 5);
    sum += carry;
    store4(sum, values + i);
    carry = __builtin_shufflevector(sum, sum, 3, 3, 3, 3);
  }
}

}  // namespace cdx::inverted
