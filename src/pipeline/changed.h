// Who a page of the change feed tells of. Seen by the sources of this room only.
#pragma once

#include <vector>

#include "store/store.h"

namespace cdx {

// The creators that changed and are still there.
inline std::vector<CreatorId> living(const ChangePage& page) {
  std::vector<CreatorId> out;
  for (const auto& change : page.changes)
    if (!change.removed) out.push_back(change.creator);
  return out;
}

}  // namespace cdx
