// One vector field of a segment: the rows that have a vector, ascending, and their vectors row-major. Fields
// are sparse (most creators are on one or two platforms), so nothing is stored for rows without one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/row_map.h"

namespace cdx::engine {

struct VectorColumn {
  std::size_t dimension = 0;
  std::vector<std::uint32_t> owners;  // slot i belongs to row owners[i]
  std::vector<float> data;

  std::span<const float> at(std::size_t slot) const {
    return std::span(data).subspan(slot * dimension, dimension);
  }
  std::uint32_t slot_of(std::uint32_t row) const;  // or `none`

  static VectorColumn merge(std::span<const VectorColumn* const> parts, const RowMap& map);
};

}  // namespace cdx::engine
