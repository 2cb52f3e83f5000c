// The handles on one store file: one for writing, several for reading. What every store on that file opens.
#pragma once

#include "store/sqlite/connections.h"
#include "store/sqlite/sqlite_store.h"

namespace cdx {

struct StoreHandles {
  std::vector<std::unique_ptr<SqliteDatabase>> writer, readers;
};
// Brings the file up to the present schema. Errors as in sqlite_store.h.
Result<StoreHandles> open_store_file(const SqliteStoreOptions& options);

// Both kinds, lent to one caller at a time.
class StoreFile {
 public:
  StoreFile(StoreHandles handles, std::chrono::milliseconds patience)
      : writer_(std::move(handles.writer), patience), readers_(std::move(handles.readers), patience) {}

  Result<Connections::Lent> lend_writer(const Call& call) const { return writer_.lend(call); }
  Result<Connections::Lent> lend_reader(const Call& call) const { return readers_.lend(call); }

  // `question(SqliteDatabase&)` within one reading transaction, so that an answer made of several queries
  // shows one state.
  template <class Question>
  auto read(const Call& call, Question&& question) const
      -> decltype(question(std::declval<SqliteDatabase&>())) {
    CDX_TRY_LET(const auto lent, readers_.lend(call));
    CDX_TRY_LET(const auto reading, SqliteTransaction::begin(*lent, SqliteTransaction::Kind::reading));
    return question(*lent);
  }

  // `change(SqliteDatabase&)` gives a Status; its transaction is committed when that is no error.
  template <class Change>
  Status write(const Call& call, Change&& change) const {
    CDX_TRY_LET(const auto lent, writer_.lend(call));
    CDX_TRY_LET(SqliteTransaction writing, SqliteTransaction::begin(*lent, SqliteTransaction::Kind::writing));
    CDX_TRY(change(*lent));
    return writing.commit();
  }

 private:
  mutable Connections writer_;
  mutable Connections readers_;
};

}  // namespace cdx
