#include "index/segment.h"

#include <fmt/format.h>

#include <algorithm>

#include "index/run_bests.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

// Section "meta": what the other sections must fit to.
struct Meta {
  std::uint32_t layout = segment_layout;
  std::uint32_t texts = 0, keywords = 0, numbers = 0, vectors = 0, unused = 0;
  std::uint64_t rows = 0;
};

Meta meta_of(const Schema& schema, std::size_t rows) {
  Meta out;
  out.texts = static_cast<std::uint32_t>(schema.texts.size());
  out.keywords = static_cast<std::uint32_t>(schema.keywords.size());
  out.numbers = static_cast<std::uint32_t>(schema.numbers.size());
  out.vectors = static_cast<std::uint32_t>(schema.vectors.size());
  out.rows = rows;
  return out;
}

std::string field_prefix(std::string_view kind, std::size_t field) {
  return fmt::format("{}{}", kind, field);
}

std::string run_bests_name(std::size_t field) { return field_prefix("number", field) + ".run_bests"; }

Status write_meta(const Schema& schema, std::span<const std::uint64_t> ids, SectionWriter& out) {
  const auto meta = meta_of(schema, ids.size());
  CDX_TRY(out.begin("meta"));
  CDX_TRY(out.write_all(std::span(&meta, 1)));
  CDX_TRY(out.begin("ids"));
  return out.write_all(ids);
}

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
    const auto all = parts[p]->ids.all();
    for (std::uint32_t row = 0; row < all.size(); ++row)
      if (parts[p].alive(row)) rows.push_back({all[row], p, row});
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

Status write_words(const Call& call, const Schema& schema, double k1, std::span<const Document* const> rows,
                   SectionWriter& out) {
  inverted::Builder builder(schema.texts.size());
  std::vector<inverted::FieldTotal> totals(schema.texts.size());
  std::vector<std::vector<text::Token>> tokens(schema.texts.size());
  std::vector<std::vector<std::string_view>> surfaces(schema.texts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % 1024 == 0) CDX_TRY(call.check());
    for (std::size_t field = 0; field < tokens.size(); ++field) {
      tokens[field] = text::tokens(rows[i]->texts[field]);
      surfaces[field].clear();
      for (const auto& token : tokens[field]) surfaces[field].push_back(token.term);
      totals[field].length += tokens[field].size();
      totals[field].documents += tokens[field].empty() ? 0U : 1U;
    }
    builder.add_row(surfaces);
  }
  return builder.write(call, scoring_of(schema, k1, totals), text::stem, out, "words");
}

Status write_vectors(const Call& call, std::size_t field, std::size_t dimension,
                     std::span<const Document* const> rows, const ann::Options& options, SectionWriter& out) {
  std::vector<const float*> places;
  ann::Source source;
  source.dimension = dimension;
  source.documents = rows.size();
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    const auto& vectors = rows[row]->vectors[field];
    for (std::size_t i = 0; i + dimension <= vectors.size(); i += dimension) {
      source.owners.push_back(row);
      places.push_back(vectors.data() + i);
    }
  }
  source.read = [&](std::size_t row, float* to) { std::copy_n(places[row], dimension, to); };
  return ann::write_field(call, source, options, out, field_prefix("vector", field));
}

template <class Count>
std::vector<std::uint32_t> living(std::size_t size, const Count& count) {
  std::vector<std::uint32_t> out(size);
  for (std::uint32_t i = 0; i < size; ++i) out[i] = count(i);
  return out;
}

// One column of every part; `pick(segment)` gives it.
template <class Column, class Pick>
std::vector<const Column*> columns(std::span<const SegmentView> parts, const Pick& pick) {
  std::vector<const Column*> out;
  for (const auto& part : parts) out.push_back(&pick(*part.segment));
  return out;
}

