#include "enrich/chat/annotation_file.h"

#include <mutex>

#include "io/sqlite.h"

namespace cdx::enrich {
namespace {

constexpr std::int32_t application_id = 0x63644161;  // "cdAa"
constexpr const char* tables =
    "CREATE TABLE IF NOT EXISTS annotation(key TEXT PRIMARY KEY, creator INTEGER NOT NULL, at INTEGER NOT "
    "NULL,"
    " body TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS annotation_creator ON annotation(creator);"
    "CREATE INDEX IF NOT EXISTS annotation_at ON annotation(at);"
    "CREATE TABLE IF NOT EXISTS spend(day INTEGER PRIMARY KEY, requests INTEGER NOT NULL, tokens INTEGER NOT "
    "NULL,"
    " usd REAL NOT NULL) STRICT;";

std::int64_t day_of(Time at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }
std::int64_t stored(CreatorId id) { return static_cast<std::int64_t>(id.value); }

class SqliteAnnotationFile final : public AnnotationFile {
 public:
  explicit SqliteAnnotationFile(std::unique_ptr<SqliteDatabase> database) : database_(std::move(database)) {}

  Result<std::vector<std::optional<Annotation>>> find(const Call& call,
                                                      std::span<const std::string> keys) override {
    const std::lock_guard lock(mutex_);
    CDX_TRY(begin(call));
    std::vector<std::optional<Annotation>> out;
    CDX_TRY_LET(auto query, database_->prepare("SELECT body FROM annotation WHERE key=?"));
    for (const auto& key : keys) {
      query.put_text(key);
      CDX_TRY_LET(const bool found, query.step());
      out.push_back(found ? read_annotation(std::string(query.text(0))) : std::nullopt);
      query.reset();
    }
    return out;
  }

  Status keep(const Call& call, Time at, std::span<const CachedAnnotation> annotations) override {
    if (annotations.empty()) return {};
    const std::lock_guard lock(mutex_);
    CDX_TRY(begin(call));
    CDX_TRY_LET(auto transaction, SqliteTransaction::begin(*database_, SqliteTransaction::Kind::writing));
    CDX_TRY_LET(auto insert, database_->prepare("INSERT OR REPLACE INTO annotation VALUES(?,?,?,?)"));
    for (const auto& one : annotations) {
      const auto body = annotation_json(one.annotation);
      insert.put_text(one.key).put(stored(one.creator)).put(at.time_since_epoch().count()).put_text(body);
      CDX_TRY(insert.run());
    }
    return transaction.commit();
  }

  Status forget(const Call& call, std::span<const CreatorId> creators) override {
    const std::lock_guard lock(mutex_);
    CDX_TRY(begin(call));
    CDX_TRY_LET(auto transaction, SqliteTransaction::begin(*database_, SqliteTransaction::Kind::writing));
    CDX_TRY_LET(auto remove, database_->prepare("DELETE FROM annotation WHERE creator=?"));
    for (const auto creator : creators) {
      remove.put(stored(creator));
      CDX_TRY(remove.run());
    }
    return transaction.commit();
  }

  Status forget_before(const Call& call, Time at) override {
    const std::lock_guard lock(mutex_);
    CDX_TRY(begin(call));
    CDX_TRY_LET(auto remove, database_->prepare("DELETE FROM annotation WHERE at<?"));
    return remove.put(at.time_since_epoch().count()).run();
  }

  Status add(const Call& call, Time at, const Spend& spend) override {
    const std::lock_guard lock(mutex_);
    CDX_TRY(begin(call));
    CDX_TRY_LET(auto insert,
                database_->prepare("INSERT INTO spend VALUES(?,?,?,?) ON CONFLICT(day) DO UPDATE SET"
                                   " requests=requests+excluded.requests, tokens=tokens+excluded.tokens,"
                                   " usd=usd+excluded.usd"));
    return insert.put(day_of(at))
        .put(static_cast<std::int64_t>(spend.requests))
        .put(static_cast<std::int64_t>(spend.tokens))
        .put_real(spend.usd)
        .run();
  }

  Result<Spend> of_day(const Call& call, Time at) override {
    const std::lock_guard lock(mutex_);
    CDX_TRY(begin(call));
    CDX_TRY_LET(auto query, database_->prepare("SELECT requests, tokens, usd FROM spend WHERE day=?"));
    CDX_TRY_LET(const bool found, query.put(day_of(at)).step());
    if (!found) return Spend{};
    return Spend{static_cast<std::uint64_t>(query.integer(0)), static_cast<std::uint64_t>(query.integer(1)),
                 query.real(2)};
  }

 private:
  Status begin(const Call& call) {
    CDX_TRY(call.check());
    database_->obey(call);
    return {};
  }

  std::mutex mutex_;
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace

Result<std::unique_ptr<AnnotationFile>> open_annotation_file(const std::string& path) {
  SqliteSettings settings;
  settings.application_id = application_id;
  settings.cache_bytes = std::size_t{1} << 20U;
  CDX_TRY_LET(auto database, SqliteDatabase::open(path, settings));
  // Deleting must leave nothing behind: the summaries of erased creators.
  CDX_TRY(database->execute("PRAGMA secure_delete=ON"));
  CDX_TRY(database->execute("PRAGMA application_id=" + std::to_string(application_id)));
  CDX_TRY(database->execute(tables));
  return std::make_unique<SqliteAnnotationFile>(std::move(database));
}

}  // namespace cdx::enrich
