// Filters to sets of rows.
#pragma once

#include "base/result.h"
#include "index/segment.h"
#include "model/model.h"

namespace cdx::engine {

inline constexpr std::size_t deepest_filter = 100;

// The canonical form, checked: `invalid` for unknown fields and for trees deeper than deepest_filter.
Result<Filter> prepare_filter(const Filter& filter, const Schema& schema);

// The living rows that pass. Two-valued: a condition on an absent or unknown value does not hold, its
// negation does.
Bitmap passing(const Filter& prepared, const Schema& schema, const SegmentView& view);

// Number of the field of that name.
template <class Fields>
std::optional<std::size_t> field_number(const Fields& fields, std::string_view name) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == name) return i;
  return std::nullopt;
}

}  // namespace cdx::engine
