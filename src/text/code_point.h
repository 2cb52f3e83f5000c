// One code point of UTF-8 bytes. Part of text/text.h.
#pragma once

#include <cstdint>
#include <string_view>

namespace cdx::text {

// Reads the code point at `at`, which is inside the text, and moves past it; what is not well-formed is
// U+FFFD.
std::int32_t next_code_point(std::string_view text, std::size_t& at);

}  // namespace cdx::text
