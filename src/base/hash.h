// Hashes. hash64 (XXH3) for identities of our own making and tables; sha256 where a stranger must not forge
// equality.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdx {

using Digest = std::array<std::uint8_t, 32>;

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);
std::optional<Digest> parse_digest(std::string_view text);  // 64 lower-case hex digits; else absent
std::string hex(std::string_view bytes);
inline std::string hex(const Digest& digest) {
  return hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

}  // namespace cdx
