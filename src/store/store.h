// The truth: raw records, accounts, creators, content, figures, kept vectors, checkpoints, and what changed
// since when.
//
// Twins: SqliteStore (store/sqlite), MemoryStore (store/memory). One contract suite holds them all.
// Promises: every call may come from any thread; what returned without error is durable (the next open sees
// it, also after kill -9); a commit happens as a whole or not at all; repeating a call is safe. Arguments are
// borrowed, results owned by the caller. Errors: `invalid` for arguments that break a stated rule, `conflict`
// as said at commit, `unavailable` (disk full, locked: retry), `corrupt` (stop), `cancelled` and `timed_out`
// from the Call. Revisions are positions in the change feed: a commit that touches n creators takes n of them
// and gives the last. Never: network, platform knowledge, policy decisions.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "model/model.h"
#include "store/campaigns.h"
#include "store/usage.h"

namespace cdx {

using RawOffset = std::uint64_t;  // position in the raw log; 0 is before the first record

struct Appended {
  std::size_t fresh = 0;  // records whose content was new
  RawOffset end = 0;      // position of the last record in the log
};
struct RawPage {
  std::vector<RawRecord> records;  // oldest first
  std::vector<RawOffset> offsets;  // of each record
  RawOffset next = 0;              // ask again after this; equal to `after` when there is nothing more
};

struct AccountChange {
  Account account;
  CreatorId creator;
  std::vector<BlockKey> keys;  // replaces the account's keys
};
// One entry per (record, column), or per (source, key, column) where there is no record; a later one
// replaces.
struct Quarantined {
  std::string source;
  std::string key;     // place: "row 17"
  std::string column;  // empty: the whole record
  std::string reason;
  std::string body;  // verbatim; the store keeps the first 64 KiB
  Time at = {};
  std::string record;  // hex content hash of the raw record; empty: none
};
struct Checkpoint {
  std::string name;
  std::string value;
};
// Of equal ids within one set the last counts. Touched are the creators upserted or removed, and those whose
// accounts, items or pictures are written or dropped; each touched creator that exists gets a new revision.
struct ChangeSet {
  Revision based_on;  // what the caller had read when it decided
  std::vector<AccountChange> accounts;
  std::vector<ContentItem> items;  // upserted by id; their accounts are stored or in this set
  std::vector<MetricSnapshot>
      snapshots;                   // one per (account, metric, time); a later one replaces; accounts as above
  std::vector<Creator> creators;   // upserted; their accounts come from `links`
  std::vector<CreatorId> removed;  // joined away or erased; accounts stay. Absent ones are no error
  std::vector<KnownPicture> pictures;        // upserted by (account, sha256); accounts as above
  std::vector<PictureKey> dropped_pictures;  // absent ones, and those of unknown accounts, are no error
  std::vector<Quarantined> quarantine;
  std::vector<Checkpoint> checkpoints;
};

struct Change {
  Revision revision;
  CreatorId creator;
  bool removed = false;
};
struct ChangePage {
  std::vector<Change> changes;  // oldest first; a creator changed twice appears once, at its last revision
  Revision reached;             // nothing up to this is missing; ask again after it
  bool more = false;
};

// Embeddings kept beside the truth: a cache by (space, text hash), so that a rebuild costs no inference.
struct VectorKey {
  std::uint64_t space = 0;  // hash of model, its weights, dimension and preprocessing
  std::uint64_t text = 0;   // hash64 of the embedded text
  friend auto operator<=>(const VectorKey&, const VectorKey&) = default;
};
struct KeptVector {
  VectorKey key;
  std::vector<float> values;
};

struct StoreCounts {
  std::uint64_t raw = 0, accounts = 0, creators = 0, items = 0, snapshots = 0, quarantined = 0, vectors = 0;
  std::uint64_t pictures = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Appends records whose content (layout and body) is new, skips the rest, equal ones within the span
  // included.
  virtual Result<Appended> append_raw(const Call&, std::span<const RawRecord>) = 0;
  // Records after `after`, at least one where there is one, at most `max` (not 0), fewer where bodies are
  // large.
  virtual Result<RawPage> read_raw(const Call&, RawOffset after, std::size_t max) const = 0;

  // In the order asked; absent ids are left out.
  virtual Result<std::vector<AccountChange>> accounts(const Call&, std::span<const AccountId>) const = 0;
  // Every account that has one of the keys, each once, with its keys and creator; at most `max` of them,
  // those first that entered the store first.
  virtual Result<std::vector<AccountChange>> accounts_sharing(const Call&, std::span<const BlockKey>,
                                                              std::size_t max) const = 0;
  // In the order asked; absent and removed ids are left out.
  virtual Result<std::vector<Creator>> creators(const Call&, std::span<const CreatorId>) const = 0;
  // Creators with their accounts, at most `max_items` newest items of each account, and their newest pictures
  // (Profile::pictures).
  virtual Result<std::vector<Profile>> profiles(const Call&, std::span<const CreatorId>,
                                                std::size_t max_items) const = 0;
  // All pictures of these accounts with their signatures: accounts in the order asked, then newest first.
  virtual Result<std::vector<KnownPicture>> pictures(const Call&, std::span<const AccountId>) const = 0;
  // All snapshots of these accounts: accounts in the order asked, then by metric and time.
  virtual Result<std::vector<MetricSnapshot>> snapshots(const Call&, std::span<const AccountId>) const = 0;
  virtual Result<std::optional<std::string>> checkpoint(const Call&, std::string_view name) const = 0;
  // Entries of one source, or of all where it is empty, oldest first.
  virtual Result<std::vector<Quarantined>> quarantine(const Call&, std::string_view source,
                                                      std::size_t max) const = 0;

  // All or nothing; gives the new revision (also when only checkpoints changed). `conflict` when a touched
  // creator has moved past `based_on`.
  virtual Result<Revision> commit(const Call&, const ChangeSet&) = 0;
  virtual Result<Revision> revision(const Call&) const = 0;
  // What changed after `since`, at most `max` changes (not 0). The index lives on this feed. `reached` is
  // below `since` only where the store is older than its asker, as after a restored backup: start again from
  // 0.
  virtual Result<ChangePage> changes(const Call&, Revision since, std::size_t max) const = 0;

  // Absent keys are left out. No order is promised.
  virtual Result<std::vector<KeptVector>> vectors(const Call&, std::span<const VectorKey>) const = 0;
  virtual Status keep_vectors(const Call&, std::span<const KeptVector>) = 0;

  virtual Result<StoreCounts> counts(const Call&) const = 0;
  // For doctor: faults of what is kept, each in a sentence; none when it is sound. Reads everything.
  virtual Result<std::vector<std::string>> check(const Call&) const = 0;
};

}  // namespace cdx
