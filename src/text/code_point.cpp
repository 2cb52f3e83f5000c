#include "text/code_point.h"

#include <unicode/utf8.h>

namespace cdx::text {

std::int32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto i = static_cast<int32_t>(at);
  UChar32 c = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"  // inside ICU's macro
#pragma GCC diagnostic ignored "-Wsign-conversion"
  U8_NEXT_OR_FFFD(bytes, i, static_cast<int32_t>(text.size()), c);
#pragma GCC diagnostic pop
  at = static_cast<std::size_t>(i);
  return c;
}

}  // namespace cdx::text
