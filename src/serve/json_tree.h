// A strict JSON reader for request bodies: nesting and size are bounded, a name twice in an object is
// refused, numbers beyond a double are refused, text is valid UTF-8. Private to serve.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/faults.h"

namespace cdx::serve {

struct JsonField;
struct Json {
  enum class Kind { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool flag = false;
  double number = 0;
  std::string text;
  std::vector<Json> items;
  std::vector<JsonField> fields;  // in the order written
};
struct JsonField {
  std::string name;
  Json value;
};
std::string_view name(Json::Kind kind);  // "an object", "a number"

struct JsonLimits {
  std::size_t depth = 64;
  std::size_t values = 20'000;
};

// Absent with a fault added when the text is not what is promised above.
std::optional<Json> read_json(std::string_view text, Faults& faults, JsonLimits limits = {});

// `pointer` with one more step, escaped as RFC 6901 says.
std::string step(std::string_view pointer, std::string_view name);
std::string step(std::string_view pointer, std::size_t index);

}  // namespace cdx::serve
