#include "index/merging.h"

#include <algorithm>
#include <bit>

namespace cdx::engine {

std::size_t size_class(std::size_t documents) {
  return static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(documents, 16)) - 1) / 2;
}

}  // namespace cdx::engine
