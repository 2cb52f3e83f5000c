// A checker for the part of JSON Schema 2020-12 that the OpenAPI document uses.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cdx::test {

// What in `value` breaks `schema`, one line each; empty: nothing. `document` is where "#/…" references point.
// A keyword the checker does not know is an error too, so that no rule goes unchecked.
std::vector<std::string> schema_errors(const nlohmann::json& document, const nlohmann::json& schema,
                                       const nlohmann::json& value);

}  // namespace cdx::test
