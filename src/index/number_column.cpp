#include "index/number_column.h"

#include <algorithm>
#include <cmath>

#include "index/sorted_strings.h"

namespace cdx::engine {

NumberColumn NumberColumn::build(std::vector<double> values) {
  NumberColumn out;
  out.values_ = std::move(values);
  out.present_ = Bitmap(out.values_.size());
  for (std::uint32_t row = 0; row < out.values_.size(); ++row) {
    if (std::isnan(out.values_[row])) continue;
    out.present_.set(row);
    out.order_.push_back(row);
  }
  std::sort(out.order_.begin(), out.order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return out.values_[a] != out.values_[b] ? out.values_[a] < out.values_[b] : a < b;
  });
  return out;
}

NumberColumn NumberColumn::merge(std::span<const NumberColumn* const> parts, const RowMap& map) {
  std::vector<double> values(map.rows);
  map.for_each(
      [&](std::uint32_t row, std::uint32_t part, std::uint32_t old) { values[row] = parts[part]->of(old); });
  return build(std::move(values));
}

Bitmap NumberColumn::in(const Filter& range) const {
  Bitmap out(values_.size());
  if ((range.low && std::isnan(*range.low)) || (range.high && std::isnan(*range.high))) return out;
  const auto at = [&](std::size_t i) { return values_[order_[i]]; };
  const auto begin = !range.low ? 0 : first_not(0, order_.size(), [&](std::size_t i) {
    return range.low_open ? at(i) <= *range.low : at(i) < *range.low;
  });
  const auto end = !range.high ? order_.size() : first_not(begin, order_.size(), [&](std::size_t i) {
    return range.high_open ? at(i) < *range.high : at(i) <= *range.high;
  });
  if (end - begin <= order_.size() / 2) {
    for (auto i = begin; i < end; ++i) out.set(order_[i]);
    return out;
  }
  out = present_;  // most rows: fewer are to be taken away than to be put in
  for (std::size_t i = 0; i < begin; ++i) out.reset(order_[i]);
  for (auto i = end; i < order_.size(); ++i) out.reset(order_[i]);
  return out;
}

}  // namespace cdx::engine
