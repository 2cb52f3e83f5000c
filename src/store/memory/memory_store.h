// The Store twin that keeps everything in memory: for tests, and the plainest statement of what a store does.
#pragma once

#include <memory>

#include "store/store.h"

namespace cdx {

std::unique_ptr<Store> open_memory_store();

}  // namespace cdx
