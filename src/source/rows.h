// Records of a staged file, one after the other. Private to the source room.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "source/byte_file.h"
#include "text/table.h"

namespace cdx::source {

// All that is needed to go on; part of every cursor.
struct Position {
  std::uint64_t byte = 0;
  std::uint64_t row = 0;     // rows before it; the first row of a file is row 1
  std::uint64_t faults = 0;  // open quotes met so far
  friend bool operator==(const Position&, const Position&) = default;
};

struct Row {
  enum class Kind { record, bad, blank, end };
  Kind kind = Kind::end;
  std::string_view body;  // valid until the next call; of a bad row only its beginning
  std::string column, reason;
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  // Reads the row at `at` and moves `at` behind it. Errors are those of the file itself.
  virtual Result<Row> next(Position& at) = 0;
};

struct DelimitedLayout {
  text::Dialect dialect;
  std::vector<std::string> columns;
};
std::unique_ptr<RowReader> delimited_rows(ByteFile& file, DelimitedLayout layout, std::size_t record_bytes);

// One JSON value a line: `first` is what a line must begin with and `last` what it ends with.
std::unique_ptr<RowReader> json_lines(ByteFile& file, char first, char last, std::size_t record_bytes);

// Objects one after the other, parted by blanks or commas; in an array up to its closing bracket.
std::unique_ptr<RowReader> json_values(ByteFile& file, bool in_array, std::size_t record_bytes);

// The line that begins at `at`, without its end; `complete` is false when it is longer than `limit`.
struct Line {
  std::string_view text;
  bool complete = true;
};
Result<Line> line_at(ByteFile& file, std::uint64_t at, char end, std::size_t limit);
// The place behind the next line end from `at`, or the file's end.
Result<std::uint64_t> behind_line(ByteFile& file, std::uint64_t at, char end);

}  // namespace cdx::source
