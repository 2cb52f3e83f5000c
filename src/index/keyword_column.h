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
  KeywordColumn() = default;
  KeywordColumn(const Sections& sections, const std::string& name);

  const StringTable& values() const { return values_; }
  std::span<const std::uint32_t> of(std::size_t row) const {  // distinct, ascending numbers into values()
    const auto [begin, end] = begin_.run(row);
    return numbers_.part(begin, end - begin);
  }
  // of() of these will follow.
  void will_need(std::span<const std::uint32_t> rows) const;
  void add_present(Bitmap& to) const { to |= present_.all(); }
  void add_rows_with(std::string_view value, Bitmap& to) const;  // an unknown value adds nothing

 private:
  StringTable values_;
  Array<std::uint32_t> begin_;  // rows + 1, into numbers_
  Array<std::uint32_t> numbers_;
  Array<std::uint64_t> present_;
  // Rows of a value: a list, or where the list would be the larger, a bitmap.
  Array<std::uint32_t> list_begin_;  // values + 1
  Array<std::uint32_t> lists_;
  Array<std::uint32_t> dense_place_;  // by value: which of the bitmaps, or `none`
  Array<std::uint64_t> dense_;
};

Status write_keywords(std::span<const std::vector<std::string>* const> rows, SectionWriter& out,
                      const std::string& name);
Status merge_keywords(std::span<const KeywordColumn* const> parts, const RowMap& map, SectionWriter& out,
                      const std::string& name);

}  // namespace cdx::engine
