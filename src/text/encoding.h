// Encodings of bytes from files. Part of text/text.h.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::text {

enum class Encoding { utf8, utf16_le, utf16_be, latin1, windows1252 };
std::string_view name(Encoding encoding);
Result<Encoding> parse_encoding(std::string_view text);  // `invalid` lists the known names

// From a sample of the file: byte order mark, zero-byte pattern, validity as UTF-8, C1 bytes.
Encoding sniff_encoding(std::string_view sample);
// Bytes to skip at the front of a file in this encoding.
std::size_t byte_order_mark(std::string_view bytes, Encoding encoding);

bool valid_utf8(std::string_view text);
// Well-formed UTF-8 from any bytes in `encoding`; what cannot be read becomes U+FFFD. A byte order mark
// stays.
std::string to_utf8(std::string_view bytes, Encoding encoding);

}  // namespace cdx::text
