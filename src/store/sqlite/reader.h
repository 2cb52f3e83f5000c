// The questions a SqliteStore answers, each within one reading transaction. Arguments and answers as in
// store.h.
#pragma once

#include "store/sqlite/interner.h"
#include "store/store.h"

namespace cdx {

class StoreReader {
 public:
  StoreReader(SqliteDatabase& database, const Origins& origins, const Call& call)
      : database_(database), origins_(origins), call_(call) {}

  Result<std::vector<AccountChange>> accounts(std::span<const AccountId> ids) const;
  Result<std::vector<AccountChange>> accounts_sharing(std::span<const BlockKey> keys, std::size_t max) const;
  Result<std::vector<Creator>> creators(std::span<const CreatorId> ids) const;
  Result<std::vector<Profile>> profiles(std::span<const CreatorId> ids, std::size_t max_items) const;
  Result<std::vector<KnownPicture>> pictures(std::span<const AccountId> ids) const;
  Result<std::vector<MetricSnapshot>> snapshots(std::span<const AccountId> ids) const;
  Result<std::optional<std::string>> checkpoint(std::string_view name) const;
  Result<std::vector<Quarantined>> quarantine(std::string_view source, std::size_t max) const;
  Result<ChangePage> changes(Revision since, std::size_t max) const;
  Result<Revision> revision() const;
  Result<StoreCounts> counts() const;
  Result<std::vector<std::string>> check() const;

 private:
  Result<std::optional<Creator>> creator(CreatorId id) const;
  Result<AccountChange> account(const SqliteStatement& row) const;
  Status add_items(std::int64_t account_row, AccountId account, std::size_t max,
                   std::vector<ContentItem>& to) const;
  // Newest first; at most `max`.
  Status add_pictures(std::int64_t account_row, AccountId account, std::size_t max, bool signatures,
                      std::vector<KnownPicture>& to) const;
  tl::unexpected<Error> damaged(const std::string& what, Error error) const;

  SqliteDatabase& database_;
  const Origins& origins_;
  const Call& call_;
};

}  // namespace cdx