Status merge_words(const Call& call, const Schema& schema, double k1, std::span<const SegmentView> parts,
                   const RowMap& map, SectionWriter& out) {
  std::vector<inverted::FieldTotal> totals(schema.texts.size());
  std::vector<inverted::Part> words;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    words.push_back({&parts[p]->words, map.target[p]});
    for (std::size_t field = 0; field < totals.size(); ++field) {
      totals[field].length += parts[p].total(field).length;
      totals[field].documents += parts[p].total(field).documents;
    }
  }
  return inverted::merge(call, words, map.rows, scoring_of(schema, k1, totals), out, "words");
}

Status merge_vectors(const Call& call, std::size_t field, std::span<const SegmentView> parts,
                     const RowMap& map, const ann::Options& options, SectionWriter& out) {
  std::vector<ann::Part> fields;
  for (std::size_t p = 0; p < parts.size(); ++p) fields.push_back({&parts[p]->vectors[field], map.target[p]});
  return ann::merge_fields(call, fields, map.rows, options, out, field_prefix("vector", field));
}

tl::unexpected<Error> corrupt(std::uint64_t number, std::string_view what) {
  return fail(ErrorKind::corrupt, fmt::format("segment {}: {}", number, what));
}

Status check_meta(const Schema& schema, const Segment& segment) {
  const auto section = segment.sections->section("meta");
  const auto found = section.part_of<Meta>(0, 1);
  if (found.empty()) return corrupt(segment.number, "has no readable head section");
  const auto want = meta_of(schema, segment.rows());
  if (found[0].layout != segment_layout)
    return fail(
        ErrorKind::unsupported,
        fmt::format("segment {}: its layout is {}, this program's {}; `creatordex index rebuild` makes "
                    "it anew",
                    segment.number, found[0].layout, segment_layout));
  if (found[0].texts != want.texts || found[0].keywords != want.keywords ||
      found[0].numbers != want.numbers || found[0].vectors != want.vectors)
    return corrupt(segment.number, "its fields are not those of the schema");
  if (found[0].rows != want.rows || segment.words.rows() != want.rows)
    return corrupt(segment.number, "its sections do not have the same number of rows");
  return {};
}

}  // namespace

inverted::Scoring scoring_of(const Schema& schema, double k1, std::span<const inverted::FieldTotal> totals) {
  inverted::Scoring out;
  out.k1 = k1;
  for (std::size_t field = 0; field < schema.texts.size(); ++field) {
    const auto& total = totals[field];
    const auto mean =
        total.documents == 0 ? 1.0 : static_cast<double>(total.length) / static_cast<double>(total.documents);
    out.fields.push_back({schema.texts[field].weight, schema.texts[field].length_weight, mean});
  }
  return out;
}

