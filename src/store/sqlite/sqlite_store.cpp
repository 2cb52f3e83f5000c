#include "store/sqlite/sqlite_store.h"

#include "store/check.h"
#include "store/sqlite/raw_log.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/store_file.h"
#include "store/sqlite/vector_cache.h"
#include "store/sqlite/writer.h"

namespace cdx {
namespace {

class SqliteStore final : public Store {
 public:
  SqliteStore(StoreHandles handles, std::chrono::milliseconds patience)
      : file_(std::move(handles), patience) {}

  Result<Appended> append_raw(const Call& call, std::span<const RawRecord> records) override {
    CDX_TRY_LET(const auto writer, file_.lend_writer(call));
    return cdx::append_raw(*writer, origins_, call, records);
  }
  Result<RawPage> read_raw(const Call& call, RawOffset after, std::size_t max) const override {
    CDX_TRY(check_page(max));
    CDX_TRY_LET(const auto reader, file_.lend_reader(call));
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
  Result<std::vector<KnownPicture>> pictures(const Call& call,
                                             std::span<const AccountId> ids) const override {
    return read(call, [&](const StoreReader& reader) { return reader.pictures(ids); });
  }
  Result<std::optional<std::string>> checkpoint(const Call& call, std::string_view name) const override {
    return read(call, [&](const StoreReader& reader) { return reader.checkpoint(name); });
  }
  Result<std::vector<Quarantined>> quarantine(const Call& call, std::string_view source,
                                              std::size_t max) const override {
    return read(call, [&](const StoreReader& reader) { return reader.quarantine(source, max); });
  }
  Result<Revision> commit(const Call& call, const ChangeSet& changes) override {
    CDX_TRY_LET(const auto writer, file_.lend_writer(call));
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
    CDX_TRY_LET(const auto reader, file_.lend_reader(call));
    return read_vectors(*reader, call, keys);
  }
  Status keep_vectors(const Call& call, std::span<const KeptVector> vectors) override {
    CDX_TRY_LET(const auto writer, file_.lend_writer(call));
    return cdx::keep_vectors(*writer, call, vectors);
  }
  Result<std::vector<std::string>> check(const Call& call) const override {
    return read(call, [&](const StoreReader& reader) { return reader.check(); });
  }
  Result<StoreCounts> counts(const Call& call) const override {
    return read(call, [&](const StoreReader& reader) { return reader.counts(); });
  }

 private:
  template <class Question>
  auto read(const Call& call, Question&& question) const
      -> decltype(question(std::declval<const StoreReader&>())) {
    return file_.read(call,
                      [&](SqliteDatabase& reader) { return question(StoreReader(reader, origins_, call)); });
  }

  StoreFile file_;
  Origins origins_;
};

}  // namespace

int sqlite_schema_version() { return store_schema_version; }

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options) {
  CDX_TRY_LET(StoreHandles handles, open_store_file(options));
  return std::make_unique<SqliteStore>(std::move(handles), options.patience);
}

}  // namespace cdx
