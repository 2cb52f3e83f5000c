// The one format of src/sample/data, described in README.md: [sections] of `key: a; b; c` and `- whole line`.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx::sample {

struct DataEntry {
  std::string_view key;
  std::vector<std::string_view> values;
  int line = 0;
};
struct DataSection {
  std::string_view name;
  std::vector<DataEntry> entries;
  int line = 0;

  const DataEntry* find(std::string_view key) const;
};

// Views into `text`, which must outlive them. `invalid` names file, line and reason.
Result<std::vector<DataSection>> read_data(std::string_view file, std::string_view text);

// An entry that must be there and have values.
Result<const DataEntry*> need(std::string_view file, const DataSection& section, std::string_view key);
tl::unexpected<Error> data_error(std::string_view file, int line, std::string_view reason);

}  // namespace cdx::sample
