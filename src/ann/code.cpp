#include "ann/code.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace cdx::ann {
namespace {

constexpr std::size_t whole_lines(std::size_t dimension) {
  return (dimension + line_dimensions - 1) / line_dimensions;
}

std::int32_t sum_of(const std::int8_t* bytes, std::size_t lines) {
  static const auto ones = [] {
    std::array<std::uint8_t, most_dimensions / 2> out{};
    out.fill(0x11);  // each nibble 1
    return out;
  }();
  const auto* row = ones.data();
  std::int32_t out = 0;
  dot_nibbles(bytes, lines, &row, 1, &out);
  return out;
}

}  // namespace

Coder::Coder(std::size_t dimension, std::vector<float> mean)
    : dimension_(dimension),
      lines_(whole_lines(dimension)),
      mean_(std::move(mean)),
      rotation_(lines_ * line_dimensions) {
  CDX_ASSERT(mean_.size() == dimension_);
}

Factors Coder::encode(const float* row, std::uint8_t* upper, std::uint8_t* lower) const {
  alignas(64) std::array<float, most_dimensions> values, spare;
  const auto count = lines_ * line_dimensions;
  for (std::size_t i = 0; i < dimension_; ++i) values[i] = row[i] - mean_[i];
  std::fill(values.begin() + static_cast<std::ptrdiff_t>(dimension_),
            values.begin() + static_cast<std::ptrdiff_t>(count), 0.0F);
  rotation_.apply(values.data(), spare.data());

  Factors out;
  const auto square = dot_floats(values.data(), values.data(), count);
  const auto deviation = std::sqrt(square / static_cast<float>(count));
  float absolute = 0;
  for (std::size_t i = 0; i < count; ++i) absolute += std::abs(values[i]);
  if (absolute > 0 && std::isfinite(absolute)) {
    out.sketch = square / absolute;
    out.sketch_error = std::max(0.0F, out.sketch * out.sketch * static_cast<float>(count) - square);
  }
  // The best step for 16 levels of a normal variable is 0.335 deviations (Max 1960); rows differ a little.
  float step = 0, best = -1;
  if (deviation > 0 && std::isfinite(deviation)) {
    for (const float tried : {0.27F, 0.30F, 0.32F, 0.34F, 0.36F, 0.40F}) {
      const auto found = fit(values.data(), tried * deviation, count);
      const auto cosine = found.square > 0 ? found.along * found.along / found.square : 0;
      if (found.along > 0 && cosine > best) {
        best = cosine;
        step = tried * deviation;
        out.upper = square / found.along;
        out.upper_error = std::max(0.0F, square / cosine * square - square);
      }
    }
  }
  const auto fine = step / 16;
  float along = 0, levels = 0;
  const auto code = [&](std::size_t i) {
    const auto level = fine > 0 ? std::clamp(std::floor(values[i] / fine) + 128, 0.0F, 255.0F) : 128.0F;
    along += (level - 127.5F) * values[i];
    levels += (level - 127.5F) * (level - 127.5F);
    return static_cast<unsigned>(level);
  };
  for (std::size_t l = 0; l < lines_; ++l)
    for (std::size_t b = 0; b < line_bytes; ++b) {
      const auto first = code(l * line_dimensions + b), second = code(l * line_dimensions + line_bytes + b);
      upper[l * line_bytes + b] = static_cast<std::uint8_t>((first >> 4) | (second & 0xF0));
      lower[l * line_bytes + b] = static_cast<std::uint8_t>((first & 0x0F) | ((second << 4) & 0xF0));
    }
  if (along > 0) {
    out.both = square / along;
    out.both_error = std::max(0.0F, out.both * out.both * levels - square);
  }
  return out;
}

void Coder::ask(const float* vector, Asked& out) const {
  alignas(64) std::array<float, most_dimensions> values, spare;
  const auto count = lines_ * line_dimensions;
  std::copy_n(vector, dimension_, values.begin());
  std::fill(values.begin() + static_cast<std::ptrdiff_t>(dimension_),
            values.begin() + static_cast<std::ptrdiff_t>(count), 0.0F);
  rotation_.apply(values.data(), spare.data());
  const auto most = largest(values.data(), count);
  const bool usable = most > 0 && std::isfinite(most);
  out.scale = usable ? most / 127 : 0;
  if (usable)
    to_bytes(values.data(), 127 / most, count, out.bytes.data());
  else
    std::fill_n(out.bytes.begin(), count, std::int8_t{0});
  out.sum = sum_of(out.bytes.data(), lines_);
  out.base = dot_floats(vector, mean_.data(), dimension_);
  out.length = usable ? std::sqrt(dot_floats(values.data(), values.data(), count)) : 0;
}

void ask_with_row(const Codes& codes, std::uint32_t row, Asked& out) {
  unpack(codes.upper_row(row), codes.lower_row(row), codes.lines, out.bytes.data());
  out.sum = sum_of(out.bytes.data(), codes.lines);
  out.scale = codes.both_factors.value<float>(row);
  out.base = out.length = 0;
}

void score_upper(const Codes& codes, const Asked& asked, const std::uint32_t* rows, std::size_t count,
                 float* out) {
  std::array<const std::uint8_t*, rows_a_call> at;
  std::array<std::int32_t, rows_a_call> sums;
  CDX_ASSERT(count <= rows_a_call);
  if (count == 0) return;
  for (std::size_t i = 0; i < count; ++i) at[i] = codes.upper_row(rows[i]);
  dot_nibbles(asked.bytes.data(), codes.lines, at.data(), count, sums.data());
  for (std::size_t i = 0; i < count; ++i)
    out[i] = sane(codes.upper_factors.value<float>(rows[i]) * 0.5F *
                  static_cast<float>(2 * sums[i] - 15 * asked.sum));
}

void score_both(const Codes& codes, const Asked& asked, const std::uint32_t* rows, std::size_t count,
                float* out) {
  std::array<const std::uint8_t*, rows_a_call> over, under;
  std::array<std::int32_t, rows_a_call> coarse, fine;
  CDX_ASSERT(count <= rows_a_call);
  if (count == 0) return;
  for (std::size_t i = 0; i < count; ++i) over[i] = codes.upper_row(rows[i]);
  for (std::size_t i = 0; i < count; ++i) under[i] = codes.lower_row(rows[i]);
  dot_nibbles(asked.bytes.data(), codes.lines, over.data(), count, coarse.data());
  dot_nibbles(asked.bytes.data(), codes.lines, under.data(), count, fine.data());
  for (std::size_t i = 0; i < count; ++i)
    out[i] = sane(codes.both_factors.value<float>(rows[i]) * 0.5F *
                  static_cast<float>(32 * coarse[i] + 2 * fine[i] - 255 * asked.sum));
}

}  // namespace cdx::ann
