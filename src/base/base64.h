// Base64 (RFC 4648, section 4), strictly: the standard alphabet, whole groups of four with their padding,
// unused bits zero, and nothing else, so that equal bytes have one spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cdx {

std::string base64(std::string_view bytes);
// Absent for anything base64() would not have written.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace cdx
