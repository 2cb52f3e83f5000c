#include "store/sqlite/schema.h"

#include <array>

namespace cdx {
namespace {

// Large rows are appended in order of entry; only narrow indexes are written at random places, because a
// random place costs a whole page in the log. Creators lie in order of their last revision: the table is the
// change feed.
constexpr const char* version_1 = R"sql(
CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), revision INTEGER NOT NULL) STRICT;
INSERT INTO state VALUES(1, 0);
CREATE TABLE terms(number INTEGER PRIMARY KEY, source TEXT NOT NULL, basis TEXT NOT NULL,
  licence TEXT NOT NULL,
  policy_version INTEGER NOT NULL, UNIQUE(source, basis, licence, policy_version)) STRICT;
CREATE TABLE layouts(number INTEGER PRIMARY KEY, source TEXT NOT NULL, layout TEXT NOT NULL,
  UNIQUE(source, layout)) STRICT;
CREATE TABLE raw(seq INTEGER PRIMARY KEY, layout INTEGER NOT NULL, terms INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL, expires_at INTEGER, key TEXT NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE raw_hashes(hash BLOB PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE accounts(row INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, platform INTEGER NOT NULL,
  creator INTEGER NOT NULL, keys BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE account_keys(hash INTEGER NOT NULL, account INTEGER NOT NULL, PRIMARY KEY(hash, account))
  STRICT, WITHOUT ROWID;
CREATE TABLE creators(revision INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, removed INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX creators_removed ON creators(id) WHERE removed = 1;
CREATE TABLE items(row INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, account INTEGER NOT NULL,
  published_at INTEGER, body BLOB NOT NULL) STRICT;
CREATE INDEX items_newest ON items(account, published_at DESC);
CREATE TABLE snapshots(account INTEGER NOT NULL, metric INTEGER NOT NULL, at INTEGER NOT NULL,
  value REAL NOT NULL,
  definition INTEGER NOT NULL, terms INTEGER NOT NULL, fetched_at INTEGER NOT NULL, expires_at INTEGER,
  PRIMARY KEY(account, metric, at)) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine(row INTEGER PRIMARY KEY, identity BLOB NOT NULL UNIQUE, source TEXT NOT NULL,
  key TEXT NOT NULL, "column" TEXT NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL,
  record TEXT NOT NULL) STRICT;
CREATE INDEX quarantine_source ON quarantine(source);
CREATE TABLE checkpoints(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// Embeddings kept beside the truth.
constexpr const char* version_2 = R"sql(
CREATE TABLE vectors(row INTEGER PRIMARY KEY, space INTEGER NOT NULL, text INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE(space, text)) STRICT;
)sql";

// Campaigns with their scores, the log of questions and choices, the audit, and named profiles. Creators come
// in the order of their ids as unsigned numbers, those below zero last.
constexpr const char* version_3 = R"sql(
CREATE TABLE campaigns(id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX campaigns_newest ON campaigns(created_at DESC, id < 0, id);
CREATE TABLE scorings(number INTEGER PRIMARY KEY, profile TEXT NOT NULL, formula INTEGER NOT NULL,
  model TEXT NOT NULL, UNIQUE(profile, formula, model)) STRICT;
CREATE TABLE scores(campaign INTEGER NOT NULL, creator INTEGER NOT NULL, overall REAL NOT NULL,
  niche REAL NOT NULL, audience REAL NOT NULL, engagement REAL NOT NULL, budget REAL NOT NULL,
  scoring INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(campaign, creator)) STRICT, WITHOUT ROWID;
CREATE INDEX scores_best ON scores(campaign, overall DESC, creator < 0, creator);
CREATE TABLE score_history(row INTEGER PRIMARY KEY, campaign INTEGER NOT NULL, creator INTEGER NOT NULL,
  overall REAL NOT NULL, niche REAL NOT NULL, audience REAL NOT NULL, engagement REAL NOT NULL,
  budget REAL NOT NULL, scoring INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX score_history_of ON score_history(campaign, creator);
CREATE TABLE questions(row INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, at INTEGER NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX questions_asked ON questions(at);
CREATE TABLE choices(question INTEGER NOT NULL, at INTEGER NOT NULL, creator INTEGER NOT NULL,
  action TEXT NOT NULL, PRIMARY KEY(question, at, creator, action)) STRICT, WITHOUT ROWID;
CREATE TABLE audits(row INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE TABLE profiles(row INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL,
  evidence TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE(kind, name)) STRICT;
CREATE TABLE active_profiles(kind TEXT PRIMARY KEY, name TEXT NOT NULL, previous TEXT NOT NULL)
  STRICT, WITHOUT ROWID;
)sql";

// Pictures of accounts. Their bytes lie elsewhere; what they are known again by lies behind their body, so
// that reading the one need not read the other.
constexpr const char* version_4 = R"sql(
CREATE TABLE pictures(row INTEGER PRIMARY KEY, account INTEGER NOT NULL, sha256 BLOB NOT NULL,
  at INTEGER NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL, UNIQUE(account, sha256)) STRICT;
CREATE INDEX pictures_newest ON pictures(account, at DESC, sha256);
)sql";

constexpr std::array<const char*, store_schema_version> steps = {version_1, version_2, version_3, version_4};

Status check_version(const SqliteDatabase& database, std::int64_t version) {
  if (version <= store_schema_version) return {};
  return fail(ErrorKind::unsupported,
              database.path() + ": a newer creatordex wrote this store (version " + std::to_string(version) +
                  ", known up to " + std::to_string(store_schema_version) +
                  "); use that release or a later one, or restore a backup made before it");
}

}  // namespace

Status migrate_store(SqliteDatabase& database) {
  for (;;) {
    CDX_TRY_LET(const std::int64_t seen, database.integer("PRAGMA user_version"));
    CDX_TRY(check_version(database, seen));
    if (seen == store_schema_version) return {};
    CDX_TRY_LET(SqliteTransaction writing,
                SqliteTransaction::begin(database, SqliteTransaction::Kind::writing));
    CDX_TRY_LET(const std::int64_t version, database.integer("PRAGMA user_version"));
    if (version != seen) continue;  // another process was faster
    if (version < 0) return fail(ErrorKind::corrupt, database.path() + ": its version number is negative");
    CDX_TRY(database.execute(steps[static_cast<std::size_t>(version)]));
    CDX_TRY(database.execute("PRAGMA application_id=" + std::to_string(store_application_id) +
                             ";PRAGMA user_version=" + std::to_string(version + 1)));
    CDX_TRY(writing.commit());
  }
}

}  // namespace cdx
