// One commit of a SqliteStore, within one transaction.
#pragma once

#include "store/sqlite/interner.h"
#include "store/store.h"

namespace cdx {

Result<Revision> commit_changes(SqliteDatabase& writer, Origins& origins, const Call& call,
                                const ChangeSet& changes);

}  // namespace cdx
