#include "index/keyword_column.h"

#include <algorithm>

namespace cdx::engine {
namespace {

struct Draft {
  StringList values;
  std::vector<std::uint32_t> begin{0}, numbers;

  void end_row() { begin.push_back(static_cast<std::uint32_t>(numbers.size())); }
};

// The values' rows from the rows' values.
struct Lists {
  std::vector<std::uint64_t> present, dense;
  std::vector<std::uint32_t> begin, rows, dense_place;
};

Lists turn_around(const Draft& draft) {
  const auto rows = draft.begin.size() - 1, words = (rows + 63) / 64;
  std::vector<std::uint64_t> counts(draft.values.size(), 0);
  for (const auto number : draft.numbers) ++counts[number];
  Lists out;
  out.present.assign(words, 0);
  out.begin.assign(counts.size() + 1, 0);
  out.dense_place.assign(counts.size(), none);
  std::uint32_t bitmaps = 0;
  for (std::size_t value = 0; value < counts.size(); ++value) {
    const bool dense = counts[value] * 32 > rows;
    if (dense) out.dense_place[value] = bitmaps++;
    out.begin[value + 1] = out.begin[value] + (dense ? 0U : static_cast<std::uint32_t>(counts[value]));
  }
  out.dense.assign(bitmaps * words, 0);
  out.rows.resize(out.begin.back());
  auto next = out.begin;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const auto bit = std::uint64_t{1} << (row % 64);
    if (draft.begin[row] != draft.begin[row + 1]) out.present[row / 64] |= bit;
    for (auto i = draft.begin[row]; i < draft.begin[row + 1]; ++i) {
      const auto value = draft.numbers[i];
      if (const auto place = out.dense_place[value]; place != none) {
        out.dense[place * words + row / 64] |= bit;
      } else {
        out.rows[next[value]++] = row;
      }
    }
  }
  return out;
}

Status write(const Draft& draft, SectionWriter& out, const std::string& name) {
  const auto lists = turn_around(draft);
  CDX_TRY(draft.values.write(out, name + ".values"));
  CDX_TRY(out.add(name + ".begin", draft.begin));
  CDX_TRY(out.add(name + ".numbers", draft.numbers));
  CDX_TRY(out.add(name + ".present", lists.present));
  CDX_TRY(out.add(name + ".list_begin", lists.begin));
  CDX_TRY(out.add(name + ".lists", lists.rows));
  CDX_TRY(out.add(name + ".dense_place", lists.dense_place));
  return out.add(name + ".dense", lists.dense);
}

}  // namespace

KeywordColumn::KeywordColumn(const Sections& sections, const std::string& name)
    : values_(sections, name + ".values"),
      begin_(sections.section(name + ".begin")),
      numbers_(sections.section(name + ".numbers")),
      present_(sections.section(name + ".present")),
      list_begin_(sections.section(name + ".list_begin")),
      lists_(sections.section(name + ".lists")),
      dense_place_(sections.section(name + ".dense_place")),
      dense_(sections.section(name + ".dense")) {}

void KeywordColumn::will_need(std::span<const std::uint32_t> rows) const {
  for (const auto row : rows) begin_.will_need(row, 2);
  for (const auto row : rows) {
    const auto [begin, end] = begin_.run(row);
    numbers_.will_need(begin, end - begin);
  }
}

void KeywordColumn::add_rows_with(std::string_view value, Bitmap& to) const {
  const auto number = values_.find(value);
  if (number == none) return;
  const auto words = to.words().size();
  if (const auto place = dense_place_[number]; place != none) {
    to |= dense_.part(place * words, words);
    return;
  }
  const auto [begin, end] = list_begin_.run(number);
  for (const auto row : lists_.part(begin, end - begin))
    if (row < to.size()) to.set(row);
}

Status write_keywords(std::span<const std::vector<std::string>* const> rows, SectionWriter& out,
                      const std::string& name) {
  std::vector<std::string_view> values;
  for (const auto* row : rows) values.insert(values.end(), row->begin(), row->end());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  Draft draft;
  for (const auto value : values) draft.values.add(value);
  for (const auto* row : rows) {
    const auto first = static_cast<std::ptrdiff_t>(draft.numbers.size());
    for (const auto& value : *row) draft.numbers.push_back(draft.values.find(value));
    std::sort(draft.numbers.begin() + first, draft.numbers.end());
    draft.numbers.erase(std::unique(draft.numbers.begin() + first, draft.numbers.end()), draft.numbers.end());
    draft.end_row();
  }
  return write(draft, out, name);
}

Status merge_keywords(std::span<const KeywordColumn* const> parts, const RowMap& map, SectionWriter& out,
                      const std::string& name) {
  std::vector<const StringTable*> tables;
  std::vector<std::vector<std::uint32_t>> living;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    tables.push_back(&parts[p]->values());
    auto& counts = living.emplace_back(parts[p]->values().size(), 0);
    for (std::size_t row = 0; row < map.target[p].size(); ++row)
      if (map.target[p][row] != none)
        for (const auto number : parts[p]->of(row))
          if (number < counts.size()) ++counts[number];
  }
  auto merged = merge_tables(tables, living);
  Draft draft;
  map.for_each([&](std::uint32_t, std::uint32_t part, std::uint32_t old) {
    for (const auto number : parts[part]->of(old))
      if (number < merged.numbers[part].size() && merged.numbers[part][number] != none)
        draft.numbers.push_back(merged.numbers[part][number]);
    draft.end_row();
  });
  draft.values = std::move(merged.strings);
  return write(draft, out, name);
}

}  // namespace cdx::engine
