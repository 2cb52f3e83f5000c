#include "store/sqlite/writer_rows.h"

#include "store/check.h"
#include "store/sqlite/body.h"
#include "store/sqlite/key_hash.h"

namespace cdx {

Result<std::optional<RowWriter::Stored>> RowWriter::find(AccountId id) {
  CDX_TRY_LET(SqliteStatement find, writer_.prepare("SELECT row, creator FROM accounts WHERE id=?"));
  CDX_TRY_LET(const bool found, find.put(signed_id(id.value)).step());
  if (!found) return std::optional<Stored>();
  return std::optional(Stored{find.integer(0), {unsigned_id(find.integer(1))}});
}

Result<std::vector<CreatorId>> RowWriter::find_accounts(const ChangeSet& changes) {
  rows_.reserve(changes.accounts.size());
  for (const auto& change : changes.accounts) rows_.emplace(change.account.id, 0);
  std::unordered_map<AccountId, CreatorId> owners;  // of accounts that only items or snapshots name
  const auto seek = [&](AccountId id, const auto& what) -> Result<std::optional<CreatorId>> {
    if (const auto known = owners.find(id); known != owners.end()) return std::optional(known->second);
    if (rows_.contains(id)) return std::optional<CreatorId>();
    CDX_TRY_LET(const auto stored, find(id));
    if (!stored) {
      return fail(ErrorKind::invalid,
                  what() + ": its account " + id.text() + " is neither stored nor in the commit");
    }
    rows_[id] = stored->row;
    owners[id] = stored->creator;
    return std::optional(stored->creator);
  };
  std::vector<CreatorId> creators;
  for (const auto& item : changes.items) {
    CDX_TRY_LET(const auto creator, seek(item.account, [&] { return "item " + item.id.text(); }));
    if (creator) creators.push_back(*creator);
  }
  for (const auto& snapshot : changes.snapshots) {
    CDX_TRY(seek(snapshot.account, [] { return std::string("snapshot"); }));
  }
  for (const auto& picture : changes.pictures) {
    CDX_TRY_LET(const auto creator, seek(picture.account, [&] { return "picture " + hex(picture.sha256); }));
    if (creator) creators.push_back(*creator);
  }
  for (const auto& key : changes.dropped_pictures) {
    CDX_TRY_LET(const auto stored, find(key.account));
    if (stored) creators.push_back(stored->creator);
  }
  return creators;
}

Status RowWriter::encode(const AccountChange& change) {
  terms_.clear();
  for (const auto& origin : change.account.origins) {
    CDX_TRY_LET(const std::int64_t number, origins_.terms_number(writer_, origin));
    terms_.push_back(number);
  }
  encode_account(body_, change.account, terms_);
  encode_keys(keys_, change.keys);
  return {};
}

Status RowWriter::put_accounts(const ChangeSet& changes) {
  CDX_TRY_LET(SqliteStatement insert,
              writer_.prepare("INSERT INTO accounts(id, platform, creator, keys, body) VALUES(?, ?, ?, ?, ?) "
                              "ON CONFLICT(id) DO NOTHING"));
  std::size_t done = 0;
  for (const auto* change : accounts_in_order(changes)) {
    CDX_TRY(encode(*change));
    insert.put(signed_id(change->account.id.value)).put(static_cast<std::int64_t>(change->account.platform));
    CDX_TRY(insert.put(signed_id(change->creator.value)).put_blob(keys_).put_blob(body_).run());
    if (writer_.changed()) {
      const auto row = rows_[change->account.id] = writer_.last_row();
      for (const auto& key : change->keys) fresh_keys_.emplace_back(key_hash(key), row);
    } else {
      CDX_TRY(update(*change));
    }
    CDX_TRY(look(++done));
  }
  return put_keys();
}

Status RowWriter::update(const AccountChange& change) {
  CDX_TRY_LET(SqliteStatement find, writer_.prepare("SELECT row, keys FROM accounts WHERE id=?"));
  CDX_TRY_LET(const bool found, find.put(signed_id(change.account.id.value)).step());
  if (!found)
    return fail(ErrorKind::corrupt, writer_.path() + ": the index of accounts disagrees with its table");
  const auto row = rows_[change.account.id] = find.integer(0);
  if (find.blob(1) != keys_) {
    CDX_TRY(drop_keys(find.blob(1), row));
    for (const auto& key : change.keys) fresh_keys_.emplace_back(key_hash(key), row);
  }
  CDX_TRY_LET(SqliteStatement update,
              writer_.prepare("UPDATE accounts SET platform=?, creator=?, keys=?, body=? WHERE row=?"));
  update.put(static_cast<std::int64_t>(change.account.platform)).put(signed_id(change.creator.value));
  return update.put_blob(keys_).put_blob(body_).put(row).run();
}

Status RowWriter::drop_keys(std::string_view keys, std::int64_t row) {
  CDX_TRY_LET(const std::vector<BlockKey> old, decode_keys(keys));
  CDX_TRY_LET(SqliteStatement drop, writer_.prepare("DELETE FROM account_keys WHERE hash=? AND account=?"));
  for (const auto& key : old) CDX_TRY(drop.put(key_hash(key)).put(row).run());
  return {};
}

Status RowWriter::put_keys() {
  std::sort(fresh_keys_.begin(), fresh_keys_.end());
  CDX_TRY_LET(SqliteStatement insert,
              writer_.prepare("INSERT OR IGNORE INTO account_keys(hash, account) VALUES(?, ?)"));
  for (const auto& [hash, row] : fresh_keys_) CDX_TRY(insert.put(hash).put(row).run());
  return call_.check();
}

Status RowWriter::put_items(std::span<const ContentItem> items) {
  CDX_TRY_LET(SqliteStatement insert,
              writer_.prepare("INSERT INTO items(id, account, published_at, body) VALUES(?, ?, ?, ?) "
                              "ON CONFLICT(id) DO UPDATE SET account=excluded.account, "
                              "published_at=excluded.published_at, body=excluded.body"));
  std::size_t done = 0;
  for (const auto& item : items) {
    CDX_TRY_LET(const std::int64_t terms, origins_.terms_number(writer_, item.origin));
    encode_item(body_, item, terms);
    insert.put(signed_id(item.id.value)).put(rows_.at(item.account));
    if (item.published_at)
      insert.put(milliseconds_of(*item.published_at));
    else
      insert.put_null();
    CDX_TRY(insert.put_blob(body_).run());
    CDX_TRY(look(++done));
  }
  return {};
}

Status RowWriter::put_snapshots(std::span<const MetricSnapshot> snapshots) {
  CDX_TRY_LET(
      SqliteStatement insert,
      writer_.prepare("INSERT OR REPLACE INTO snapshots(account, metric, at, value, definition, terms, "
                      "fetched_at, expires_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"));
  std::size_t done = 0;
  for (const auto& snapshot : snapshots) {
    CDX_TRY_LET(const std::int64_t terms, origins_.terms_number(writer_, snapshot.origin));
    insert.put(rows_.at(snapshot.account)).put(static_cast<std::int64_t>(snapshot.metric));
    insert.put(milliseconds_of(snapshot.at)).put_real(snapshot.value);
    insert.put(static_cast<std::int64_t>(snapshot.definition));
    put_terms(insert, snapshot.origin, terms);
    CDX_TRY(insert.run());
    CDX_TRY(look(++done));
  }
  return {};
}

Status RowWriter::put_pictures(std::span<const KnownPicture> pictures) {
  CDX_TRY_LET(
      SqliteStatement insert,
      writer_.prepare("INSERT INTO pictures(account, sha256, at, body, signature) VALUES(?, ?, ?, ?, ?) "
                      "ON CONFLICT(account, sha256) DO UPDATE SET at=excluded.at, body=excluded.body, "
                      "signature=excluded.signature"));
  std::size_t done = 0;
  for (const auto& picture : pictures) {
    CDX_TRY_LET(const std::int64_t terms, origins_.terms_number(writer_, picture.origin));
    encode_picture(body_, picture, terms);
    insert.put(rows_.at(picture.account)).put_blob(bytes_of(picture.sha256));
    insert.put(milliseconds_of(picture.origin.fetched_at)).put_blob(body_);
    CDX_TRY(insert.put_blob(picture.signature).run());
    CDX_TRY(look(++done));
  }
  return {};
}

Status RowWriter::drop_pictures(std::span<const PictureKey> pictures) {
  CDX_TRY_LET(SqliteStatement drop,
              writer_.prepare("DELETE FROM pictures WHERE account=(SELECT row FROM accounts WHERE id=?) "
                              "AND sha256=?"));
  std::size_t done = 0;
  for (const auto& key : pictures) {
    CDX_TRY(drop.put(signed_id(key.account.value)).put_blob(bytes_of(key.sha256)).run());
    CDX_TRY(look(++done));
  }
  return {};
}

Status RowWriter::put_quarantine(std::span<const Quarantined> entries) {
  CDX_TRY_LET(
      SqliteStatement insert,
      writer_.prepare("INSERT INTO quarantine(identity, source, key, \"column\", reason, body, at, record) "
                      "VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(identity) DO UPDATE SET "
                      "source=excluded.source, key=excluded.key, reason=excluded.reason, "
                      "body=excluded.body, at=excluded.at"));
  std::size_t done = 0;
  for (const auto& entry : entries) {
    const auto identity = quarantine_identity(entry);
    insert.put_blob(identity).put_text(entry.source).put_text(entry.key).put_text(entry.column);
    insert.put_text(entry.reason).put_blob(std::string_view(entry.body).substr(0, quarantine_body_bytes));
    CDX_TRY(insert.put(milliseconds_of(entry.at)).put_text(entry.record).run());
    CDX_TRY(look(++done));
  }
  return {};
}

Status RowWriter::put_checkpoints(std::span<const Checkpoint> checkpoints) {
  CDX_TRY_LET(SqliteStatement insert,
              writer_.prepare("INSERT INTO checkpoints(name, value) VALUES(?, ?) "
                              "ON CONFLICT(name) DO UPDATE SET value=excluded.value"));
  for (const auto& checkpoint : checkpoints) {
    CDX_TRY(insert.put_text(checkpoint.name).put_text(checkpoint.value).run());
  }
  return {};
}

}  // namespace cdx
