// Query text: any bytes must be understood in bounded time, with spans inside the text and a rest that is not
// longer.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "search/understand.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto understood = cdx::understand(text);
  for (const auto& chip : understood.chips)
    if (chip.begin >= chip.end || chip.end > size || chip.id.empty()) std::abort();
  if (understood.rest.size() > size + 2) std::abort();
  return 0;
}
