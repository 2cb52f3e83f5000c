// One code point of UTF-8 bytes. Private to the text room; the only place that expands ICU's macros.
#pragma once

#include <unicode/utf8.h>

#include <cstdint>
#include <string_view>

namespace cdx::text {

// Reads the code point at `at` and moves past it; what is not well-formed is U+FFFD.
inline UChar32 next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto i = static_cast<int32_t>(at);
  UChar32 c = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
  U8_NEXT_OR_FFFD(bytes, i, static_cast<int32_t>(text.size()), c);
#pragma GCC diagnostic pop
  at = static_cast<std::size_t>(i);
  return c;
}

}  // namespace cdx::text
