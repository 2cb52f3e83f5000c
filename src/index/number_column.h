// One number field of a segment: a column by row, the rows in the order of their numbers, and for larger
// segments bitmaps of the rows up to certain places of that order, so that a range is two bitmaps and a few
// rows more or less.
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
  NumberColumn() = default;
  NumberColumn(const Sections& sections, const std::string& name);

  double of(std::size_t row) const { return values_[row]; }
  // of() of these will follow.
  void will_need(std::span<const std::uint32_t> rows) const {
    for (const auto row : rows) values_.will_need(row);
  }
  void add_present(Bitmap& to) const { to |= present_.all(); }
  Bitmap in(const Filter& range, std::size_t rows) const;  // a bound that is not a number holds for nothing

 private:
  double at(std::size_t place) const;
  // The first `count` rows of the order.
  Bitmap first(std::size_t count, std::size_t rows) const;

  Array<double> values_;
  Array<std::uint32_t> order_;  // rows with a number, ascending by it
  Array<std::uint64_t> present_;
  Array<std::uint64_t> ranks_;  // bitmap j: the first j * step_ rows of the order
  std::size_t step_ = 0;        // 0: no bitmaps
};

Status write_numbers(const std::vector<double>& values, SectionWriter& out,
                     const std::string& name);  // one a row; no_number: absent
Status merge_numbers(std::span<const NumberColumn* const> parts, const RowMap& map, SectionWriter& out,
                     const std::string& name);

}  // namespace cdx::engine
