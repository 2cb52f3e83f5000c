// One number field of a segment: a column by row, and the rows in the order of their numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/bitmap.h"
#include "index/row_map.h"
#include "model/query.h"

namespace cdx::engine {

class NumberColumn {
 public:
  static NumberColumn build(std::vector<double> values);  // one a row; no_number: absent
  static NumberColumn merge(std::span<const NumberColumn* const> parts, const RowMap& map);

  double of(std::size_t row) const { return values_[row]; }
  const Bitmap& present() const { return present_; }
  Bitmap in(const Filter& range) const;  // a bound that is not a number holds for nothing

 private:
  std::vector<double> values_;
  std::vector<std::uint32_t> order_;  // rows with a number, ascending by it
  Bitmap present_;
};

}  // namespace cdx::engine
