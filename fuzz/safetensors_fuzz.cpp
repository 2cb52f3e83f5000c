// Any bytes as a weights file: what is handed out lies inside the bytes and has the size of its shape.
#include <cstdint>
#include <cstdlib>

#include "embed/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = cdx::Safetensors::parse(bytes, "fuzz");
  if (!file) return 0;
  const auto tensor = file->get("w");
  if (!tensor) return 0;
  const bool inside = tensor->bytes.data() >= bytes.data() &&
                      tensor->bytes.data() + tensor->bytes.size() <= bytes.data() + bytes.size();
  std::size_t items = 1;
  for (const std::size_t side : tensor->shape) items *= side;
  const bool fits = items == 0 ? tensor->bytes.empty() : tensor->bytes.size() % items == 0;
  if (!inside || !fits) std::abort();
  return 0;
}
