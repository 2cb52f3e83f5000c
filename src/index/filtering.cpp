#include "index/filtering.h"

#include <fmt/format.h>

namespace cdx::engine {
namespace {

bool deeper_than(const Filter& filter, std::size_t levels) {
  if (levels == 0) return true;
  for (const auto& child : filter.children)
    if (deeper_than(child, levels - 1)) return true;
  return false;
}

Bitmap present(const Filter& filter, const Schema& schema, const Segment& segment) {
  Bitmap out(segment.rows());
  if (const auto keyword = field_number(schema.keywords, filter.field))
    segment.keywords[*keyword].add_present(out);
  else if (const auto number = field_number(schema.numbers, filter.field))
    segment.numbers[*number].add_present(out);
  return out;
}

// Rows with the terms of the phrase side by side, in one field.
Result<Bitmap> holding_phrase(const Call& call, const Filter& filter, const Schema& schema,
                              const Segment& segment) {
  Bitmap out(segment.rows());
  std::vector<std::vector<std::uint32_t>> places;
  for (const auto& term : filter.values) {
    const auto number = segment.words.find_term(term);
    if (number == inverted::nothing) return out;
    places.push_back({number});
  }
  const auto field = field_number(schema.texts, filter.field);
  CDX_TRY(segment.words.mark_phrase(
      call, places, field ? static_cast<std::uint32_t>(*field) : inverted::nothing, out.words()));
  return out;
}

// All rows that pass, dead ones included.
Result<Bitmap> holds(const Call& call, const Filter& filter, const Schema& schema, const Segment& segment) {
  switch (filter.kind) {
    case Filter::Kind::everything:
      return Bitmap::full(segment.rows());
    case Filter::Kind::all: {
      auto out = Bitmap::full(segment.rows());
      for (const auto& child : filter.children) {
        CDX_TRY_LET(const auto rows, holds(call, child, schema, segment));
        out &= rows;
      }
      return out;
    }
    case Filter::Kind::any: {
      Bitmap out(segment.rows());
      for (const auto& child : filter.children) {
        CDX_TRY_LET(const auto rows, holds(call, child, schema, segment));
        out |= rows;
      }
      return out;
    }
    case Filter::Kind::negation: {
      auto out = Bitmap::full(segment.rows());
      if (!filter.children.empty()) {
        CDX_TRY_LET(out, holds(call, filter.children.front(), schema, segment));
      }
      out.flip();
      return out;
    }
    case Filter::Kind::keyword: {
      Bitmap out(segment.rows());
      if (const auto field = field_number(schema.keywords, filter.field))
        for (const auto& value : filter.values) segment.keywords[*field].add_rows_with(value, out);
      return out;
    }
    case Filter::Kind::range:
      if (const auto field = field_number(schema.numbers, filter.field))
        return segment.numbers[*field].in(filter, segment.rows());
      return Bitmap(segment.rows());
    case Filter::Kind::exists:
      return present(filter, schema, segment);
    case Filter::Kind::phrase:
      return holding_phrase(call, filter, schema, segment);
  }
  return Bitmap(segment.rows());
}

}  // namespace

Result<Filter> prepare_filter(const Filter& filter, const Schema& schema) {
  if (deeper_than(filter, deepest_filter))
    return fail(ErrorKind::invalid,
                fmt::format("the filter is nested deeper than {} levels", deepest_filter));
  CDX_TRY(validate(filter, schema));
  return canonical(filter);
}

Result<Passing> passing(const Call& call, const Filter& prepared, const Schema& schema,
                        const SegmentView& view) {
  Passing out;
  CDX_TRY_LET(out.rows, holds(call, prepared, schema, *view.segment));
  if (view.tombstones) out.rows -= view.tombstones->dead;
  out.count = out.rows.count();
  return out;
}

}  // namespace cdx::engine
