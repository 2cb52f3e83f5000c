#include "store/check.h"
#include "store/sqlite/named_profiles.h"
#include "store/sqlite/store_file.h"
#include "store/sqlite/usage_log.h"

namespace cdx {
namespace {

// Forgotten in one transaction, so that other writers get their turn and the log stays short.
constexpr std::size_t forgotten_at_once = 500;

class SqliteUsageStore final : public UsageStore {
 public:
  SqliteUsageStore(StoreHandles handles, std::chrono::milliseconds patience)
      : file_(std::move(handles), patience) {}

  Status log_questions(const Call& call, std::span<const LoggedQuestion> questions) override {
    CDX_TRY(check(questions));
    return file_.write(call, [&](SqliteDatabase& writer) { return put_questions(writer, call, questions); });
  }
  Status log_choices(const Call& call, std::span<const LoggedChoice> choices) override {
    return file_.write(call, [&](SqliteDatabase& writer) { return put_choices(writer, call, choices); });
  }
  Result<std::vector<LoggedQuestion>> questions(const Call& call, Time since,
                                                std::size_t max) const override {
    return file_.read(call, [&](SqliteDatabase& reader) { return read_questions(reader, call, since, max); });
  }
  Result<std::vector<LoggedChoice>> choices(const Call& call,
                                            std::span<const QuestionId> ids) const override {
    return file_.read(call, [&](SqliteDatabase& reader) { return read_choices(reader, call, ids); });
  }
  Result<std::size_t> forget_questions(const Call& call, Time before) override {
    for (std::size_t forgotten = 0;;) {
      std::size_t dropped = 0;
      CDX_TRY(file_.write(call, [&](SqliteDatabase& writer) -> Status {
        CDX_TRY_LET(dropped, drop_questions(writer, before, forgotten_at_once));
        return {};
      }));
      forgotten += dropped;
      if (dropped < forgotten_at_once) return forgotten;
    }
  }

  Status audit(const Call& call, const AuditEntry& entry) override {
    return file_.write(call, [&](SqliteDatabase& writer) { return put_audit(writer, entry); });
  }
  Result<std::vector<AuditEntry>> audits(const Call& call, std::size_t max) const override {
    return file_.read(call, [&](SqliteDatabase& reader) { return read_audits(reader, max); });
  }

  Status put_profile(const Call& call, const NamedProfile& profile, const AuditEntry& entry) override {
    CDX_TRY(check(profile));
    return file_.write(call, [&](SqliteDatabase& writer) -> Status {
      CDX_TRY(put_named_profile(writer, profile));
      return put_audit(writer, entry);
    });
  }
  Result<std::vector<NamedProfile>> profiles(const Call& call, std::string_view kind) const override {
    return file_.read(call, [&](SqliteDatabase& reader) { return read_named_profiles(reader, kind); });
  }
  Result<Active> active_profile(const Call& call, std::string_view kind) const override {
    return file_.read(call, [&](SqliteDatabase& reader) { return read_active(reader, kind); });
  }
  Status switch_profile(const Call& call, std::string_view kind, std::string_view name,
                        const AuditEntry& entry) override {
    return file_.write(call, [&](SqliteDatabase& writer) -> Status {
      CDX_TRY(put_active(writer, kind, name));
      return put_audit(writer, entry);
    });
  }

 private:
  StoreFile file_;
};

}  // namespace

Result<std::unique_ptr<UsageStore>> open_sqlite_usage_store(const SqliteStoreOptions& options) {
  CDX_TRY_LET(StoreHandles handles, open_store_file(options));
  return std::make_unique<SqliteUsageStore>(std::move(handles), options.patience);
}

}  // namespace cdx
