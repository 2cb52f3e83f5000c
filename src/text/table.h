// Rows of delimited text (CSV and its kin). Part of text/text.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cdx::text {

struct Dialect {
  char delimiter = ',';
  char quote = '"';      // 0: quotes are plain characters
  char escape = '"';     // equal to `quote`: a quote inside quotes is written twice; else the sign before it
  bool cr_rows = false;  // rows end at a lone carriage return
  friend bool operator==(const Dialect&, const Dialect&) = default;
};

enum class RowFault {
  none,
  open_quote,   // the text ended inside quotes
  stray_quote,  // text follows a closing quote, and no later quote on the line closes it properly
};

struct RowSpan {
  std::size_t size = 0;  // bytes of the row without its line end
  std::size_t next = 0;  // where the next row begins
  RowFault fault = RowFault::none;
};

// The first row of a non-empty text. With a fault the span is that of the first line alone, so that reading
// can go on after it. A quote counts only at the beginning of a cell (blanks before it are allowed);
// elsewhere it is text.
RowSpan find_row(std::string_view text, const Dialect& dialect);

// Cells of one row; views into the row, or into `store` where quotes or escapes had to be taken out.
struct Cells {
  std::vector<std::string_view> values;
  std::string store;
};
// Splits a row without its line end. With a fault the cells read so far are there.
RowFault split_row(std::string_view row, const Dialect& dialect, Cells& cells);

}  // namespace cdx::text
