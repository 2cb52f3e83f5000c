#include "index/merging.h"

#include <algorithm>
#include <bit>

namespace cdx::engine {

std::size_t size_class(std::size_t documents) {
  return static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(documents, 16)) - 1) / 2;
}

bool folding_is_due(const SegmentViews& considered) {
  std::size_t all = 0, largest = 0;
  for (const auto& view : considered) {
    all += view.living();
    largest = std::max(largest, view.living());
  }
  return considered.size() > 1 && (all - largest) * 10 >= all;
}

}  // namespace cdx::engine
