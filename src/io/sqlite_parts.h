// What a database and its statements share; seen by the sources of io/sqlite.h only.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "io/sqlite.h"

namespace cdx {

struct SqliteStatement::Prepared {
  sqlite3_stmt* handle = nullptr;
  bool lent = false;

  Prepared() = default;
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  ~Prepared() { sqlite3_finalize(handle); }
};

struct SqliteDatabase::Parts {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  sqlite3* handle = nullptr;
  Call call;
  std::chrono::milliseconds patience{0};
  std::chrono::steady_clock::time_point waiting_since = {};
  // Nodes, because lent statements point to them.
  std::unordered_map<std::string, std::unique_ptr<SqliteStatement::Prepared>, Hash, std::equal_to<>>
      statements;

  Parts() = default;
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  ~Parts() {
    statements.clear();
    sqlite3_close(handle);
  }
};

}  // namespace cdx