std::optional<std::uint32_t> Segment::row_of(std::uint64_t id) const {
  const auto at = first_not(0, ids.size(), [&](std::size_t i) { return ids[i] < id; });
  if (at == ids.size() || ids[at] != id) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

std::optional<std::uint32_t> SegmentView::living_row(std::uint64_t id) const {
  const auto row = segment->row_of(id);
  return row && alive(*row) ? row : std::nullopt;
}

inverted::FieldTotal SegmentView::total(std::size_t field) const {
  auto out = segment->words.total(field);
  if (tombstones) {
    out.length -= tombstones->totals[field].length;
    out.documents -= tombstones->totals[field].documents;
  }
  return out;
}

Status write_segment(const Call& call, const Schema& schema, double k1, std::span<const Document* const> rows,
                     const ann::Options& vectors, SectionWriter& out) {
  std::vector<std::uint64_t> ids;
  for (const auto* row : rows) ids.push_back(row->id);
  CDX_TRY(write_meta(schema, ids, out));
  CDX_TRY(write_words(call, schema, k1, rows, out));
  CDX_TRY_LET(const auto run_rows, write_names(schema, rows, out, "names"));
  for (std::size_t field = 0; field < schema.keywords.size(); ++field) {
    std::vector<const std::vector<std::string>*> values;
    for (const auto* row : rows) values.push_back(&row->keywords[field]);
    CDX_TRY(write_keywords(values, out, field_prefix("keyword", field)));
  }
  for (std::size_t field = 0; field < schema.numbers.size(); ++field) {
    std::vector<double> values;
    for (const auto* row : rows) values.push_back(row->numbers[field]);
    CDX_TRY(write_numbers(values, out, field_prefix("number", field)));
    CDX_TRY(write_run_bests(run_rows, values, out, run_bests_name(field)));
  }
  for (std::size_t field = 0; field < schema.vectors.size(); ++field) {
    CDX_TRY(call.check());
    CDX_TRY(write_vectors(call, field, schema.vectors[field].dimension, rows, vectors, out));
  }
  return {};
}

Status merge_segments(const Call& call, const Schema& schema, double k1, std::span<const SegmentView> parts,
                      const ann::Options& vectors, SectionWriter& out) {
  std::vector<std::uint64_t> ids;
  const auto map = map_rows(parts, ids);
  CDX_TRY(write_meta(schema, ids, out));
  CDX_TRY(merge_words(call, schema, k1, parts, map, out));
  std::vector<NamesPart> names;
  for (const auto& part : parts)
    names.push_back({&part->names, living(part->names.words.size(),
                                          [&](auto i) { return part.documents_with_name_word(i); })});
  CDX_TRY_LET(const auto run_rows, merge_names(names, map, out, "names"));
  for (std::size_t i = 0; i < schema.keywords.size(); ++i) {
    CDX_TRY(call.check());
    const auto all = columns<KeywordColumn>(
        parts, [i](const Segment& from) -> const KeywordColumn& { return from.keywords[i]; });
    CDX_TRY(merge_keywords(all, map, out, field_prefix("keyword", i)));
  }
  for (std::size_t i = 0; i < schema.numbers.size(); ++i) {
    CDX_TRY(call.check());
    const auto all = columns<NumberColumn>(
        parts, [i](const Segment& from) -> const NumberColumn& { return from.numbers[i]; });
    CDX_TRY(merge_numbers(all, map, out, field_prefix("number", i)));
    std::vector<double> values(map.rows);
    map.for_each([&](auto row, auto part, auto old) { values[row] = all[part]->of(old); });
    CDX_TRY(write_run_bests(run_rows, values, out, run_bests_name(i)));
  }
  for (std::size_t i = 0; i < schema.vectors.size(); ++i)
    CDX_TRY(merge_vectors(call, i, parts, map, vectors, out));
  // What was read damaged must not live on under new checksums.
  for (const auto& part : parts) CDX_TRY(part->sections->damage().status());
  return {};
}

Result<std::shared_ptr<const Segment>> open_segment(const Schema& schema,
                                                    std::shared_ptr<const Sections> sections,
                                                    std::uint64_t number) {
  auto out = std::make_shared<Segment>();
  out->sections = std::move(sections);
  out->number = number;
  const auto& from = *out->sections;
  out->ids = Array<std::uint64_t>(from.section("ids"));
  CDX_TRY_LET(out->words, inverted::Inverted::open(from, "words"));
  out->names = Names(from, "names");
  for (std::size_t field = 0; field < schema.keywords.size(); ++field)
    out->keywords.emplace_back(from, field_prefix("keyword", field));
  for (std::size_t field = 0; field < schema.numbers.size(); ++field)
    out->numbers.emplace_back(from, field_prefix("number", field));
  for (std::size_t field = 0; field < schema.numbers.size(); ++field)
    out->run_bests.emplace_back(from.section(run_bests_name(field)));
  for (std::size_t field = 0; field < schema.vectors.size(); ++field) {
    CDX_TRY_LET(auto vectors, ann::Field::open(from, field_prefix("vector", field)));
    if (vectors.rows() > 0 && vectors.dimension() != schema.vectors[field].dimension)
      return corrupt(number, fmt::format("vector field \"{}\" has dimension {}, the schema {}",
                                         schema.vectors[field].name, vectors.dimension(),
                                         schema.vectors[field].dimension));
    out->vectors.push_back(std::move(vectors));
  }
  CDX_TRY(check_meta(schema, *out));
  CDX_TRY(from.damage().status());
  return out;
}

}  // namespace cdx::engine
