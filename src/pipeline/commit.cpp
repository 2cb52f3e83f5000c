#include "pipeline/commit.h"

#include <algorithm>
#include <map>
#include <set>

#include "enrich/enrich.h"
#include "figures/figures.h"
#include "pipeline/parallel.h"
#include "resolve/resolve.h"

namespace cdx {
namespace {

constexpr std::size_t most_items = 20;       // that a creator is derived from
constexpr std::size_t most_candidates = 50;  // accounts compared with a new one
constexpr int most_tries = 5;

// Deriving is two thirds of an import's work and pure, so it is shared among the cores.
constexpr std::size_t worth_a_thread = 64;

struct Member {
  Account account;
  CreatorId creator;
  std::vector<BlockKey> keys;
};

// One attempt at a batch; everything it decided on is in the ChangeSet.
class Batch {
 public:
  Batch(const Call& call, const Store& store, const Clock& clock)
      : call_(call), store_(store), clock_(clock) {}

  Result<ChangeSet> changes(const std::vector<AccountUpdate>& updates, const CommitExtras& extras) {
    ChangeSet out;
    CDX_TRY_LET(out.based_on, store_.revision(call_));
    CDX_TRY(merge(updates));
    CDX_TRY(resolve_new());
    CDX_TRY(derive(updates, extras.fakes, out));
    for (auto& [id, member] : members_) out.accounts.push_back({member.account, member.creator, member.keys});
    for (const auto& update : updates) {
      out.items.insert(out.items.end(), update.items.begin(), update.items.end());
      out.snapshots.insert(out.snapshots.end(), update.snapshots.begin(), update.snapshots.end());
    }
    out.quarantine = extras.quarantine;
    out.checkpoints = extras.checkpoints;
    return out;
  }

 private:
  // Known accounts take the new fields; equal accounts within the batch become one.
  Status merge(const std::vector<AccountUpdate>& updates) {
    std::vector<AccountId> ids;
    for (const auto& update : updates) ids.push_back(update.account.id);
    CDX_TRY_LET(auto known, store_.accounts(call_, ids));
    for (auto& change : known) {
      known_.insert(change.account.id);
      const auto id = change.account.id;
      members_.emplace(id, Member{std::move(change.account), change.creator, std::move(change.keys)});
    }
    for (const auto& update : updates) {
      const auto [at, fresh] = members_.try_emplace(update.account.id, Member{update.account, {}, {}});
      if (fresh)
        order_.push_back(update.account.id);
      else
        merge_account(at->second.account, update.account);
      refresh_keys(at->second, update.declared_key);
    }
    return {};
  }

