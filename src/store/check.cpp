#include "store/check.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

#include "store/account_fields.h"

namespace cdx {
namespace {

Status check_account(const Account& account) {
  if (static_cast<std::size_t>(account.platform) >= platform_count) {
    return fail(ErrorKind::invalid, "account " + account.id.text() + ": unknown platform");
  }
  bool known = true;
  for_account_fields(account, [&](const auto& field) {
    if (field && field->origin >= account.origins.size()) known = false;
  });
  if (!known) {
    return fail(ErrorKind::invalid,
                "account " + account.id.text() + ": a field names an origin it does not have");
  }
  return {};
}

Status check_snapshot(const MetricSnapshot& snapshot) {
  if (static_cast<std::size_t>(snapshot.metric) > static_cast<std::size_t>(Metric::average_likes)) {
    return fail(ErrorKind::invalid, "snapshot of " + snapshot.account.text() + ": unknown metric");
  }
  if (std::isnan(snapshot.value)) {
    return fail(ErrorKind::invalid, "snapshot of " + snapshot.account.text() + ": " +
                                        std::string(name(snapshot.metric)) + " is not a number");
  }
  return {};
}

Status check_pictures(const ChangeSet& changes) {
  std::set<PictureKey> dropped(changes.dropped_pictures.begin(), changes.dropped_pictures.end());
  for (const auto& picture : changes.pictures) {
    const auto what = "picture " + hex(picture.sha256) + " of " + picture.account.text();
    if (static_cast<std::size_t>(picture.role) > static_cast<std::size_t>(PictureRole::uploaded))
      return fail(ErrorKind::invalid, what + ": unknown role");
    if (picture.signature.size() > picture_signature_bytes)
      return fail(ErrorKind::invalid, what + ": its signature has " +
                                          std::to_string(picture.signature.size()) + " bytes; at most " +
                                          std::to_string(picture_signature_bytes) + " are kept");
    if (dropped.contains({picture.account, picture.sha256}))
      return fail(ErrorKind::invalid, what + ": both written and dropped in one commit");
  }
  return {};
}

Status check_creators(const ChangeSet& changes) {
  if (changes.removed.empty()) return {};
  const std::unordered_set<CreatorId> removed(changes.removed.begin(), changes.removed.end());
  for (const auto& creator : changes.creators) {
    if (removed.contains(creator.id)) {
      return fail(ErrorKind::invalid,
                  "creator " + creator.id.text() + ": both written and removed in one commit");
    }
  }
  return {};
}

}  // namespace

Status check(const ChangeSet& changes) {
  for (const auto& change : changes.accounts) CDX_TRY(check_account(change.account));
  for (const auto& snapshot : changes.snapshots) CDX_TRY(check_snapshot(snapshot));
  for (const auto& item : changes.items) {
    if (static_cast<std::size_t>(item.type) > static_cast<std::size_t>(ContentType::other)) {
      return fail(ErrorKind::invalid, "item " + item.id.text() + ": unknown content type");
    }
  }
  CDX_TRY(check_pictures(changes));
  return check_creators(changes);
}

Status check_page(std::size_t max) {
  if (max == 0) return fail(ErrorKind::invalid, "a page of the store must hold at least one entry");
  return {};
}

std::string quarantine_identity(const Quarantined& entry) {
  // The leading byte keeps the two kinds of identity apart.
  std::string identity = entry.record.empty() ? "k" : "r";
  identity += entry.record.empty() ? entry.source + '\0' + entry.key : entry.record;
  identity += '\0';
  identity += entry.column;
  return identity;
}

std::vector<Touched> touched_creators(const ChangeSet& changes, std::vector<CreatorId> creators_of_items) {
  std::vector<Touched> all;
  all.reserve(changes.creators.size() + changes.removed.size() + changes.accounts.size() +
              creators_of_items.size());
  // Of equal ids the first here stays: the last upsert given, then a removal, then a mere mention.
  for (auto creator = changes.creators.rbegin(); creator != changes.creators.rend(); ++creator) {
    all.push_back({creator->id, &*creator, false});
  }
  for (const auto id : changes.removed) all.push_back({id, nullptr, true});
  for (const auto& change : changes.accounts) all.push_back({change.creator, nullptr, false});
  for (const auto id : creators_of_items) all.push_back({id, nullptr, false});
  std::stable_sort(all.begin(), all.end(), [](const Touched& a, const Touched& b) { return a.id < b.id; });
  const auto equal = [](const Touched& a, const Touched& b) { return a.id == b.id; };
  all.erase(std::unique(all.begin(), all.end(), equal), all.end());
  return all;
}

bool newer_picture(const KnownPicture& a, const KnownPicture& b) {
  return a.origin.fetched_at > b.origin.fetched_at;
}

void keep_newest(std::vector<KnownPicture>& pictures) {
  std::stable_sort(pictures.begin(), pictures.end(), newer_picture);
  if (pictures.size() > max_profile_pictures) pictures.resize(max_profile_pictures);
  for (auto& picture : pictures) picture.signature.clear();
}

std::vector<const AccountChange*> accounts_in_order(const ChangeSet& changes) {
  std::vector<const AccountChange*> all;
  all.reserve(changes.accounts.size());
  for (auto change = changes.accounts.rbegin(); change != changes.accounts.rend(); ++change)
    all.push_back(&*change);
  const auto id = [](const AccountChange* change) { return change->account.id; };
  std::stable_sort(all.begin(), all.end(), [&](const auto* a, const auto* b) { return id(a) < id(b); });
  all.erase(std::unique(all.begin(), all.end(), [&](const auto* a, const auto* b) { return id(a) == id(b); }),
            all.end());
  return all;
}

}  // namespace cdx
