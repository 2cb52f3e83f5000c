// One keyword field of a segment: a sorted dictionary, the values of each row, and the rows of each value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index/bitmap.h"
#include "index/row_map.h"
#include "index/string_table.h"

namespace cdx::engine {

class KeywordColumn {
 public:
  static KeywordColumn build(std::span<const std::vector<std::string>* const> rows);
  static KeywordColumn merge(std::span<const KeywordColumn* const> parts, const RowMap& map);

  const StringTable& values() const { return values_; }
  std::span<const std::uint32_t> of(std::size_t row) const {  // distinct, ascending numbers into values()
    return std::span(numbers_).subspan(begin_[row], begin_[row + 1] - begin_[row]);
  }
  const Bitmap& present() const { return present_; }
  void add_rows_with(std::string_view value, Bitmap& to) const;  // an unknown value adds nothing

 private:
  void finish();  // from the rows' values to the values' rows

  StringTable values_;
  std::vector<std::uint64_t> begin_{0};  // rows + 1, into numbers_
  std::vector<std::uint32_t> numbers_;
  Bitmap present_;
  // Rows of a value: a list, or where the list would be the larger, a bitmap.
  std::vector<std::uint64_t> list_begin_;
  std::vector<std::uint32_t> lists_;
  std::vector<std::uint32_t> dense_place_;  // by value: into dense_, or `none`
  std::vector<Bitmap> dense_;
};

}  // namespace cdx::engine
