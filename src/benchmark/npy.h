// Matrices in NumPy's .npy files (format versions 1 to 3). Private to the benchmark room.
//
// Read in C order and in this machine's byte order only. Errors name the file and the reason: `not_found`,
// `invalid` for a file of another kind, type, order or shape, or whose length does not match its shape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/file.h"

namespace cdx::benchmark {

// Rows of floats as they lie in the mapped file; valid as long as this object.
class FloatMatrix {
 public:
  static Result<FloatMatrix> open(const std::string& path);  // '<f4', two dimensions, at least one row
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::span<const float> row(std::size_t i) const { return values_.subspan(i * columns_, columns_); }

 private:
  MappedFile file_;
  std::span<const float> values_;
  std::size_t rows_ = 0, columns_ = 0;
};

// `invalid`, naming `path` and the row, unless every row has length 1 (within 0.001).
Status check_unit_rows(const FloatMatrix& matrix, const std::string& path);

// One uint8 a row: '|u1', one dimension.
Result<std::vector<std::uint8_t>> read_labels(const std::string& path);

// Row numbers, one line a query; -1: none.
struct RowMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::int64_t> values;
  std::span<const std::int64_t> row(std::size_t i) const {
    return std::span(values).subspan(i * columns, columns);
  }
  std::span<std::int64_t> row(std::size_t i) { return std::span(values).subspan(i * columns, columns); }
};
Result<RowMatrix> read_rows(const std::string& path);  // '<i8' or '<i4', two dimensions
Status write_rows(const std::string& path, const RowMatrix& matrix);

}  // namespace cdx::benchmark
