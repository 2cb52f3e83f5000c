// Packing of small numbers into as many bits as the largest of them needs.
//
// A full block of 128 lies in four lanes: value i in lane i % 4, its bits after those of value i - 4, each
// lane a run of 32-bit words, lanes word by word side by side. So four values are unpacked at once, and any
// one of them is found without the others (Lemire and Boytsov 2015). A shorter run lies bit after bit.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace cdx::inverted {

inline constexpr std::size_t block_rows = 128;
inline constexpr unsigned most_bits = 32;
inline constexpr std::size_t run_padding = 8;  // bytes that unpack_run may read past its run

inline unsigned bits_for(std::uint32_t largest) { return static_cast<unsigned>(std::bit_width(largest)); }
inline std::size_t run_bytes(std::size_t count, unsigned bits) { return (count * bits + 7) / 8; }

// 128 values of at most `bits` (0 to 32) bits each; 16 * bits bytes.
void pack_block(const std::uint32_t* values, unsigned bits, std::vector<std::byte>& out);
void unpack_block(const std::byte* in, unsigned bits, std::uint32_t* out);
std::uint32_t block_value(const std::byte* in, unsigned bits, std::size_t i);

// Any number of values; run_bytes bytes.
void pack_run(std::span<const std::uint32_t> values, unsigned bits, std::vector<std::byte>& out);
void unpack_run(const std::byte* in, std::size_t count, unsigned bits, std::uint32_t* out);
inline std::uint32_t run_value(const std::byte* in, unsigned bits, std::size_t i) {
  std::uint64_t word = 0;
  std::memcpy(&word, in + i * bits / 8, sizeof word);
  return static_cast<std::uint32_t>(word >> (i * bits % 8) & ((std::uint64_t{1} << bits) - 1));
}

// Gaps become rows: row[i] = row[i - 1] + gap[i] + 1, with `before` in the place of row[-1] (all bits set
// before the first row). `count` is rounded up to a multiple of 4, so there must be room.
void rows_from_gaps(std::uint32_t* values, std::size_t count, std::uint32_t before);

}  // namespace cdx::inverted
