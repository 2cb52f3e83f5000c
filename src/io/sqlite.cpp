#include "io/sqlite.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <thread>

#include "base/assert.h"
#include "base/guard.h"
#include "io/sqlite_parts.h"

namespace cdx {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int operations_between_looks = 20'000;  // of SQLite's machine: well under a millisecond

ErrorKind kind_of(int code) {
  if (code == SQLITE_IOERR_CORRUPTFS) return ErrorKind::corrupt;
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
      return ErrorKind::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return ErrorKind::corrupt;
    case SQLITE_TOOBIG:
      return ErrorKind::invalid;
    default:
      return ErrorKind::internal;
  }
}

std::string_view advice(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
      return "; another process is writing";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "; the file and its folder must be writable";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "; restore the file from a backup, or move it away";
    default:
      return "";
  }
}

Status check_folder(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return fail(ErrorKind::invalid, "a database needs a path without zero bytes");
  }
  std::error_code error;
  const std::filesystem::path whole(path);
  if (std::filesystem::is_directory(whole, error)) {
    return fail(ErrorKind::invalid, path + ": is a folder, not a database file");
  }
  const auto folder = whole.has_parent_path() ? whole.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::is_directory(folder, error)) {
    return fail(ErrorKind::not_found, path + ": the folder " + folder.string() + " does not exist");
  }
  return {};
}

}  // namespace

SqliteDatabase::SqliteDatabase(std::string path, std::unique_ptr<Parts> parts)
    : path_(std::move(path)), parts_(std::move(parts)) {}
SqliteDatabase::~SqliteDatabase() = default;

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::string& path,
                                                             const SqliteSettings& settings) {
  CDX_TRY(guard(path, ErrorKind::invalid, [&] { return check_folder(path); }));
  auto parts = std::make_unique<Parts>();
  parts->patience = settings.patience;
  // A leading "./" takes the meaning from special names such as ":memory:".
  const auto name = path.front() == '/' ? path : "./" + path;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(name.c_str(), &parts->handle, flags, nullptr);
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(path, std::move(parts)));
  if (code != SQLITE_OK) return database->failed("open", code);
  CDX_TRY(database->configure(settings));
  return database;
}

Status SqliteDatabase::check_owner(std::int32_t application_id) {
  if (application_id == 0) return {};
  // Tables first: another process may be creating the file right now, and its mark comes in with its tables.
  CDX_TRY_LET(const std::int64_t tables, integer("SELECT count(*) FROM sqlite_schema"));
  CDX_TRY_LET(const std::int64_t owner, integer("PRAGMA application_id"));
  if (owner == application_id || (owner == 0 && tables == 0)) return {};
  return fail(ErrorKind::invalid, path_ + ": is a database of another program; choose another path");
}

// Two processes that create the same file at once may both be told that it is busy, and here SQLite does not
// ask the busy handler: it could wait for ever. So the wait is ours, as long as the patience lasts.
Status SqliteDatabase::use_write_ahead_log() {
  const auto begin = steady_clock::now();
  for (;;) {
    CDX_TRY_LET(SqliteStatement journal, prepare("PRAGMA journal_mode=WAL"));
    const auto answered = journal.step();
    if (answered && *answered && journal.text(0) == "wal") return {};
    const bool busy = !answered && answered.error().kind == ErrorKind::unavailable;
    if (!answered && !busy) return tl::unexpected<Error>(answered.error());
    if (answered)
      return fail(ErrorKind::unsupported, path_ + ": this file system does not allow a write-ahead log");
    if (steady_clock::now() - begin >= parts_->patience) return tl::unexpected<Error>(answered.error());
    CDX_TRY(parts_->call.check());
    std::this_thread::sleep_for(milliseconds(5));
  }
}