  // A key that a source declared stays, also when another source that knows none updates the account.
  static void refresh_keys(Member& member, const std::string& declared_key) {
    auto keys = resolve::block_keys(member.account, declared_key);
    for (auto& key : member.keys)
      if (key.kind == "declared" && std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(std::move(key));
    member.keys = std::move(keys);
  }

  // New accounts in the order they came, each compared with stored accounts and with those decided before it.
  Status resolve_new() {
    std::vector<BlockKey> keys;
    for (const auto id : order_)
      keys.insert(keys.end(), members_.at(id).keys.begin(), members_.at(id).keys.end());
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::multimap<BlockKey, resolve::Candidate> by_key;
    const auto offer = [&](const Account& account, CreatorId creator, const std::vector<BlockKey>& own) {
      for (const auto& key : own) by_key.emplace(key, resolve::Candidate{account, creator, own});
    };
    if (!keys.empty()) {
      CDX_TRY_LET(const auto sharing, store_.accounts_sharing(call_, keys, most_candidates * keys.size()));
      for (const auto& one : sharing) offer(one.account, one.creator, one.keys);
    }
    for (const auto id : order_) {
      auto& member = members_.at(id);
      const auto decision = resolve::decide(member.account, member.keys, candidates(by_key, member.keys));
      member.creator = decision ? decision->creator : creator_id(id);
      links_[member.creator].push_back(
          decision ? decision->link : Link{id, "first_account", "the account this creator began with", 1});
      // Only accounts others may meet are remembered: a key that nobody else has leads nowhere.
      offer(member.account, member.creator, member.keys);
    }
    return {};
  }

  static std::vector<resolve::Candidate> candidates(const std::multimap<BlockKey, resolve::Candidate>& by_key,
                                                    const std::vector<BlockKey>& keys) {
    std::vector<resolve::Candidate> out;
    for (const auto& key : keys) {
      const auto [begin, end] = by_key.equal_range(key);
      for (auto at = begin; at != end && out.size() < most_candidates; ++at) out.push_back(at->second);
    }
    return out;
  }

  // Every touched creator from all it has: what is stored, with this batch laid over it.
  Status derive(const std::vector<AccountUpdate>& updates, const figures::FakeModel* fakes, ChangeSet& out) {
    std::set<CreatorId> touched;
    for (const auto& [id, member] : members_) touched.insert(member.creator);
    std::vector<CreatorId> stored_ids;
    for (const auto id : touched)
      if (!links_.contains(id) || links_.at(id).front().rule != "first_account") stored_ids.push_back(id);
    for (const auto& [id, member] : members_)
      if (known_.contains(id)) stored_ids.push_back(member.creator);
    std::sort(stored_ids.begin(), stored_ids.end());
    stored_ids.erase(std::unique(stored_ids.begin(), stored_ids.end()), stored_ids.end());
    CDX_TRY_LET(auto stored, store_.profiles(call_, stored_ids, most_items));
    std::map<CreatorId, Profile> profiles;
    std::vector<AccountId> stored_accounts;
    for (auto& profile : stored) {
      for (const auto& account : profile.accounts) stored_accounts.push_back(account.id);
      profiles.emplace(profile.creator.id, std::move(profile));
    }
    CDX_TRY_LET(const auto old_snapshots, store_.snapshots(call_, stored_accounts));
    std::map<CreatorId, std::vector<MetricSnapshot>> snapshots;
    std::map<AccountId, CreatorId> owner;
    for (const auto& [id, profile] : profiles)
      for (const auto& account : profile.accounts) owner[account.id] = id;
    for (const auto& [id, member] : members_) owner[id] = member.creator;
    for (const auto& snapshot : old_snapshots) snapshots[owner.at(snapshot.account)].push_back(snapshot);
    for (const auto& update : updates)
      for (const auto& snapshot : update.snapshots)
        snapshots[owner.at(update.account.id)].push_back(snapshot);

    for (const auto id : touched) profiles[id].creator.id = id;
    for (const auto& [id, member] : members_) lay_over(profiles.at(member.creator), member);
    for (const auto& update : updates) lay_over(profiles.at(owner.at(update.account.id)), update.items);
    std::vector<std::pair<Profile*, const std::vector<MetricSnapshot>*>> work;
    for (auto& [id, profile] : profiles)
      if (touched.contains(id)) work.emplace_back(&profile, &snapshots[id]);
    out.creators.resize(work.size());
    const auto now = clock_.now();
    std::vector<figures::FakeChances> chances(work.size());
    for (std::size_t i = 0; fakes != nullptr && i < work.size(); ++i) {
      CDX_TRY_LET(chances[i], figures::fake_chances(call_, *fakes, *work[i].first));
    }
    in_parallel(work.size(), worth_a_thread, [&](std::size_t i) {
      auto& [profile, figures] = work[i];
      finish(*profile);
      figures::measure(profile->creator, *profile, *figures, now, chances[i]);
      out.creators[i] = enrich::derive(*profile);
      out.creators[i].rules_version = derivation_version();
    });
    return {};
  }

  void lay_over(Profile& profile, const Member& member) {
    const auto known = std::find_if(profile.accounts.begin(), profile.accounts.end(),
                                    [&](const Account& account) { return account.id == member.account.id; });
    if (known == profile.accounts.end())
      profile.accounts.push_back(member.account);
    else
      *known = member.account;
  }

  static void lay_over(Profile& profile, const std::vector<ContentItem>& items) {
    for (const auto& item : items) {
      const auto known = std::find_if(profile.items.begin(), profile.items.end(),
                                      [&](const ContentItem& one) { return one.id == item.id; });
      if (known == profile.items.end())
        profile.items.push_back(item);
      else
        *known = item;
    }
  }

  // Adds the links decided here, orders accounts by link and items by age.
  void finish(Profile& profile) const {
    auto& links = profile.creator.links;
    if (const auto found = links_.find(profile.creator.id); found != links_.end())
      links.insert(links.end(), found->second.begin(), found->second.end());
    const auto place = [&](const Account& account) {
      return std::find_if(links.begin(), links.end(),
                          [&](const Link& link) { return link.account == account.id; }) -
             links.begin();
    };
    std::sort(profile.accounts.begin(), profile.accounts.end(),
              [&](const Account& a, const Account& b) { return place(a) < place(b); });
    std::stable_sort(profile.items.begin(), profile.items.end(),
                     [](const ContentItem& a, const ContentItem& b) {
                       return a.published_at.value_or(Time{}) > b.published_at.value_or(Time{});
                     });
  }

  const Call& call_;
  const Store& store_;
  const Clock& clock_;
  std::map<AccountId, Member> members_;
  std::vector<AccountId> order_;  // new accounts, in the order they came
  std::set<AccountId> known_;
  std::map<CreatorId, std::vector<Link>> links_;  // decided in this batch
};

}  // namespace

std::uint32_t derivation_version() { return enrich::rules_version() * 31 + figures::rules_version(); }

Status commit_accounts(const Call& call, Store& store, const Clock& clock,
                       const std::vector<AccountUpdate>& updates, const CommitExtras& extras) {
  for (int tries = 1;; ++tries) {
    CDX_TRY_LET(const auto changes, Batch(call, store, clock).changes(updates, extras));
    const auto committed = store.commit(call, changes);
    if (committed) return {};
    if (committed.error().kind != ErrorKind::conflict || tries == most_tries)
      return tl::unexpected<Error>(committed.error());
  }
}

}  // namespace cdx
