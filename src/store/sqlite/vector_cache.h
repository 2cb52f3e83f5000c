// Kept vectors of a SqliteStore: 32-bit floats, little end first, by space and text hash.
#pragma once

#include "io/sqlite.h"
#include "store/store.h"

namespace cdx {

Result<std::vector<KeptVector>> read_vectors(SqliteDatabase& reader, const Call& call,
                                             std::span<const VectorKey> keys);
Status keep_vectors(SqliteDatabase& writer, const Call& call, std::span<const KeptVector> vectors);

}  // namespace cdx
