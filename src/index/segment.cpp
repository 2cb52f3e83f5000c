#include "index/segment.h"

#include <algorithm>

namespace cdx::engine {
namespace {

RowMap map_rows(std::span<const SegmentView> parts, std::vector<std::uint64_t>& ids) {
  struct Row {
    std::uint64_t id;
    std::uint32_t part, row;
  };
  std::vector<Row> rows;
  RowMap out;
  for (std::uint32_t p = 0; p < parts.size(); ++p) {
    out.target.emplace_back(parts[p]->rows(), none);
    const auto middle = static_cast<std::ptrdiff_t>(rows.size());
    for (std::uint32_t row = 0; row < parts[p]->rows(); ++row)
      if (parts[p].alive(row)) rows.push_back({parts[p]->ids[row], p, row});
    std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(),
                       [](const Row& a, const Row& b) { return a.id < b.id; });
  }
  for (const auto& row : rows) {
    out.target[row.part][row.row] = static_cast<std::uint32_t>(ids.size());
    ids.push_back(row.id);
  }
  out.rows = rows.size();
  return out;
}

// One column of every part, merged; `column(segment)` picks it.
template <class Column, class Pick>
Column merge_columns(std::span<const SegmentView> parts, const RowMap& map, const Pick& pick) {
  std::vector<const Column*> columns;
  for (const auto& part : parts) columns.push_back(&pick(*part.segment));
  return Column::merge(columns, map);
}

template <class Count>
std::vector<std::uint32_t> living(std::size_t size, const Count& count) {
  std::vector<std::uint32_t> out(size);
  for (std::uint32_t i = 0; i < size; ++i) out[i] = count(i);
  return out;
}

VectorColumn build_vectors(std::size_t field, std::size_t dimension, std::span<const Document* const> rows) {
  VectorColumn out;
  out.dimension = dimension;
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const auto& vector = rows[row]->vectors[field];
    if (vector.empty()) continue;
    out.owners.push_back(row);
    out.data.insert(out.data.end(), vector.begin(), vector.end());
  }
  return out;
}

}  // namespace

std::optional<std::uint32_t> Segment::row_of(std::uint64_t id) const {
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  if (found == ids.end() || *found != id) return std::nullopt;
  return static_cast<std::uint32_t>(found - ids.begin());
}

Tombstones::Tombstones(const Segment& segment)
    : dead(segment.rows()),
      terms(segment.postings.terms.size(), 0),
      surfaces(segment.postings.surfaces.size(), 0),
      name_words(segment.names.words.size(), 0),
      totals(segment.postings.totals.size()) {}

void Tombstones::bury(const Segment& segment, std::uint32_t row) {
  dead.set(row);
  ++count;
  const auto& postings = segment.postings;
  std::vector<std::uint32_t> lost;
  for (const auto surface : postings.surfaces_of(row)) {
    ++surfaces[surface];
    lost.push_back(postings.surface_term[surface]);
  }
  std::sort(lost.begin(), lost.end());
  lost.erase(std::unique(lost.begin(), lost.end()), lost.end());
  for (const auto term : lost) ++terms[term];
  for (const auto word : segment.names.words_of_row(row)) ++name_words[word];
  for (std::size_t field = 0; field < totals.size(); ++field) {
    const auto length = postings.lengths[field][row];
    totals[field].length += length;
    totals[field].documents += length == 0 ? 0U : 1U;
  }
}

std::optional<std::uint32_t> SegmentView::living_row(std::uint64_t id) const {
  const auto row = segment->row_of(id);
  return row && alive(*row) ? row : std::nullopt;
}

FieldTotal SegmentView::total(std::size_t field) const {
  auto out = segment->postings.totals[field];
  if (tombstones) {
    out.length -= tombstones->totals[field].length;
    out.documents -= tombstones->totals[field].documents;
  }
  return out;
}

std::shared_ptr<const Segment> build_segment(const Schema& schema, std::span<const Document* const> rows) {
  auto out = std::make_shared<Segment>();
  for (const auto* row : rows) out->ids.push_back(row->id);
  out->postings = build_postings(schema, rows);
  out->names = build_names(schema, rows);
  for (std::size_t field = 0; field < schema.keywords.size(); ++field) {
    std::vector<const std::vector<std::string>*> values;
    for (const auto* row : rows) values.push_back(&row->keywords[field]);
    out->keywords.push_back(KeywordColumn::build(values));
  }
  for (std::size_t field = 0; field < schema.numbers.size(); ++field) {
    std::vector<double> values;
    for (const auto* row : rows) values.push_back(row->numbers[field]);
    out->numbers.push_back(NumberColumn::build(std::move(values)));
  }
  for (std::size_t field = 0; field < schema.vectors.size(); ++field)
    out->vectors.push_back(build_vectors(field, schema.vectors[field].dimension, rows));
  return out;
}

std::shared_ptr<const Segment> merge_segments(std::span<const SegmentView> parts) {
  auto out = std::make_shared<Segment>();
  const auto map = map_rows(parts, out->ids);
  std::vector<PostingsPart> postings;
  std::vector<NamesPart> names;
  for (const auto& part : parts) {
    const auto& from = *part.segment;
    postings.push_back(
        {&from.postings,
         living(from.postings.terms.size(), [&](auto i) { return part.documents_with_term(i); }),
         living(from.postings.surfaces.size(), [&](auto i) { return part.documents_with_surface(i); })});
    names.push_back({&from.names, living(from.names.words.size(),
                                         [&](auto i) { return part.documents_with_name_word(i); })});
  }
  out->postings = merge_postings(postings, map);
  out->names = merge_names(names, map);
  const auto& first = *parts.front().segment;
  for (std::size_t i = 0; i < first.keywords.size(); ++i)
    out->keywords.push_back(merge_columns<KeywordColumn>(
        parts, map, [i](const Segment& from) -> const KeywordColumn& { return from.keywords[i]; }));
  for (std::size_t i = 0; i < first.numbers.size(); ++i)
    out->numbers.push_back(merge_columns<NumberColumn>(
        parts, map, [i](const Segment& from) -> const NumberColumn& { return from.numbers[i]; }));
  for (std::size_t i = 0; i < first.vectors.size(); ++i)
    out->vectors.push_back(merge_columns<VectorColumn>(
        parts, map, [i](const Segment& from) -> const VectorColumn& { return from.vectors[i]; }));
  return out;
}

}  // namespace cdx::engine
