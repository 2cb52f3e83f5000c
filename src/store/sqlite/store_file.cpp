#include "store/sqlite/store_file.h"

#include <algorithm>

#include "store/sqlite/schema.h"

namespace cdx {
namespace {

using Databases = std::vector<std::unique_ptr<SqliteDatabase>>;

Result<Databases> open_databases(const std::string& path, const SqliteSettings& settings, std::size_t count) {
  Databases databases;
  for (std::size_t i = 0; i < count; ++i) {
    CDX_TRY_LET(auto database, SqliteDatabase::open(path, settings));
    databases.push_back(std::move(database));
  }
  return databases;
}

}  // namespace

Result<StoreHandles> open_store_file(const SqliteStoreOptions& options) {
  SqliteSettings settings;
  settings.application_id = store_application_id;
  settings.full_sync = options.full_sync;
  settings.mmap_bytes = options.mmap_bytes;
  settings.wal_pages = options.wal_pages;
  settings.patience = options.patience;
  settings.cache_bytes = options.writer_cache_bytes;
  StoreHandles handles;
  CDX_TRY_LET(handles.writer, open_databases(options.path, settings, 1));
  CDX_TRY(migrate_store(*handles.writer.front()));
  settings.query_only = true;
  settings.cache_bytes = options.reader_cache_bytes;
  CDX_TRY_LET(handles.readers,
              open_databases(options.path, settings, std::max<std::size_t>(1, options.readers)));
  return handles;
}

}  // namespace cdx
