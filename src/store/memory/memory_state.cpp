#include "store/memory/memory_state.h"

#include <algorithm>

#include "store/check.h"

namespace cdx {

Result<Revision> MemoryState::commit(const ChangeSet& changes) {
  CDX_TRY(check(changes));
  CDX_TRY_LET(std::vector<CreatorId> of_items, creators_of_items(changes));
  for (const auto& touched : touched_creators(changes, of_items)) {
    const auto found = creators.find(touched.id);
    if (found != creators.end() && found->second.revision > changes.based_on) {
      return fail(ErrorKind::conflict, "creator " + touched.id.text() + " has changed at revision " +
                                           std::to_string(found->second.revision.value) + ", after " +
                                           std::to_string(changes.based_on.value));
    }
  }
  // From here on nothing can fail.
  put_creators(changes, std::move(of_items));
  for (const auto* change : accounts_in_order(changes)) put_account(*change);
  for (const auto& item : changes.items) put_item(item);
  for (const auto& snapshot : changes.snapshots) {
    snapshots[{snapshot.account, snapshot.metric, snapshot.at}] = snapshot;
  }
  for (const auto& key : changes.dropped_pictures) pictures.erase(key);
  for (const auto& picture : changes.pictures) pictures[{picture.account, picture.sha256}] = picture;
  for (const auto& entry : changes.quarantine) put_quarantined(entry);
  for (const auto& checkpoint : changes.checkpoints) checkpoints[checkpoint.name] = checkpoint.value;
  return revision;
}

Result<std::vector<CreatorId>> MemoryState::creators_of_items(const ChangeSet& changes) const {
  std::map<AccountId, CreatorId> fresh;
  for (const auto& change : changes.accounts) fresh[change.account.id] = change.creator;
  std::vector<CreatorId> found;
  const auto seek = [&](AccountId id, const std::string& what, bool touches) -> Status {
    if (fresh.contains(id)) return {};  // its creator is touched by the account already
    const auto stored = accounts.find(id);
    if (stored == accounts.end()) {
      return fail(ErrorKind::invalid,
                  what + ": its account " + id.text() + " is neither stored nor in the commit");
    }
    if (touches) found.push_back(stored->second.value.creator);
    return {};
  };
  for (const auto& item : changes.items) CDX_TRY(seek(item.account, "item " + item.id.text(), true));
  for (const auto& snapshot : changes.snapshots) CDX_TRY(seek(snapshot.account, "snapshot", false));
  for (const auto& picture : changes.pictures)
    CDX_TRY(seek(picture.account, "picture " + hex(picture.sha256), true));
  for (const auto& key : changes.dropped_pictures)
    if (const auto stored = accounts.find(key.account); stored != accounts.end())
      found.push_back(stored->second.value.creator);
  return found;
}

void MemoryState::put_creators(const ChangeSet& changes, std::vector<CreatorId> of_items) {
  const auto before = revision;
  for (const auto& touched : touched_creators(changes, std::move(of_items))) {
    const auto found = creators.find(touched.id);
    const bool lives = found != creators.end() && !found->second.removed;
    if (touched.upserted == nullptr && !lives) continue;
    ++revision.value;
    auto& row = creators[touched.id];
    feed.erase(row.revision);
    feed[revision] = touched.id;
    row.revision = revision;
    row.removed = touched.removed;
    if (touched.upserted != nullptr) row.creator = *touched.upserted;
    if (touched.removed) row.creator = {};
    row.creator.revision = revision;
  }
  if (revision == before) ++revision.value;
}

void MemoryState::put_account(const AccountChange& change) {
  const auto [entry, fresh] = accounts.try_emplace(change.account.id);
  if (fresh) entry->second.order = ++entries;
  for (const auto& key : entry->second.value.keys) keys[key].erase(change.account.id);
  entry->second.value = change;
  for (const auto& key : change.keys) keys[key].insert(change.account.id);
}

void MemoryState::put_item(const ContentItem& item) {
  const auto [entry, fresh] = items.try_emplace(item.id);
  if (fresh)
    entry->second.order = ++entries;
  else
    items_of[entry->second.value.account].erase(item.id);
  entry->second.value = item;
  items_of[item.account].insert(item.id);
}

void MemoryState::put_quarantined(const Quarantined& entry) {
  const auto [order, fresh] = quarantine_orders.try_emplace(quarantine_identity(entry), entries + 1);
  if (fresh) ++entries;
  auto& kept = quarantine[order->second] = entry;
  kept.body.resize(std::min(kept.body.size(), quarantine_body_bytes));
}

Profile MemoryState::profile(const Creator& creator, std::size_t max_items) const {
  Profile profile{creator, {}, {}, {}};
  const auto newer = [](const ContentItem& a, const ContentItem& b) {
    return a.published_at > b.published_at;
  };
  for (const auto& link : creator.links) {
    const auto account = accounts.find(link.account);
    if (account == accounts.end()) continue;
    profile.accounts.push_back(account->second.value.account);
    add_pictures(link.account, profile.pictures);
    const auto ids = items_of.find(link.account);
    if (ids == items_of.end()) continue;
    std::map<std::uint64_t, const ContentItem*> by_entry;
    for (const auto id : ids->second) by_entry[items.at(id).order] = &items.at(id).value;
    std::vector<ContentItem> newest;
    for (const auto& [order, item] : by_entry) newest.push_back(*item);
    std::stable_sort(newest.begin(), newest.end(), newer);
    newest.resize(std::min(newest.size(), max_items));
    profile.items.insert(profile.items.end(), newest.begin(), newest.end());
  }
  std::stable_sort(profile.items.begin(), profile.items.end(), newer);
  keep_newest(profile.pictures);
  return profile;
}

void MemoryState::add_pictures(AccountId account, std::vector<KnownPicture>& to) const {
  const auto begin = static_cast<std::ptrdiff_t>(to.size());
  for (auto row = pictures.lower_bound({account, {}}); row != pictures.end() && row->first.account == account;
       ++row)
    to.push_back(row->second);
  std::stable_sort(to.begin() + begin, to.end(), newer_picture);
}

}  // namespace cdx
