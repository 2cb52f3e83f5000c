// The members of a large JSON object as the text they were sent in, so that what another room reads need not
// become a tree first, and numbers keep all their digits. Private to serve.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/faults.h"

namespace cdx::serve {

struct JsonMember {
  std::string name;
  std::string_view text;  // of its value; only its end was looked for, not whether it is JSON inside
};
// In the order sent. Absent with a fault where the text is no object, names one member twice, or has more
// than `most`.
std::optional<std::vector<JsonMember>> read_members(std::string_view text, std::size_t most, Faults& faults);

}  // namespace cdx::serve
