// Small conversions between columns and model values, shared by the sources of this twin.
#pragma once

#include <algorithm>
#include <limits>

#include "store/sqlite/interner.h"

namespace cdx {

inline constexpr std::size_t call_stride = 256;  // rows between two looks at the Call

// Identities keep all 64 bits; SQLite has only signed numbers.
inline std::int64_t signed_id(std::uint64_t id) { return static_cast<std::int64_t>(id); }
inline std::uint64_t unsigned_id(std::int64_t id) { return static_cast<std::uint64_t>(id); }

// A limit or position as SQLite can hold it.
inline std::int64_t bounded(std::uint64_t value) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(value, most));
}

inline std::int64_t milliseconds_of(Time time) { return time.time_since_epoch().count(); }
inline Time time_of(std::int64_t milliseconds) { return Time(std::chrono::milliseconds(milliseconds)); }

inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Three columns: terms, fetched_at, expires_at.
inline void put_terms(SqliteStatement& statement, const Provenance& origin, std::int64_t terms) {
  statement.put(terms).put(milliseconds_of(origin.fetched_at));
  if (origin.expires_at)
    statement.put(milliseconds_of(*origin.expires_at));
  else
    statement.put_null();
}

// From the first three columns of the row.
inline Status take_origin(SqliteDatabase& reader, const Origins& origins, const SqliteStatement& row,
                          Provenance& into) {
  CDX_TRY(origins.take_terms(reader, row.integer(0), into));
  into.fetched_at = time_of(row.integer(1));
  if (!row.is_null(2)) into.expires_at = time_of(row.integer(2));
  return {};
}

}  // namespace cdx
