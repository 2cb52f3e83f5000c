// SQLite as values: a database that closes itself, statements that reset themselves, a transaction that rolls
// back.
//
// One thread at a time may use a database and its statements. Every error names the file and what was being
// done: `unavailable` for locks, full disks and missing rights; `corrupt` for damaged files and files of
// another kind; `cancelled` and `timed_out` from the Call being obeyed; `invalid` for values beyond SQLite's
// limits.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/call.h"

namespace cdx {

class SqliteDatabase;

// A prepared statement borrowed from its database's cache; given back, reset, when it leaves scope.
class SqliteStatement {
 public:
  SqliteStatement(SqliteStatement&& other) noexcept;
  SqliteStatement& operator=(SqliteStatement&&) = delete;
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement();

  // Values for the question marks, in their order. Text and blob bytes are borrowed until the statement has
  // run.
  SqliteStatement& put(std::int64_t value);
  SqliteStatement& put_real(double value);
  SqliteStatement& put_text(std::string_view value);
  SqliteStatement& put_blob(std::string_view value);
  SqliteStatement& put_null();

  // True: a row can be read. False: there is no further row, and the statement takes values anew.
  Result<bool> step();
  Status run();  // to the end, whatever rows come
  void reset();  // leaves the remaining rows

  // Columns of the row, from 0. Views last until the next step or reset.
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const;
  int columns() const;

 private:
  friend class SqliteDatabase;
  struct Prepared;
  SqliteStatement(SqliteDatabase& database, Prepared& prepared);

  SqliteDatabase* database_;
  Prepared* prepared_;
  int next_ = 1;   // question mark to be given a value
  int bound_ = 0;  // first failure of a put, reported by step
};

struct SqliteSettings {
  std::int32_t application_id = 0;  // of the program that owns the file: a file of another one is `invalid`,
                                    // and stays as it is; 0: do not ask
  bool query_only = false;          // refuses every write through this handle
  bool full_sync = true;            // a commit survives power loss; otherwise only the end of the process
  std::size_t page_bytes = 8192;    // of a new file
  std::size_t cache_bytes = std::size_t{16} << 20U;
  std::size_t mmap_bytes = 0;                  // 0: reads go through the page cache
  std::size_t wal_pages = 1000;                // the log is folded into the file when it is longer
  std::chrono::milliseconds patience{10'000};  // longest wait for a lock, also within a longer deadline
};

class SqliteDatabase {
 public:
  // Opens or creates the file in its existing folder, in write-ahead mode. `not_found` without the folder.
  static Result<std::unique_ptr<SqliteDatabase>> open(const std::string& path,
                                                      const SqliteSettings& settings);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  // Waits and long statements heed this call until the next obey(). A locked file is waited for no longer
  // than the settings' patience.
  void obey(const Call& call);

  Result<SqliteStatement> prepare(std::string_view sql);  // one statement; compiled once
  Status execute(const std::string& sql);                 // any number of statements without values
  Result<std::int64_t> integer(std::string_view sql);  // first column of the first row; `corrupt` without one

  std::int64_t last_row() const;  // number of the last row inserted
  bool changed() const;           // the last statement inserted, updated or deleted something
  const std::string& path() const { return path_; }

 private:
  friend class SqliteStatement;
  friend class SqliteTransaction;
  struct Parts;
  SqliteDatabase(std::string path, std::unique_ptr<Parts> parts);
  Status check_owner(std::int32_t application_id);
  Status configure(const SqliteSettings& settings);
  Status use_write_ahead_log();
  tl::unexpected<Error> failed(std::string_view doing, int code) const;
  bool in_transaction() const;

  std::string path_;
  std::unique_ptr<Parts> parts_;
};

// Begun on opening; rolled back when it leaves scope uncommitted. Declare statements after it.
class SqliteTransaction {
 public:
  // Reading sees one state of the file; writing excludes other writers from its first moment.
  enum class Kind { reading, writing };
  static Result<SqliteTransaction> begin(SqliteDatabase& database, Kind kind);
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  ~SqliteTransaction();
  Status commit();

 private:
  explicit SqliteTransaction(SqliteDatabase& database) : database_(&database) {}
  SqliteDatabase* database_;
};

}  // namespace cdx
