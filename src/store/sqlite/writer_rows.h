// The rows of one commit that belong to accounts, in the order of the tables. Seen by writer.cpp only.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "store/sqlite/interner.h"
#include "store/sqlite/rows.h"
#include "store/store.h"

namespace cdx {

class RowWriter {
 public:
  RowWriter(SqliteDatabase& writer, Origins& origins, const Call& call)
      : writer_(writer), origins_(origins), call_(call) {}

  // Finds the accounts that items, pictures and snapshots name and the set does not write; gives the creators
  // of the items' and pictures'.
  Result<std::vector<CreatorId>> find_accounts(const ChangeSet& changes);
  Status put_accounts(const ChangeSet& changes);
  Status put_items(std::span<const ContentItem> items);
  Status put_snapshots(std::span<const MetricSnapshot> snapshots);
  Status put_pictures(std::span<const KnownPicture> pictures);
  Status drop_pictures(std::span<const PictureKey> pictures);
  Status put_quarantine(std::span<const Quarantined> entries);
  Status put_checkpoints(std::span<const Checkpoint> checkpoints);

 private:
  struct Stored {
    std::int64_t row;
    CreatorId creator;
  };
  Result<std::optional<Stored>> find(AccountId id);
  Status encode(const AccountChange& change);
  Status update(const AccountChange& change);
  Status drop_keys(std::string_view keys, std::int64_t row);
  Status put_keys();
  Status look(std::size_t done) const { return done % call_stride == 0 ? call_.check() : Status(); }

  SqliteDatabase& writer_;
  Origins& origins_;
  const Call& call_;
  std::unordered_map<AccountId, std::int64_t> rows_;
  std::vector<std::pair<std::int64_t, std::int64_t>> fresh_keys_;  // hash and account's row
  std::string body_, keys_;
  std::vector<std::int64_t> terms_;
};

}  // namespace cdx
