#include "index/keyword_column.h"

#include <algorithm>

namespace cdx::engine {

KeywordColumn KeywordColumn::build(std::span<const std::vector<std::string>* const> rows) {
  std::vector<std::string_view> values;
  for (const auto* row : rows) values.insert(values.end(), row->begin(), row->end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  KeywordColumn out;
  for (const auto value : values) out.values_.add(value);
  for (const auto* row : rows) {
    const auto first = static_cast<std::ptrdiff_t>(out.numbers_.size());
    for (const auto& value : *row) out.numbers_.push_back(out.values_.find(value));
    std::sort(out.numbers_.begin() + first, out.numbers_.end());
    out.numbers_.erase(std::unique(out.numbers_.begin() + first, out.numbers_.end()), out.numbers_.end());
    out.begin_.push_back(out.numbers_.size());
  }
  out.finish();
  return out;
}

KeywordColumn KeywordColumn::merge(std::span<const KeywordColumn* const> parts, const RowMap& map) {
  std::vector<const StringTable*> tables;
  std::vector<std::vector<std::uint32_t>> living;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    tables.push_back(&parts[p]->values_);
    auto& counts = living.emplace_back(parts[p]->values_.size(), 0);
    for (std::size_t row = 0; row < map.target[p].size(); ++row)
      if (map.target[p][row] != none)
        for (const auto number : parts[p]->of(row)) ++counts[number];
  }
  auto merged = merge_tables(tables, living);
  KeywordColumn out;
  map.for_each([&](std::uint32_t, std::uint32_t part, std::uint32_t old) {
    for (const auto number : parts[part]->of(old)) out.numbers_.push_back(merged.numbers[part][number]);
    out.begin_.push_back(out.numbers_.size());
  });
  out.values_ = std::move(merged.strings);
  out.finish();
  return out;
}

void KeywordColumn::finish() {
  const auto rows = begin_.size() - 1;
  std::vector<std::uint64_t> counts(values_.size(), 0);
  for (const auto number : numbers_) ++counts[number];
  list_begin_.assign(values_.size() + 1, 0);
  dense_place_.assign(values_.size(), none);
  for (std::size_t value = 0; value < values_.size(); ++value) {
    const bool dense = counts[value] * 32 > rows;
    if (dense) {
      dense_place_[value] = static_cast<std::uint32_t>(dense_.size());
      dense_.emplace_back(rows);
    }
    list_begin_[value + 1] = list_begin_[value] + (dense ? 0 : counts[value]);
  }
  lists_.resize(list_begin_.back());
  present_ = Bitmap(rows);
  auto next = list_begin_;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (!of(row).empty()) present_.set(row);
    for (const auto value : of(row)) {
      if (const auto place = dense_place_[value]; place != none) {
        dense_[place].set(row);
      } else {
        lists_[next[value]++] = row;
      }
    }
  }
}

void KeywordColumn::add_rows_with(std::string_view value, Bitmap& to) const {
  const auto number = values_.find(value);
  if (number == none) return;
  if (const auto place = dense_place_[number]; place != none) {
    to |= dense_[place];
    return;
  }
  for (auto i = list_begin_[number]; i < list_begin_[number + 1]; ++i) to.set(lists_[i]);
}

}  // namespace cdx::engine
