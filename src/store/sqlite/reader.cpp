#include "store/sqlite/reader.h"

#include <algorithm>
#include <set>

#include "store/check.h"
#include "store/sqlite/body.h"
#include "store/sqlite/key_hash.h"
#include "store/sqlite/row_check.h"
#include "store/sqlite/rows.h"

namespace cdx {
namespace {

constexpr std::string_view account_by_id =
    "SELECT id, platform, creator, keys, body, row FROM accounts WHERE id=?";
constexpr std::string_view account_by_row =
    "SELECT id, platform, creator, keys, body, row FROM accounts WHERE row=?";

bool shares(const AccountChange& account, std::span<const BlockKey> keys) {
  return std::any_of(account.keys.begin(), account.keys.end(), [&](const BlockKey& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  });
}

}  // namespace

tl::unexpected<Error> StoreReader::damaged(const std::string& what, Error error) const {
  error.message = database_.path() + ": " + what + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

Result<AccountChange> StoreReader::account(const SqliteStatement& row) const {
  const AccountId id{unsigned_id(row.integer(0))};
  auto body = decode_account(row.blob(4));
  if (!body) return damaged("account " + id.text(), std::move(body).error());
  auto keys = decode_keys(row.blob(3));
  if (!keys) return damaged("account " + id.text(), std::move(keys).error());
  const auto platform = static_cast<std::uint64_t>(row.integer(1));
  if (platform >= platform_count) {
    return fail(ErrorKind::corrupt, database_.path() + ": account " + id.text() + ": unknown platform");
  }
  body->account.id = id;
  body->account.platform = static_cast<Platform>(platform);
  for (std::size_t i = 0; i < body->terms.size(); ++i) {
    CDX_TRY(origins_.take_terms(database_, body->terms[i], body->account.origins[i]));
  }
  return AccountChange{std::move(body->account), {unsigned_id(row.integer(2))}, std::move(*keys)};
}

Result<std::vector<AccountChange>> StoreReader::accounts(std::span<const AccountId> ids) const {
  CDX_TRY_LET(SqliteStatement select, database_.prepare(account_by_id));
  std::vector<AccountChange> found;
  for (const auto id : ids) {
    CDX_TRY(call_.check());
    CDX_TRY_LET(const bool row, select.put(signed_id(id.value)).step());
    if (!row) continue;
    CDX_TRY_LET(AccountChange change, account(select));
    found.push_back(std::move(change));
    select.reset();
  }
  return found;
}

Result<std::vector<AccountChange>> StoreReader::accounts_sharing(std::span<const BlockKey> keys,
                                                                 std::size_t max) const {
  std::set<std::int64_t> rows;
  CDX_TRY_LET(SqliteStatement sharing,
              database_.prepare("SELECT account FROM account_keys WHERE hash=? ORDER BY account LIMIT ?"));
  for (const auto& key : keys) {
    sharing.put(key_hash(key)).put(bounded(max));
    for (;;) {
      CDX_TRY_LET(const bool row, sharing.step());
      if (!row) break;
      rows.insert(sharing.integer(0));
    }
  }
  CDX_TRY_LET(SqliteStatement select, database_.prepare(account_by_row));
  std::vector<AccountChange> found;
  for (const auto row : rows) {
    if (found.size() == max) break;
    CDX_TRY(call_.check());
    CDX_TRY_LET(const bool there, select.put(row).step());
    if (!there)
      return fail(ErrorKind::corrupt, database_.path() + ": a key names an account that is not there");
    CDX_TRY_LET(AccountChange change, account(select));
    select.reset();
    // Different keys may have one hash.
    if (shares(change, keys)) found.push_back(std::move(change));
  }
  return found;
}

Result<std::optional<Creator>> StoreReader::creator(CreatorId id) const {
  CDX_TRY_LET(SqliteStatement select,
              database_.prepare("SELECT revision, body FROM creators WHERE id=? AND removed=0"));
  CDX_TRY_LET(const bool row, select.put(signed_id(id.value)).step());
  if (!row) return std::optional<Creator>();
  auto creator = decode_creator(select.blob(1));
  if (!creator) return damaged("creator " + id.text(), std::move(creator).error());
  creator->id = id;
  creator->revision = {unsigned_id(select.integer(0))};
  return std::optional(std::move(*creator));
}

Result<std::vector<Creator>> StoreReader::creators(std::span<const CreatorId> ids) const {
  std::vector<Creator> found;
  for (const auto id : ids) {
    CDX_TRY(call_.check());
    CDX_TRY_LET(auto one, creator(id));
    if (one) found.push_back(std::move(*one));
  }
  return found;
}

Status StoreReader::add_items(std::int64_t account_row, AccountId account, std::size_t max,
                              std::vector<ContentItem>& to) const {
  CDX_TRY_LET(SqliteStatement select, database_.prepare("SELECT id, body FROM items WHERE account=? "
                                                        "ORDER BY published_at DESC, row LIMIT ?"));
  select.put(account_row).put(bounded(max));
  for (;;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return {};
    const ContentId id{unsigned_id(select.integer(0))};
    auto body = decode_item(select.blob(1));
    if (!body) return damaged("item " + id.text(), std::move(body).error());
    body->item.id = id;
    body->item.account = account;
    CDX_TRY(origins_.take_terms(database_, body->terms, body->item.origin));
    to.push_back(std::move(body->item));
  }
}

Result<std::vector<Profile>> StoreReader::profiles(std::span<const CreatorId> ids,
                                                   std::size_t max_items) const {
  CDX_TRY_LET(SqliteStatement select, database_.prepare(account_by_id));
  std::vector<Profile> found;
  for (const auto id : ids) {
    CDX_TRY(call_.check());
    CDX_TRY_LET(auto one, creator(id));
    if (!one) continue;
    auto& profile = found.emplace_back(Profile{std::move(*one), {}, {}, {}});
    for (const auto& link : profile.creator.links) {
      CDX_TRY_LET(const bool row, select.put(signed_id(link.account.value)).step());
      if (!row) continue;
      CDX_TRY_LET(AccountChange change, account(select));
      profile.accounts.push_back(std::move(change.account));
      CDX_TRY(add_items(select.integer(5), link.account, max_items, profile.items));
      CDX_TRY(add_pictures(select.integer(5), link.account, max_profile_pictures, false, profile.pictures));
      select.reset();
    }
    std::stable_sort(profile.items.begin(), profile.items.end(),
                     [](const ContentItem& a, const ContentItem& b) {
                       return a.published_at > b.published_at;  // absent times are the oldest
                     });
    keep_newest(profile.pictures);
  }
  return found;
}

Result<std::vector<MetricSnapshot>> StoreReader::snapshots(std::span<const AccountId> ids) const {
  CDX_TRY_LET(
      SqliteStatement select,
      database_.prepare("SELECT terms, fetched_at, expires_at, metric, at, value, definition FROM snapshots "
                        "WHERE account=(SELECT row FROM accounts WHERE id=?) ORDER BY metric, at"));
  std::vector<MetricSnapshot> found;
  for (const auto id : ids) {
    CDX_TRY(call_.check());
    select.put(signed_id(id.value));
    for (;;) {
      CDX_TRY_LET(const bool row, select.step());
      if (!row) break;
      auto& snapshot = found.emplace_back();
      CDX_TRY(take_origin(database_, origins_, select, snapshot.origin));
      snapshot.account = id;
      snapshot.metric = static_cast<Metric>(select.integer(3));
      snapshot.at = time_of(select.integer(4));
      snapshot.value = select.real(5);
      snapshot.definition = static_cast<std::uint32_t>(select.integer(6));
    }
  }
  return found;
}

Result<std::optional<std::string>> StoreReader::checkpoint(std::string_view name) const {
  CDX_TRY_LET(SqliteStatement select, database_.prepare("SELECT value FROM checkpoints WHERE name=?"));
  CDX_TRY_LET(const bool row, select.put_text(name).step());
  if (!row) return std::optional<std::string>();
  return std::optional(std::string(select.text(0)));
}

Result<std::vector<Quarantined>> StoreReader::quarantine(std::string_view source, std::size_t max) const {
  const std::string_view all =
      "SELECT source, key, \"column\", reason, body, at, record FROM quarantine ORDER BY row LIMIT ?";
  const std::string_view one =
      "SELECT source, key, \"column\", reason, body, at, record FROM quarantine WHERE source=? ORDER BY row "
      "LIMIT ?";
  CDX_TRY_LET(SqliteStatement select, database_.prepare(source.empty() ? all : one));
  if (!source.empty()) select.put_text(source);
  select.put(bounded(max));
  std::vector<Quarantined> found;
  for (;;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return found;
    found.push_back({std::string(select.text(0)), std::string(select.text(1)), std::string(select.text(2)),
                     std::string(select.text(3)), std::string(select.blob(4)), time_of(select.integer(5)),
                     std::string(select.text(6))});
  }
}

Result<Revision> StoreReader::revision() const {
  CDX_TRY_LET(const std::int64_t revision, database_.integer("SELECT revision FROM state"));
  return Revision{unsigned_id(revision)};
}

Result<ChangePage> StoreReader::changes(Revision since, std::size_t max) const {
  CDX_TRY_LET(const Revision now, revision());
  CDX_TRY_LET(SqliteStatement select, database_.prepare("SELECT revision, id, removed FROM creators "
                                                        "WHERE revision > ? ORDER BY revision LIMIT ?"));
  select.put(bounded(since.value))
      .put(std::min(bounded(max), std::numeric_limits<std::int64_t>::max() - 1) + 1);
  ChangePage page{{}, now, false};
  for (;;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return page;
    if (page.changes.size() == max) break;
    page.changes.push_back(
        {{unsigned_id(select.integer(0))}, {unsigned_id(select.integer(1))}, select.integer(2) != 0});
  }
  page.more = true;
  page.reached = page.changes.back().revision;
  return page;
}

Result<StoreCounts> StoreReader::counts() const {
  StoreCounts counts;
  const std::pair<std::uint64_t&, std::string_view> tables[] = {
      {counts.raw, "SELECT count(*) FROM raw_hashes"},
      {counts.accounts, "SELECT count(*) FROM accounts"},
      {counts.creators,
       "SELECT (SELECT count(*) FROM creators) - "
       "(SELECT count(*) FROM creators WHERE removed = 1)"},
      {counts.items, "SELECT count(*) FROM items"},
      {counts.snapshots, "SELECT count(*) FROM snapshots"},
      {counts.quarantined, "SELECT count(*) FROM quarantine"},
      {counts.vectors, "SELECT count(*) FROM vectors"},
      {counts.pictures, "SELECT count(*) FROM pictures"},
  };
  for (const auto& [count, sql] : tables) {
    CDX_TRY_LET(const std::int64_t rows, database_.integer(sql));
    count = unsigned_id(rows);
  }
  return counts;
}

Result<std::vector<std::string>> StoreReader::check() const {
  std::vector<std::string> out;
  CDX_TRY_LET(SqliteStatement check, database_.prepare("PRAGMA quick_check(20)"));
  for (;;) {
    CDX_TRY(call_.check());
    CDX_TRY_LET(const bool row, check.step());
    if (!row) break;
    if (check.text(0) != "ok") out.emplace_back(check.text(0));
  }
  // Rows are judged only where the file under them is whole.
  if (out.empty()) CDX_TRY(check_pictures(database_, call_, out));
  if (out.empty()) CDX_TRY(check_usage_tables(database_, call_, out));
  return out;
}

}  // namespace cdx
