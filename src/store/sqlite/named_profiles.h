// Named profiles, which of them is in use, and the audit, of a SqliteUsageStore. Writers run within the
// caller's transaction.
#pragma once

#include "io/sqlite.h"
#include "store/store.h"

namespace cdx {

Status put_audit(SqliteDatabase& writer, const AuditEntry& entry);
Result<std::vector<AuditEntry>> read_audits(SqliteDatabase& reader, std::size_t max);

Status put_named_profile(SqliteDatabase& writer, const NamedProfile& profile);
Result<std::vector<NamedProfile>> read_named_profiles(SqliteDatabase& reader, std::string_view kind);

Result<UsageStore::Active> read_active(SqliteDatabase& reader, std::string_view kind);
Status put_active(SqliteDatabase& writer, std::string_view kind, std::string_view name);

}  // namespace cdx
