#include "base/id.h"

namespace cdx {
namespace {
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t digits = 13;  // 13 * 5 bits hold 64
}  // namespace

std::string format_id(std::string_view prefix, std::uint64_t value) {
  std::string out(prefix.size() + digits, '0');
  out.replace(0, prefix.size(), prefix);
  for (std::size_t i = out.size(); i > prefix.size(); --i, value >>= 5) out[i - 1] = alphabet[value & 31U];
  return out;
}

std::optional<std::uint64_t> parse_id(std::string_view prefix, std::string_view text) {
  if (text.size() != prefix.size() + digits || text.substr(0, prefix.size()) != prefix) return {};
  std::uint64_t value = 0;
  for (const char c : text.substr(prefix.size())) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos || value >> 59U != 0) return {};
    value = value << 5U | digit;
  }
  return value;
}

}  // namespace cdx
