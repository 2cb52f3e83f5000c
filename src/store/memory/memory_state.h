// What a MemoryStore holds, and how a change set is put into it. No locking here.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "store/store.h"

namespace cdx {

struct MemoryState {
  template <class T>
  struct Entered {
    std::uint64_t order = 0;  // of first entry
    T value;
  };
  struct CreatorRow {
    Creator creator;
    Revision revision;
    bool removed = false;
  };
  using SnapshotKey = std::tuple<AccountId, Metric, Time>;

  std::vector<RawRecord> raw;
  std::set<Digest> raw_hashes;
  std::map<AccountId, Entered<AccountChange>> accounts;
  std::map<BlockKey, std::set<AccountId>> keys;
  std::map<ContentId, Entered<ContentItem>> items;
  std::map<AccountId, std::set<ContentId>> items_of;
  std::map<SnapshotKey, MetricSnapshot> snapshots;
  std::map<PictureKey, KnownPicture> pictures;
  std::map<CreatorId, CreatorRow> creators;
  std::map<Revision, CreatorId> feed;
  std::map<std::uint64_t, Quarantined> quarantine;  // by order of entry
  std::map<std::string, std::uint64_t> quarantine_orders;
  std::map<std::string, std::string, std::less<>> checkpoints;
  std::map<VectorKey, std::vector<float>> vectors;
  Revision revision;
  std::uint64_t entries = 0;  // gives every new row its order

  // Changes nothing when it fails.
  Result<Revision> commit(const ChangeSet& changes);
  // Newest first.
  void add_pictures(AccountId account, std::vector<KnownPicture>& to) const;
  Profile profile(const Creator& creator, std::size_t max_items) const;

 private:
  Result<std::vector<CreatorId>> creators_of_items(const ChangeSet& changes) const;
  void put_creators(const ChangeSet& changes, std::vector<CreatorId> creators_of_items);
  void put_account(const AccountChange& change);
  void put_item(const ContentItem& item);
  void put_quarantined(const Quarantined& entry);
};

}  // namespace cdx
