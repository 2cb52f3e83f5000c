#include "store/sqlite/sqlite_store.h"

#include <algorithm>

#include "store/check.h"
#include "store/sqlite/connections.h"
#include "store/sqlite/raw_log.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/vector_cache.h"
#include "store/sqlite/writer.h"

namespace cdx {
namespace {

using Databases = std::vector<std::unique_ptr<SqliteDatabase>>;

class SqliteStore final : public Store {
 public:
  SqliteStore(Databases writer, Databases readers, std::chrono::milliseconds patience)
      : writer_(std::move(writer), patience), readers_(std::move(readers), patience) {}

  Result<Appended> append_raw(const Call& call, std::span<const RawRecord> records) override {
    CDX_TRY_LET(const auto writer, writer_.lend(call));
    return cdx::append_raw(*writer, origins_, call, records);
  }
  Result<RawPage> read_raw(const Call& call, RawOffset after, std::size_t max) const override {
    CDX_TRY(check_page(max));
    CDX_TRY_LET(const auto reader, readers_.lend(call));
    return cdx::read_raw(*reader, origins_, call, after, max);
  }
  Result<std::vector<AccountChange>> accounts(const Call& call,
                                              std::span<const AccountId> ids) const override {
    return read(call, [&](const StoreReader& reader) { return reader.accounts(ids); });
  }
  Result<std::vector<AccountChange>> accounts_sharing(const Call& call, std::span<const BlockKey> keys,
                                                      std::size_t max) const override {
    return read(call, [&](const StoreReader& reader) { return reader.accounts_sharing(keys, max); });
  }
  Result<std::vector<Creator>> creators(const Call& call, std::span<const CreatorId> ids) const override {
    return read(call, [&](const StoreReader& reader) { return reader.creators(ids); });
  }
  Result<std::vector<Profile>> profiles(const Call& call, std::span<const CreatorId> ids,
                                        std::size_t max_items) const override {
    return read(call, [&](const StoreReader& reader) { return reader.profiles(ids, max_items); });
  }
  Result<std::vector<MetricSnapshot>> snapshots(const Call& call,
                                                std::span<const AccountId> ids) const override {
    return read(call, [&](const StoreReader& reader) { return reader.snapshots(ids); });
  }
  Result<std::optional<std::string>> checkpoint(const Call& call, std::string_view name) const override {
    return read(call, [&](const StoreReader& reader) { return reader.checkpoint(name); });
  }
  Result<std::vector<Quarantined>> quarantine(const Call& call, std::string_view source,
                                              std::size_t max) const override {
    return read(call, [&](const StoreReader& reader) { return reader.quarantine(source, max); });
  }
  Result<Revision> commit(const Call& call, const ChangeSet& changes) override {
    CDX_TRY_LET(const auto writer, writer_.lend(call));
    return commit_changes(*writer, origins_, call, changes);
  }
  Result<Revision> revision(const Call& call) const override {
    return read(call, [&](const StoreReader& reader) { return reader.revision(); });
  }
  Result<ChangePage> changes(const Call& call, Revision since, std::size_t max) const override {
    CDX_TRY(check_page(max));
    return read(call, [&](const StoreReader& reader) { return reader.changes(since, max); });
  }
  Result<std::vector<KeptVector>> vectors(const Call& call, std::span<const VectorKey> keys) const override {
    CDX_TRY_LET(const auto reader, readers_.lend(call));
    return read_vectors(*reader, call, keys);
  }
  Status keep_vectors(const Call& call, std::span<const KeptVector> vectors) override {
    CDX_TRY_LET(const auto writer, writer_.lend(call));
    return cdx::keep_vectors(*writer, call, vectors);
  }
  Result<std::vector<std::string>> check(const Call& call) const override {
    return read(call, [&](const StoreReader& reader) { return reader.check(); });
  }
  Result<StoreCounts> counts(const Call& call) const override {
    return read(call, [&](const StoreReader& reader) { return reader.counts(); });
  }

 private:
  // One transaction, so that an answer made of several queries shows one state.
  template <class Question>
  auto read(const Call& call, Question&& question) const
      -> decltype(question(std::declval<const StoreReader&>())) {
    CDX_TRY_LET(const auto lent, readers_.lend(call));
    auto& reader = *lent;
    CDX_TRY_LET(const auto reading, SqliteTransaction::begin(reader, SqliteTransaction::Kind::reading));
    return question(StoreReader(reader, origins_, call));
  }

  mutable Connections writer_;
  mutable Connections readers_;
  Origins origins_;
};

Result<Databases> open_databases(const std::string& path, const SqliteSettings& settings, std::size_t count) {
  Databases databases;
  for (std::size_t i = 0; i < count; ++i) {
    CDX_TRY_LET(auto database, SqliteDatabase::open(path, settings));
    databases.push_back(std::move(database));
  }
  return databases;
}

}  // namespace

int sqlite_schema_version() { return store_schema_version; }

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options) {
  SqliteSettings settings;
  settings.application_id = store_application_id;
  settings.full_sync = options.full_sync;
  settings.mmap_bytes = options.mmap_bytes;
  settings.wal_pages = options.wal_pages;
  settings.patience = options.patience;
  settings.cache_bytes = options.writer_cache_bytes;
  CDX_TRY_LET(Databases writer, open_databases(options.path, settings, 1));
  CDX_TRY(migrate_store(*writer.front()));
  settings.query_only = true;
  settings.cache_bytes = options.reader_cache_bytes;
  CDX_TRY_LET(Databases readers,
              open_databases(options.path, settings, std::max<std::size_t>(1, options.readers)));
  return std::make_unique<SqliteStore>(std::move(writer), std::move(readers), options.patience);
}

}  // namespace cdx
