// The raw log of a SqliteStore: what arrived, verbatim, each content once.
#pragma once

#include "store/sqlite/interner.h"
#include "store/store.h"

namespace cdx {

Result<Appended> append_raw(SqliteDatabase& writer, Origins& origins, const Call& call,
                            std::span<const RawRecord> records);
Result<RawPage> read_raw(SqliteDatabase& reader, const Origins& origins, const Call& call, RawOffset after,
                         std::size_t max);

}  // namespace cdx
