// The twins of Store, CampaignStore and UsageStore on one SQLite file: one writer at a time, many readers
// beside it, several processes on one folder.
//
// Opening creates the file in its existing folder, or brings an older one up to the present schema.
// `not_found` without the folder, `unavailable` without the right to write, `corrupt` for damaged files and
// files of another kind, `invalid` for databases of other programs, `unsupported` for a file that a newer
// creatordex wrote.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/store.h"

namespace cdx {

struct SqliteStoreOptions {
  std::string path;
  bool full_sync = true;    // what returned survives power loss; otherwise only the end of the process
  std::size_t readers = 4;  // at once, at least 1; further ones wait
  std::chrono::milliseconds patience{10'000};  // longest wait for a writer or reader that is busy
  std::size_t writer_cache_bytes = std::size_t{64} << 20U;
  std::size_t reader_cache_bytes = std::size_t{8} << 20U;  // each
  std::size_t mmap_bytes = 0;                              // of the file read through memory mapping; 0: none
  std::size_t wal_pages = 8000;  // of 8 KiB: the write-ahead log is folded into the file beyond this length
};

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteStoreOptions& options);
// Each on connections of its own: the three may have one file open, in one process or several.
Result<std::unique_ptr<CampaignStore>> open_sqlite_campaign_store(const SqliteStoreOptions& options);
Result<std::unique_ptr<UsageStore>> open_sqlite_usage_store(const SqliteStoreOptions& options);
int sqlite_schema_version();  // that this program writes

}  // namespace cdx
