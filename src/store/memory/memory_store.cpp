#include "store/memory/memory_store.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>

#include "store/check.h"
#include "store/memory/memory_state.h"

namespace cdx {
namespace {

using Writing = std::unique_lock<std::shared_mutex>;
using Reading = std::shared_lock<std::shared_mutex>;

class MemoryStore final : public Store {
 public:
  Result<Appended> append_raw(const Call& call, std::span<const RawRecord> records) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    Appended done;
    for (const auto& record : records) {
      if (!state_.raw_hashes.insert(content_hash(record)).second) continue;
      state_.raw.push_back(record);
      ++done.fresh;
    }
    done.end = state_.raw.size();
    return done;
  }

  Result<RawPage> read_raw(const Call& call, RawOffset after, std::size_t max) const override {
    CDX_TRY(call.check());
    CDX_TRY(check_page(max));
    const Reading lock(mutex_);
    RawPage page;
    page.next = after;
    while (page.next < state_.raw.size() && page.records.size() < max) {
      page.records.push_back(state_.raw[page.next]);
      page.offsets.push_back(++page.next);
    }
    return page;
  }

  Result<std::vector<AccountChange>> accounts(const Call& call,
                                              std::span<const AccountId> ids) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<AccountChange> found;
    for (const auto id : ids) {
      const auto account = state_.accounts.find(id);
      if (account != state_.accounts.end()) found.push_back(account->second.value);
    }
    return found;
  }

  Result<std::vector<AccountChange>> accounts_sharing(const Call& call, std::span<const BlockKey> keys,
                                                      std::size_t max) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::map<std::uint64_t, const AccountChange*> by_entry;
    for (const auto& key : keys) {
      const auto sharing = state_.keys.find(key);
      if (sharing == state_.keys.end()) continue;
      for (const auto id : sharing->second) {
        const auto& account = state_.accounts.at(id);
        by_entry[account.order] = &account.value;
      }
    }
    std::vector<AccountChange> found;
    for (const auto& [order, account] : by_entry) {
      if (found.size() == max) break;
      found.push_back(*account);
    }
    return found;
  }

  Result<std::vector<Creator>> creators(const Call& call, std::span<const CreatorId> ids) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<Creator> found;
    for (const auto id : ids) {
      const auto row = state_.creators.find(id);
      if (row != state_.creators.end() && !row->second.removed) found.push_back(row->second.creator);
    }
    return found;
  }

  Result<std::vector<Profile>> profiles(const Call& call, std::span<const CreatorId> ids,
                                        std::size_t max_items) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<Profile> found;
    for (const auto id : ids) {
      const auto row = state_.creators.find(id);
      if (row == state_.creators.end() || row->second.removed) continue;
      found.push_back(state_.profile(row->second.creator, max_items));
    }
    return found;
  }

  Result<std::vector<MetricSnapshot>> snapshots(const Call& call,
                                                std::span<const AccountId> ids) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<MetricSnapshot> found;
    for (const auto id : ids) {
      auto row = state_.snapshots.lower_bound({id, Metric{}, Time::min()});
      for (; row != state_.snapshots.end() && row->second.account == id; ++row) found.push_back(row->second);
    }
    return found;
  }

  Result<std::vector<KnownPicture>> pictures(const Call& call,
                                             std::span<const AccountId> ids) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<KnownPicture> found;
    for (const auto id : ids) state_.add_pictures(id, found);
    return found;
  }

  Result<std::optional<std::string>> checkpoint(const Call& call, std::string_view name) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto found = state_.checkpoints.find(name);
    if (found == state_.checkpoints.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }

  Result<std::vector<Quarantined>> quarantine(const Call& call, std::string_view source,
                                              std::size_t max) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<Quarantined> found;
    for (const auto& [order, entry] : state_.quarantine) {
      if (found.size() == max) break;
      if (source.empty() || entry.source == source) found.push_back(entry);
    }
    return found;
  }

  Result<Revision> commit(const Call& call, const ChangeSet& changes) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    return state_.commit(changes);
  }

  Result<Revision> revision(const Call& call) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    return state_.revision;
  }

  Result<ChangePage> changes(const Call& call, Revision since, std::size_t max) const override {
    CDX_TRY(call.check());
    CDX_TRY(check_page(max));
    const Reading lock(mutex_);
    ChangePage page;
    auto change = state_.feed.upper_bound(since);
    for (; change != state_.feed.end() && page.changes.size() < max; ++change) {
      page.changes.push_back({change->first, change->second, state_.creators.at(change->second).removed});
    }
    page.more = change != state_.feed.end();
    page.reached = page.more ? page.changes.back().revision : state_.revision;
    return page;
  }

  Result<std::vector<KeptVector>> vectors(const Call& call, std::span<const VectorKey> keys) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<KeptVector> found;
    for (const auto& key : keys) {
      const auto kept = state_.vectors.find(key);
      if (kept != state_.vectors.end()) found.push_back({key, kept->second});
    }
    return found;
  }

  Status keep_vectors(const Call& call, std::span<const KeptVector> vectors) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    for (const auto& vector : vectors) state_.vectors[vector.key] = vector.values;
    return {};
  }

  Result<std::vector<std::string>> check(const Call& call) const override {
    CDX_TRY(call.check());
    return std::vector<std::string>();
  }
  Result<StoreCounts> counts(const Call& call) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto live = std::count_if(state_.creators.begin(), state_.creators.end(),
                                    [](const auto& row) { return !row.second.removed; });
    return StoreCounts{state_.raw.size(),     state_.accounts.size(),  static_cast<std::uint64_t>(live),
                       state_.items.size(),   state_.snapshots.size(), state_.quarantine.size(),
                       state_.vectors.size(), state_.pictures.size()};
  }

 private:
  mutable std::shared_mutex mutex_;
  MemoryState state_;
};

}  // namespace

std::unique_ptr<Store> open_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace cdx
