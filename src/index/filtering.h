// Filters to sets of rows.
#pragma once

#include "base/call.h"
#include "base/result.h"
#include "index/segment.h"
#include "model/model.h"

namespace cdx::engine {

inline constexpr std::size_t deepest_filter = 100;

// The canonical form, checked: `invalid` for unknown fields and for trees deeper than deepest_filter.
Result<Filter> prepare_filter(const Filter& filter, const Schema& schema);

// The living rows of a segment that pass.
struct Passing {
  Bitmap rows;
  std::size_t count = 0;

  // As the words' and vectors' rooms want it: no bits at all where every row passes.
  std::span<const std::uint64_t> allowed() const {
    return count == rows.size() ? std::span<const std::uint64_t>() : rows.words();
  }
};
// Two-valued: a condition on an absent or unknown value does not hold, its negation does.
// `cancelled`, `timed_out`.
Result<Passing> passing(const Call& call, const Filter& prepared, const Schema& schema,
                        const SegmentView& view);

// Number of the field of that name.
template <class Fields>
std::optional<std::size_t> field_number(const Fields& fields, std::string_view name) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == name) return i;
  return std::nullopt;
}

}  // namespace cdx::engine
