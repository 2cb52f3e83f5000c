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
  if (const auto keyword = field_number(schema.keywords, filter.field))
    return segment.keywords[*keyword].present();
  if (const auto number = field_number(schema.numbers, filter.field))
    return segment.numbers[*number].present();
  return Bitmap(segment.rows());
}

// All rows that pass, dead ones included.
Bitmap holds(const Filter& filter, const Schema& schema, const Segment& segment) {
  switch (filter.kind) {
    case Filter::Kind::everything:
      return Bitmap::full(segment.rows());
    case Filter::Kind::all: {
      auto out = Bitmap::full(segment.rows());
      for (const auto& child : filter.children) out &= holds(child, schema, segment);
      return out;
    }
    case Filter::Kind::any: {
      Bitmap out(segment.rows());
      for (const auto& child : filter.children) out |= holds(child, schema, segment);
      return out;
    }
    case Filter::Kind::negation: {
      auto out = filter.children.empty() ? Bitmap::full(segment.rows())
                                         : holds(filter.children.front(), schema, segment);
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
        return segment.numbers[*field].in(filter);
      return Bitmap(segment.rows());
    case Filter::Kind::exists:
      return present(filter, schema, segment);
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

Bitmap passing(const Filter& prepared, const Schema& schema, const SegmentView& view) {
  auto out = holds(prepared, schema, *view.segment);
  if (view.tombstones) out -= view.tombstones->dead;
  return out;
}

}  // namespace cdx::engine
