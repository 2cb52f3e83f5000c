#include "benchmark/npy.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace cdx::benchmark {
namespace {

static_assert(std::endian::native == std::endian::little, "values are read as they lie");

constexpr std::string_view magic("\x93NUMPY", 6);
constexpr double unit_tolerance = 1e-3;

struct Head {
  std::string_view type;  // "<f4"
  std::vector<std::size_t> shape;
  std::size_t data = 0;  // offset of the first value
};

tl::unexpected<Error> refuse(const std::string& path, std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", path, why));
}

// What stands after 'key': in the head's text; empty when the key is not there.
std::string_view after(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + key.size());
  const auto value = text.find_first_not_of(": ");
  return value == std::string_view::npos ? std::string_view{} : text.substr(value);
}

bool read_shape(std::string_view text, std::vector<std::size_t>& out) {
  if (!text.starts_with('(')) return false;
  const auto end = text.find(')');
  if (end == std::string_view::npos) return false;
  text = text.substr(1, end - 1);
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(" ,");
    if (begin == std::string_view::npos) break;
    std::size_t length = 0;
    const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + text.size(), length);
    if (error != std::errc{}) return false;
    out.push_back(length);
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  }
  return true;
}

Result<Head> read_head(const std::string& path, std::string_view bytes) {
  if (bytes.size() < 12 || !bytes.starts_with(magic)) return refuse(path, "is not a .npy file");
  const auto version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3)
    return refuse(path, fmt::format("has .npy version {}, 1 to 3 are read", version));
  std::uint32_t length = 0;
  const std::size_t length_size = version == 1 ? 2 : 4;
  std::memcpy(&length, bytes.data() + 8, length_size);
  Head head;
  head.data = 8 + length_size + length;
  if (head.data > bytes.size()) return refuse(path, "ends inside its head");
  const auto text = bytes.substr(8 + length_size, length);
  auto type = after(text, "'descr'");
  if (type.empty() || type.front() != '\'' || type.find('\'', 1) == std::string_view::npos)
    return refuse(path, "holds no plain type of number");
  head.type = type.substr(1, type.find('\'', 1) - 1);
  if (after(text, "'fortran_order'").starts_with("True"))
    return refuse(path, "is in Fortran order, C order is needed");
  if (!read_shape(after(text, "'shape'"), head.shape)) return refuse(path, "has no readable shape");
  return head;
}

// The values' bytes, after type, dimensions and length have been checked.
Result<std::string_view> values_of(const std::string& path, std::string_view bytes, const Head& head,
                                   std::size_t dimensions, std::size_t value_size) {
  if (head.shape.size() != dimensions)
    return refuse(path, fmt::format("has {} dimension{}, {} needed", head.shape.size(),
                                    head.shape.size() == 1 ? "" : "s", dimensions == 1 ? "1 is" : "2 are"));
  std::size_t needed = value_size;
  for (const auto length : head.shape) {
    if (length != 0 && needed > std::numeric_limits<std::size_t>::max() / length)
      return refuse(path, "has an impossible shape");
    needed *= length;
  }
  const auto values = bytes.substr(head.data);
  if (values.size() != needed)
    return refuse(path, fmt::format("holds {} bytes of values, its shape needs {}", values.size(), needed));
  if (needed == 0) return refuse(path, "is empty");
  if (head.data % value_size != 0)
    return refuse(
        path, fmt::format("has values from byte {} on, which is no multiple of {}", head.data, value_size));
  return values;
}

}  // namespace

Result<FloatMatrix> FloatMatrix::open(const std::string& path) {
  FloatMatrix out;
  CDX_TRY_LET(out.file_, MappedFile::open(path));
  CDX_TRY_LET(const auto head, read_head(path, out.file_.bytes()));
  if (head.type != "<f4")
    return refuse(path, fmt::format("holds values of type {}, <f4 (float32) is needed", head.type));
  CDX_TRY_LET(const auto values, values_of(path, out.file_.bytes(), head, 2, sizeof(float)));
  out.values_ = {reinterpret_cast<const float*>(values.data()), values.size() / sizeof(float)};
  out.rows_ = head.shape[0];
  out.columns_ = head.shape[1];
  return out;
}

Status check_unit_rows(const FloatMatrix& matrix, const std::string& path) {
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    double sum = 0;
    for (const float value : matrix.row(i)) sum += static_cast<double>(value) * static_cast<double>(value);
    if (!(std::abs(std::sqrt(sum) - 1) <= unit_tolerance))
      return refuse(path,
                    fmt::format("row {} has length {:.4f}, unit vectors are needed", i, std::sqrt(sum)));
  }
  return {};
}

Result<std::vector<std::uint8_t>> read_labels(const std::string& path) {
  CDX_TRY_LET(const auto file, MappedFile::open(path));
  CDX_TRY_LET(const auto head, read_head(path, file.bytes()));
  if (head.type != "|u1" && head.type != "<u1")
    return refuse(path, fmt::format("holds values of type {}, |u1 (uint8) is needed", head.type));
  CDX_TRY_LET(const auto values, values_of(path, file.bytes(), head, 1, 1));
  return std::vector<std::uint8_t>(values.begin(), values.end());
}

Result<RowMatrix> read_rows(const std::string& path) {
  CDX_TRY_LET(const auto file, MappedFile::open(path));
  CDX_TRY_LET(const auto head, read_head(path, file.bytes()));
  const bool wide = head.type == "<i8";
  if (!wide && head.type != "<i4")
    return refuse(path,
                  fmt::format("holds values of type {}, <i8 or <i4 (int64, int32) is needed", head.type));
  CDX_TRY_LET(const auto values, values_of(path, file.bytes(), head, 2, wide ? 8 : 4));
  RowMatrix out{head.shape[0], head.shape[1], std::vector<std::int64_t>(head.shape[0] * head.shape[1])};
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    if (wide) {
      std::memcpy(&out.values[i], values.data() + i * 8, 8);
    } else {
      std::int32_t value = 0;
      std::memcpy(&value, values.data() + i * 4, 4);
      out.values[i] = value;
    }
  }
  return out;
}

Status write_rows(const std::string& path, const RowMatrix& matrix) {
  auto head = fmt::format("{{'descr': '<i8', 'fortran_order': False, 'shape': ({}, {}), }}", matrix.rows,
                          matrix.columns);
  // The head ends with a newline and the values begin at a multiple of 64, as the format asks.
  head.append(63 - (magic.size() + 4 + head.size()) % 64, ' ');
  head += '\n';
  const auto length = static_cast<std::uint16_t>(head.size());
  std::string start(magic);
  start += {'\1', '\0', static_cast<char>(length & 0xff), static_cast<char>(length >> 8)};
  CDX_TRY_LET(auto file, ReplacingFile::open(path));
  CDX_TRY(file.append(start + head));
  CDX_TRY(file.append(
      {reinterpret_cast<const char*>(matrix.values.data()), matrix.values.size() * sizeof(std::int64_t)}));
  return file.commit();
}

}  // namespace cdx::benchmark
