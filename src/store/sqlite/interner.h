// Rows that many others share, known by a small number: terms of provenance, and layouts of raw records.
#pragma once

#include <memory>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/sqlite.h"
#include "model/model.h"

namespace cdx {

// One table of text columns with a number each. Rows never change, so that what was once read may be
// remembered.
class Interner {
 public:
  using Columns = std::vector<std::string>;
  struct Sql {
    std::string_view find;    // columns to number
    std::string_view insert;  // columns
    std::string_view read;    // number to columns
  };
  explicit Interner(Sql sql) : sql_(sql) {}

  // Within a writing transaction; adds the row where it is new.
  Result<std::int64_t> number_of(SqliteDatabase& writer, std::span<const std::string_view> columns);
  // After a transaction that was not committed: some of the numbers given out may not be there.
  void forget_numbers() { numbers_.clear(); }
  Result<std::shared_ptr<const Columns>> columns_of(SqliteDatabase& reader, std::int64_t number) const;

 private:
  Sql sql_;
  // Of the one writer.
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::string wanted_;
  // Of all readers.
  mutable std::shared_mutex mutex_;
  mutable std::unordered_map<std::int64_t, std::shared_ptr<const Columns>> columns_;
};

class Origins {
 public:
  Origins();
  Result<std::int64_t> terms_number(SqliteDatabase& writer, const Provenance& provenance);
  Status take_terms(SqliteDatabase& reader, std::int64_t number,
                    Provenance& into) const;  // all but the times
  Result<std::int64_t> layout_number(SqliteDatabase& writer, const RawRecord& record);
  Status take_layout(SqliteDatabase& reader, std::int64_t number,
                     RawRecord& into) const;  // source and layout
  void settle(bool committed);

 private:
  Interner terms_, layouts_;
  // The terms asked for last: whole files have the same.
  Provenance last_;
  std::int64_t last_number_ = 0;
};

// Lets go of rows added in a transaction unless told that it was committed.
class Settlement {
 public:
  explicit Settlement(Origins& origins) : origins_(origins) {}
  Settlement(const Settlement&) = delete;
  Settlement& operator=(const Settlement&) = delete;
  ~Settlement() { origins_.settle(committed_); }
  void committed() { committed_ = true; }

 private:
  Origins& origins_;
  bool committed_ = false;
};

}  // namespace cdx
