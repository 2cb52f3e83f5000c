// How to read a record's body, from its layout. Private to the normalize room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "normalize/fields.h"
#include "normalize/normalize.h"
#include "text/table.h"

namespace cdx::normalize {

struct Bound {
  FieldId field;
  std::size_t column = 0;
  Unit unit = Unit::plain;
};

struct Layout {
  enum class Format { delimited, cells, json };
  Format format = Format::json;
  text::Dialect dialect;
  std::vector<std::string> columns;
  std::unordered_map<std::string, std::size_t> places;  // of columns; the first of equal ones
  std::vector<Bound> bounds;                            // in the order of fields
  Platform platform = Platform::other;
  bool platform_told = false;  // wins over what the record says
  bool identifies = false;
};

// `corrupt` names what is wrong. An empty layout is that of JSON whose keys speak for themselves.
Result<Layout> parse_layout(std::string_view json);

}  // namespace cdx::normalize
