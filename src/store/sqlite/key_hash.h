// The number by which account keys are found. It stands in files: changing it needs a schema version.
#pragma once

#include <string>

#include "base/hash.h"
#include "model/model.h"

namespace cdx {

inline std::int64_t key_hash(const BlockKey& key) {
  return static_cast<std::int64_t>(hash64(key.value, hash64(key.kind)));
}

}  // namespace cdx
