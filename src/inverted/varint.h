// Numbers of 7 bits a byte, the low ones first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cdx::inverted {

inline void put_varint(std::uint32_t value, std::vector<std::byte>& out) {
  for (; value >= 0x80; value >>= 7U) out.push_back(static_cast<std::byte>(value | 0x80U));
  out.push_back(static_cast<std::byte>(value));
}

// Moves `bytes` behind the number; at the end of the bytes, what was read so far.
inline std::uint32_t take_varint(std::span<const std::byte>& bytes) {
  std::uint32_t out = 0;
  for (unsigned shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    const auto byte = std::to_integer<std::uint32_t>(bytes.front());
    bytes = bytes.subspan(1);
    out |= shift < 32 ? (byte & 0x7FU) << shift : 0U;
    if (byte < 0x80) break;
  }
  return out;
}

}  // namespace cdx::inverted
