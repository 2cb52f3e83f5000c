// Where a measured part lies: in memory, or in a folder that keeps it for the next run. Private to the
// benchmark room.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/section.h"

namespace cdx::benchmark {

struct KeptSections {
  std::unique_ptr<Sections> sections;
  bool built = true;  // false: the folder had them
  std::uint64_t bytes = 0;
};
// Opens `name` in the folder, or lets `write` make it there first; an empty folder name: in memory.
Result<KeptSections> keep_sections(const std::string& folder, const std::string& name,
                                   const std::function<Status(SectionWriter&)>& write);

}  // namespace cdx::benchmark
