#include "index/vector_column.h"

#include <algorithm>

namespace cdx::engine {

std::uint32_t VectorColumn::slot_of(std::uint32_t row) const {
  const auto found = std::lower_bound(owners.begin(), owners.end(), row);
  return found != owners.end() && *found == row ? static_cast<std::uint32_t>(found - owners.begin()) : none;
}

VectorColumn VectorColumn::merge(std::span<const VectorColumn* const> parts, const RowMap& map) {
  VectorColumn out;
  out.dimension = parts.front()->dimension;
  std::vector<std::size_t> slot(parts.size(), 0);
  map.for_each([&](std::uint32_t row, std::uint32_t part, std::uint32_t old) {
    const auto& from = *parts[part];
    auto& at = slot[part];
    while (at < from.owners.size() && from.owners[at] < old) ++at;
    if (at == from.owners.size() || from.owners[at] != old) return;
    const auto vector = from.at(at);
    out.owners.push_back(row);
    out.data.insert(out.data.end(), vector.begin(), vector.end());
  });
  return out;
}

}  // namespace cdx::engine
