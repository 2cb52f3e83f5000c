#include "store/sqlite/named_profiles.h"

#include "store/sqlite/rows.h"

namespace cdx {

Status put_audit(SqliteDatabase& writer, const AuditEntry& entry) {
  CDX_TRY_LET(SqliteStatement insert,
              writer.prepare("INSERT INTO audits(at, actor, action, subject, detail) VALUES(?, ?, ?, ?, ?)"));
  insert.put(milliseconds_of(entry.at)).put_text(entry.actor).put_text(entry.action);
  return insert.put_text(entry.subject).put_text(entry.detail).run();
}

Result<std::vector<AuditEntry>> read_audits(SqliteDatabase& reader, std::size_t max) {
  CDX_TRY_LET(SqliteStatement select, reader.prepare("SELECT at, actor, action, subject, detail FROM audits "
                                                     "ORDER BY row DESC LIMIT ?"));
  select.put(bounded(max));
  std::vector<AuditEntry> found;
  for (;;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return found;
    found.push_back({time_of(select.integer(0)), std::string(select.text(1)), std::string(select.text(2)),
                     std::string(select.text(3)), std::string(select.text(4))});
  }
}

Status put_named_profile(SqliteDatabase& writer, const NamedProfile& profile) {
  CDX_TRY_LET(SqliteStatement put,
              writer.prepare("INSERT INTO profiles(kind, name, settings, evidence, at) VALUES(?, ?, ?, ?, ?) "
                             "ON CONFLICT(kind, name) DO UPDATE SET settings=excluded.settings, "
                             "evidence=excluded.evidence, at=excluded.at"));
  put.put_text(profile.kind).put_text(profile.name).put_text(profile.settings);
  return put.put_text(profile.evidence).put(milliseconds_of(profile.at)).run();
}

Result<std::vector<NamedProfile>> read_named_profiles(SqliteDatabase& reader, std::string_view kind) {
  CDX_TRY_LET(SqliteStatement select,
              reader.prepare("SELECT name, kind, settings, evidence, at FROM profiles WHERE kind=? "
                             "ORDER BY name"));
  select.put_text(kind);
  std::vector<NamedProfile> found;
  for (;;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return found;
    found.push_back({std::string(select.text(0)), std::string(select.text(1)), std::string(select.text(2)),
                     std::string(select.text(3)), time_of(select.integer(4))});
  }
}

Result<UsageStore::Active> read_active(SqliteDatabase& reader, std::string_view kind) {
  CDX_TRY_LET(SqliteStatement select,
              reader.prepare("SELECT name, previous FROM active_profiles WHERE kind=?"));
  CDX_TRY_LET(const bool row, select.put_text(kind).step());
  if (!row) return UsageStore::Active();
  return UsageStore::Active{std::string(select.text(0)), std::string(select.text(1))};
}

Status put_active(SqliteDatabase& writer, std::string_view kind, std::string_view name) {
  if (!name.empty()) {
    CDX_TRY_LET(SqliteStatement find, writer.prepare("SELECT 1 FROM profiles WHERE kind=? AND name=?"));
    CDX_TRY_LET(const bool found, find.put_text(kind).put_text(name).step());
    if (!found) {
      return fail(ErrorKind::not_found,
                  "no " + std::string(kind) + " profile is called \"" + std::string(name) + "\"");
    }
  }
  CDX_TRY_LET(const UsageStore::Active before, read_active(writer, kind));
  if (before.name == name) return {};
  CDX_TRY_LET(SqliteStatement put,
              writer.prepare("INSERT INTO active_profiles(kind, name, previous) VALUES(?, ?, ?) "
                             "ON CONFLICT(kind) DO UPDATE SET name=excluded.name, "
                             "previous=excluded.previous"));
  return put.put_text(kind).put_text(name).put_text(before.name).run();
}

}  // namespace cdx
