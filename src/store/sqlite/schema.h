// The tables of a store and the way from every older version to the present one; docs/formats/store.md
// describes them.
#pragma once

#include "io/sqlite.h"

namespace cdx {

inline constexpr std::int32_t store_application_id = 0x43445853;  // "CDXS" in the file's header
inline constexpr int store_schema_version = 4;

// Each step is a transaction of its own, so that two processes may do this at once and a crash leaves a whole
// version.
Status migrate_store(SqliteDatabase& database);

}  // namespace cdx
