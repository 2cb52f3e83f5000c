// Where the living rows of some segments go when they become one. Rows are ordered by document id in every
// segment, so within one segment the order is kept: postings and columns are merged by renumbering alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/string_table.h"

namespace cdx::engine {

struct RowMap {
  std::vector<std::vector<std::uint32_t>> target;  // [segment][row]: its new row, or `none` for a dead one
  std::size_t rows = 0;

  // All new rows in order with where they come from: visit(new row, segment, old row).
  template <class Visit>
  void for_each(Visit&& visit) const {
    std::vector<std::uint32_t> owner(rows), old(rows);
    for (std::uint32_t s = 0; s < target.size(); ++s)
      for (std::uint32_t row = 0; row < target[s].size(); ++row)
        if (const auto place = target[s][row]; place != none) {
          owner[place] = s;
          old[place] = row;
        }
    for (std::uint32_t row = 0; row < rows; ++row) visit(row, owner[row], old[row]);
  }
};

}  // namespace cdx::engine
