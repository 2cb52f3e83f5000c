#include <utility>

#include "base/assert.h"
#include "io/sqlite.h"
#include "io/sqlite_parts.h"

namespace cdx {
namespace {
// SQLite reads a null pointer as NULL, and an empty view may have one.
const char* bytes_of(std::string_view text) { return text.data() == nullptr ? "" : text.data(); }
}  // namespace

SqliteStatement::SqliteStatement(SqliteDatabase& database, Prepared& prepared)
    : database_(&database), prepared_(&prepared) {
  CDX_ASSERT(!prepared.lent);
  prepared.lent = true;
}

SqliteStatement::SqliteStatement(SqliteStatement&& other) noexcept
    : database_(other.database_),
      prepared_(std::exchange(other.prepared_, nullptr)),
      next_(other.next_),
      bound_(other.bound_) {}

SqliteStatement::~SqliteStatement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_->handle);
  sqlite3_clear_bindings(prepared_->handle);
  prepared_->lent = false;
}

SqliteStatement& SqliteStatement::put(std::int64_t value) {
  const int code = sqlite3_bind_int64(prepared_->handle, next_++, value);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

SqliteStatement& SqliteStatement::put_real(double value) {
  const int code = sqlite3_bind_double(prepared_->handle, next_++, value);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

SqliteStatement& SqliteStatement::put_text(std::string_view value) {
  const int code = sqlite3_bind_text64(prepared_->handle, next_++, bytes_of(value), value.size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

SqliteStatement& SqliteStatement::put_blob(std::string_view value) {
  const int code =
      sqlite3_bind_blob64(prepared_->handle, next_++, bytes_of(value), value.size(), SQLITE_STATIC);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

SqliteStatement& SqliteStatement::put_null() {
  const int code = sqlite3_bind_null(prepared_->handle, next_++);
  if (bound_ == SQLITE_OK) bound_ = code;
  return *this;
}

Result<bool> SqliteStatement::step() {
  const int code = bound_ != SQLITE_OK ? bound_ : sqlite3_step(prepared_->handle);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error =
      database_->failed("run `" + std::string(sqlite3_sql(prepared_->handle)).substr(0, 60) + "`", code);
  reset();
  return error;
}

Status SqliteStatement::run() {
  for (;;) {
    CDX_TRY_LET(const bool row, step());
    if (!row) return {};
  }
}

void SqliteStatement::reset() {
  sqlite3_reset(prepared_->handle);
  next_ = 1;
  bound_ = SQLITE_OK;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(prepared_->handle, column);
}
double SqliteStatement::real(int column) const { return sqlite3_column_double(prepared_->handle, column); }

std::string_view SqliteStatement::text(int column) const {
  const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(prepared_->handle, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared_->handle, column))};
}

std::string_view SqliteStatement::blob(int column) const {
  const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(prepared_->handle, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(prepared_->handle, column))};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(prepared_->handle, column) == SQLITE_NULL;
}

int SqliteStatement::columns() const { return sqlite3_column_count(prepared_->handle); }

}  // namespace cdx
