// Reads one JSON object into a draft. Private to the normalize room.
#pragma once

#include <simdjson.h>

#include "normalize/draft.h"
#include "normalize/layout.h"

namespace cdx::normalize {

// How an error names its column; column_of() reads it back.
inline constexpr std::string_view column_begin = "column '";
inline constexpr std::string_view column_end = "': ";
inline tl::unexpected<Error> in_column(std::string_view column, const Error& error) {
  return fail(error.kind,
              std::string(column_begin) + std::string(column) + std::string(column_end) + error.message);
}

// Flat keys as columns; "content" and "snapshots" as lists of nested records. `invalid` names the key as
// in_column() does.
Status read_json_record(simdjson::dom::parser& parser, std::string_view body, const Layout& layout,
                        Draft& draft);

}  // namespace cdx::normalize
