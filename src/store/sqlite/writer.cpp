#include "store/sqlite/writer.h"

#include "store/check.h"
#include "store/sqlite/body.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/writer_rows.h"

namespace cdx {
namespace {

// Gives every touched creator its new place in the feed, or finds the conflict.
class CreatorWriter {
 public:
  CreatorWriter(SqliteDatabase& writer, const Call& call, Revision based_on, std::int64_t revision)
      : writer_(writer), call_(call), based_on_(based_on), revision_(revision) {}

  Status put(std::span<const Touched> touched) {
    CDX_TRY_LET(SqliteStatement insert, writer_.prepare("INSERT INTO creators(revision, id, removed, body) "
                                                        "VALUES(?, ?, 0, ?) ON CONFLICT(id) DO NOTHING"));
    std::size_t done = 0;
    for (const auto& one : touched) {
      bool fresh = false;
      if (one.upserted != nullptr) {
        encode_creator(body_, *one.upserted);
        CDX_TRY(insert.put(revision_ + 1).put(signed_id(one.id.value)).put_blob(body_).run());
        fresh = writer_.changed();
      }
      if (fresh)
        ++revision_;
      else
        CDX_TRY(update(one));
      if (++done % call_stride == 0) CDX_TRY(call_.check());
    }
    return {};
  }
  std::int64_t revision() const { return revision_; }

 private:
  Status update(const Touched& one) {
    CDX_TRY_LET(SqliteStatement find, writer_.prepare("SELECT revision, removed FROM creators WHERE id=?"));
    CDX_TRY_LET(const bool found, find.put(signed_id(one.id.value)).step());
    if (!found) return {};
    const auto stored = find.integer(0);
    const bool removed = find.integer(1) != 0;
    find.reset();  // the row it stands on is about to move
    if (stored > bounded(based_on_.value)) {
      return fail(ErrorKind::conflict, "creator " + one.id.text() + " has changed at revision " +
                                           std::to_string(stored) + ", after " +
                                           std::to_string(based_on_.value));
    }
    if (one.upserted == nullptr && removed) return {};
    ++revision_;
    if (one.upserted == nullptr && !one.removed) {
      CDX_TRY_LET(SqliteStatement move, writer_.prepare("UPDATE creators SET revision=? WHERE revision=?"));
      return move.put(revision_).put(stored).run();
    }
    CDX_TRY_LET(SqliteStatement replace,
                writer_.prepare("UPDATE creators SET revision=?, removed=?, body=? WHERE revision=?"));
    const std::string_view body = one.removed ? std::string_view() : body_;
    return replace.put(revision_).put(one.removed ? 1 : 0).put_blob(body).put(stored).run();
  }

  SqliteDatabase& writer_;
  const Call& call_;
  Revision based_on_;
  std::int64_t revision_;
  std::string body_;
};

Result<Revision> put_all(SqliteDatabase& writer, Origins& origins, const Call& call,
                         const ChangeSet& changes) {
  CDX_TRY_LET(const std::int64_t before, writer.integer("SELECT revision FROM state"));
  RowWriter rows(writer, origins, call);
  CDX_TRY_LET(std::vector<CreatorId> of_items, rows.find_accounts(changes));
  CreatorWriter creators(writer, call, changes.based_on, before);
  CDX_TRY(creators.put(touched_creators(changes, std::move(of_items))));
  CDX_TRY(rows.put_accounts(changes));
  CDX_TRY(rows.put_items(changes.items));
  CDX_TRY(rows.put_snapshots(changes.snapshots));
  CDX_TRY(rows.drop_pictures(changes.dropped_pictures));
  CDX_TRY(rows.put_pictures(changes.pictures));
  CDX_TRY(rows.put_quarantine(changes.quarantine));
  CDX_TRY(rows.put_checkpoints(changes.checkpoints));
  const auto revision = std::max(creators.revision(), before + 1);
  CDX_TRY_LET(SqliteStatement advance, writer.prepare("UPDATE state SET revision=?"));
  CDX_TRY(advance.put(revision).run());
  return Revision{unsigned_id(revision)};
}

}  // namespace

Result<Revision> commit_changes(SqliteDatabase& writer, Origins& origins, const Call& call,
                                const ChangeSet& changes) {
  CDX_TRY(check(changes));
  Settlement settlement(origins);
  CDX_TRY_LET(SqliteTransaction writing, SqliteTransaction::begin(writer, SqliteTransaction::Kind::writing));
  CDX_TRY_LET(const Revision revision, put_all(writer, origins, call, changes));
  CDX_TRY(writing.commit());
  settlement.committed();
  return revision;
}

}  // namespace cdx
