#include "index/number_column.h"

#include <algorithm>
#include <cmath>

#include "index/sorted_strings.h"

namespace cdx::engine {
namespace {

constexpr std::size_t ranks_from = 8'192;  // rows; below, the order alone is quick enough
constexpr std::size_t rank_bitmaps = 32;

std::size_t step_of(std::size_t ordered) {
  return ordered < ranks_from ? 0 : (ordered + rank_bitmaps - 1) / rank_bitmaps;
}

}  // namespace

NumberColumn::NumberColumn(const Sections& sections, const std::string& name)
    : values_(sections.section(name + ".values")),
      order_(sections.section(name + ".order")),
      present_(sections.section(name + ".present")),
      ranks_(sections.section(name + ".ranks")),
      step_(step_of(order_.size())) {}

double NumberColumn::at(std::size_t place) const {
  const auto row = order_[place];
  return row < values_.size() ? values_[row] : 0;
}

Bitmap NumberColumn::first(std::size_t count, std::size_t rows) const {
  Bitmap out(rows);
  const auto set = [&](std::size_t begin, std::size_t end) {
    for (const auto row : order_.part(begin, end - begin))
      if (row < rows) out.set(row);
  };
  if (step_ == 0) {
    set(0, count);
    return out;
  }
  const auto words = out.words().size();
  const auto below = count / step_, above = below + 1;  // bitmap 0 is empty and not written
  if (count - below * step_ <= step_ / 2 || above * words > ranks_.size()) {
    if (below > 0) out |= ranks_.part((below - 1) * words, words);
    set(below * step_, count);
    return out;
  }
  out |= ranks_.part((above - 1) * words, words);
  const auto end = std::min(above * step_, order_.size());
  for (const auto row : order_.part(count, end - count))
    if (row < rows) out.reset(row);
  return out;
}

Bitmap NumberColumn::in(const Filter& range, std::size_t rows) const {
  if ((range.low && std::isnan(*range.low)) || (range.high && std::isnan(*range.high))) return Bitmap(rows);
  const auto begin = !range.low ? 0 : first_not(0, order_.size(), [&](std::size_t i) {
    return range.low_open ? at(i) <= *range.low : at(i) < *range.low;
  });
  const auto end = !range.high ? order_.size() : first_not(begin, order_.size(), [&](std::size_t i) {
    return range.high_open ? at(i) < *range.high : at(i) <= *range.high;
  });
  if (step_ == 0) {
    Bitmap out(rows);
    for (const auto row : order_.part(begin, end - begin))
      if (row < rows) out.set(row);
    return out;
  }
  auto out = first(end, rows);
  if (begin > 0) out -= first(begin, rows);
  return out;
}

Status write_numbers(const std::vector<double>& values, SectionWriter& out, const std::string& name) {
  const auto words = (values.size() + 63) / 64;
  std::vector<std::uint64_t> present(words, 0);
  std::vector<std::uint32_t> order;
  for (std::uint32_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row])) continue;
    present[row / 64] |= std::uint64_t{1} << (row % 64);
    order.push_back(row);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  CDX_TRY(out.add(name + ".values", values));
  CDX_TRY(out.add(name + ".order", order));
  CDX_TRY(out.add(name + ".present", present));
  CDX_TRY(out.begin(name + ".ranks"));
  const auto step = step_of(order.size());
  if (step == 0) return {};
  std::vector<std::uint64_t> rank(words, 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[order[i] / 64] |= std::uint64_t{1} << (order[i] % 64);
    if ((i + 1) % step == 0 || i + 1 == order.size())
      CDX_TRY(out.write_all(std::span<const std::uint64_t>(rank)));
  }
  return {};
}

Status merge_numbers(std::span<const NumberColumn* const> parts, const RowMap& map, SectionWriter& out,
                     const std::string& name) {
  std::vector<double> values(map.rows);
  map.for_each(
      [&](std::uint32_t row, std::uint32_t part, std::uint32_t old) { values[row] = parts[part]->of(old); });
  return write_numbers(values, out, name);
}

}  // namespace cdx::engine
