#include "index/merging.h"

#include <algorithm>
#include <bit>

namespace cdx::engine {

std::size_t size_class(std::size_t documents) {
  return static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(documents, 16)) - 1) / 2;
}

bool has_graphs(const SegmentViews& considered) {
  const auto largest = std::max_element(considered.begin(), considered.end(),
                                        [](const auto& a, const auto& b) { return a.living() < b.living(); });
  return largest != considered.end() &&
         std::any_of((*largest)->vectors.begin(), (*largest)->vectors.end(),
                     [](const ann::Field& field) { return field.has_graph(); });
}

bool tenth_outside(const SegmentViews& considered) {
  std::size_t all = 0, largest = 0;
  for (const auto& view : considered) {
    all += view.living();
    largest = std::max(largest, view.living());
  }
  return considered.size() > 1 && (all - largest) * 10 >= all;
}

}  // namespace cdx::engine