Status SqliteDatabase::configure(const SqliteSettings& settings) {
  // Without the right to write, SQLite opens for reading and says nothing.
  if (sqlite3_db_readonly(parts_->handle, "main") == 1) return failed("open", SQLITE_READONLY);
  sqlite3_busy_handler(
      parts_->handle,
      [](void* context, int turns) {
        auto& parts = *static_cast<Parts*>(context);
        const auto now = steady_clock::now();
        if (turns == 0) parts.waiting_since = now;
        if (!parts.call.check() || now - parts.waiting_since >= parts.patience) return 0;
        std::this_thread::sleep_for(milliseconds(std::clamp(turns, 1, 10)));
        return 1;
      },
      parts_.get());
  sqlite3_progress_handler(
      parts_->handle, operations_between_looks,
      [](void* context) { return static_cast<Parts*>(context)->call.check() ? 0 : 1; }, parts_.get());
  sqlite3_db_config(parts_->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  CDX_TRY(check_owner(settings.application_id));
  // The page size counts only before the first page exists; afterwards it is quietly ignored.
  CDX_TRY(execute("PRAGMA page_size=" + std::to_string(settings.page_bytes)));
  CDX_TRY(use_write_ahead_log());
  const auto kibibytes = settings.cache_bytes / 1024;
  return execute("PRAGMA synchronous=" + std::string(settings.full_sync ? "FULL" : "NORMAL") +
                 ";PRAGMA cache_size=-" + std::to_string(kibibytes) +
                 ";PRAGMA mmap_size=" + std::to_string(settings.mmap_bytes) +
                 ";PRAGMA wal_autocheckpoint=" + std::to_string(settings.wal_pages) +
                 ";PRAGMA temp_store=MEMORY;PRAGMA trusted_schema=OFF;PRAGMA cell_size_check=ON" +
                 ";PRAGMA query_only=" + std::string(settings.query_only ? "ON" : "OFF"));
}

tl::unexpected<Error> SqliteDatabase::failed(std::string_view doing, int code) const {
  const int plain = code & 0xFF;
  if (plain == SQLITE_INTERRUPT || plain == SQLITE_BUSY) {
    // A wait or a long statement ended early because the caller no longer wanted the answer.
    if (const auto wanted = parts_->call.check(); !wanted) return tl::unexpected<Error>(wanted.error());
  }
  const char* detail = sqlite3_errmsg(parts_->handle);
  const bool current = parts_->handle != nullptr && (sqlite3_errcode(parts_->handle) & 0xFF) == plain;
  return fail(kind_of(code), path_ + ": cannot " + std::string(doing) + ": " +
                                 std::string(current ? detail : sqlite3_errstr(code)) +
                                 std::string(advice(code)));
}

void SqliteDatabase::obey(const Call& call) { parts_->call = call; }
bool SqliteDatabase::in_transaction() const { return sqlite3_get_autocommit(parts_->handle) == 0; }
std::int64_t SqliteDatabase::last_row() const { return sqlite3_last_insert_rowid(parts_->handle); }
bool SqliteDatabase::changed() const { return sqlite3_changes64(parts_->handle) > 0; }

Status SqliteDatabase::execute(const std::string& sql) {
  const int code = sqlite3_exec(parts_->handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failed("run `" + sql.substr(0, 60) + "`", code);
  return {};
}

Result<std::int64_t> SqliteDatabase::integer(std::string_view sql) {
  CDX_TRY_LET(SqliteStatement statement, prepare(sql));
  CDX_TRY_LET(const bool row, statement.step());
  if (!row) return fail(ErrorKind::corrupt, path_ + ": no row for `" + std::string(sql) + "`");
  return statement.integer(0);
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql) {
  const auto found = parts_->statements.find(sql);
  if (found != parts_->statements.end()) return SqliteStatement(*this, *found->second);
  auto prepared = std::make_unique<SqliteStatement::Prepared>();
  const int code = sqlite3_prepare_v3(parts_->handle, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared->handle, nullptr);
  if (code != SQLITE_OK) return failed("prepare `" + std::string(sql.substr(0, 60)) + "`", code);
  CDX_ASSERT(prepared->handle != nullptr);
  auto& kept = *parts_->statements.emplace(std::string(sql), std::move(prepared)).first->second;
  return SqliteStatement(*this, kept);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Result<SqliteTransaction> SqliteTransaction::begin(SqliteDatabase& database, Kind kind) {
  CDX_TRY_LET(SqliteStatement begin, database.prepare(kind == Kind::writing ? "BEGIN IMMEDIATE" : "BEGIN"));
  CDX_TRY(begin.run());
  return SqliteTransaction(database);
}

Status SqliteTransaction::commit() {
  CDX_TRY_LET(SqliteStatement commit, database_->prepare("COMMIT"));
  CDX_TRY(commit.run());
  database_ = nullptr;
  return {};
}

SqliteTransaction::~SqliteTransaction() {
  // After some failures (a full disk) SQLite has rolled back already.
  if (database_ == nullptr || !database_->in_transaction()) return;
  database_->obey(Call{});  // a rollback is never interrupted
  if (auto rollback = database_->prepare("ROLLBACK")) static_cast<void>(rollback->run());
}

}  // namespace cdx
