#include "pipeline/import.h"

#include <fmt/format.h>

#include <charconv>

#include "normalize/normalize.h"
#include "pipeline/commit.h"

namespace cdx {
namespace {

constexpr std::size_t replay_batch = 2'000;

// Which raw records are committed: everything up to this offset, under this version of the mapping.
std::string checkpoint_name() { return fmt::format("normalised/{}", normalize::mapping_version()); }

class Importer {
 public:
  Importer(const Call& call, Store& store, const Clock& clock, const figures::FakeModel* fakes)
      : call_(call), store_(store), clock_(clock), fakes_(fakes) {}

  // Reads where the last run got to, and commits what it kept but did not get to.
  Status begin() {
    CDX_TRY_LET(const auto kept, store_.checkpoint(call_, checkpoint_name()));
    if (kept) std::from_chars(kept->data(), kept->data() + kept->size(), committed_);
    return replay();
  }

  Status take(const Page& page, ImportReport& report) {
    std::vector<RawRecord> good, bad;
    std::vector<AccountUpdate> updates;
    CommitExtras extras{.quarantine = {}, .checkpoints = {}, .fakes = fakes_};
    for (const auto& record : page.bad) extras.quarantine.push_back(quarantined(record));
    for (const auto& record : page.records) {
      auto mapped = normalizer_.normalize(record);
      if (mapped) {
        good.push_back(record);
        updates.push_back(update_of(record, *std::move(mapped)));
      } else {
        bad.push_back(record);
        extras.quarantine.push_back(quarantined(record, mapped.error()));
      }
    }
    CDX_TRY_LET(const auto kept_bad, store_.append_raw(call_, bad));
    CDX_TRY_LET(const auto kept, store_.append_raw(call_, good));
    report.rows += page.records.size() + page.bad.size();
    report.imported += kept.fresh;
    report.unchanged += good.size() - kept.fresh;
    report.quarantined += extras.quarantine.size();
    for (const auto& one : extras.quarantine)
      if (report.first_quarantined.size() < most_told) report.first_quarantined.push_back(one);
    return settle(std::move(updates), std::move(extras), kept_bad.fresh + kept.fresh,
                  kept.fresh == good.size(), std::max(kept.end, kept_bad.end));
  }

 private:
  // Commits a page. Where all of it was new and nobody else wrote meanwhile, what is at hand is what the raw
  // log holds; otherwise the raw log is read from where it was last committed.
  Status settle(std::vector<AccountUpdate> updates, CommitExtras extras, std::size_t fresh, bool all_new,
                RawOffset end) {
    if (fresh == 0 && extras.quarantine.empty()) return {};
    if (fresh > 0 && all_new && end == committed_ + fresh) {
      extras.checkpoints.push_back({checkpoint_name(), std::to_string(end)});
      CDX_TRY(commit_accounts(call_, store_, clock_, updates, extras));
      committed_ = end;
      return {};
    }
    if (!extras.quarantine.empty()) CDX_TRY(commit_accounts(call_, store_, clock_, {}, extras));
    return replay();
  }

  Status replay() {
    for (;;) {
      CDX_TRY(call_.check());
      CDX_TRY_LET(const auto page, store_.read_raw(call_, committed_, replay_batch));
      if (page.records.empty()) return {};
      std::vector<AccountUpdate> updates;
      CommitExtras extras{.quarantine = {}, .checkpoints = {}, .fakes = fakes_};
      for (const auto& record : page.records) {
        auto mapped = normalizer_.normalize(record);
        if (mapped)
          updates.push_back(update_of(record, *std::move(mapped)));
        else
          extras.quarantine.push_back(quarantined(record, mapped.error()));
      }
      extras.checkpoints.push_back({checkpoint_name(), std::to_string(page.next)});
      CDX_TRY(commit_accounts(call_, store_, clock_, updates, extras));
      committed_ = page.next;
    }
  }

  static AccountUpdate update_of(const RawRecord& record, normalize::Normalized mapped) {
    auto key = mapped.declared_key.empty() ? std::string() : record.source + "/" + mapped.declared_key;
    return {std::move(mapped.account), std::move(mapped.items), std::move(mapped.snapshots), std::move(key)};
  }

  Quarantined quarantined(const BadRecord& record) const {
    return {record.source,
            record.key,
            record.column,
            record.reason,
            record.body,
            clock_.now(),
            hex(sha256(record.key + '\0' + record.body))};
  }
  Quarantined quarantined(const RawRecord& record, const Error& error) const {
    return {record.source,
            record.key,
            std::string(normalize::column_of(error)),
            error.message,
            std::string(record.body.substr(0, 65'536)),
            clock_.now(),
            hex(content_hash(record))};
  }

  const Call& call_;
  Store& store_;
  const Clock& clock_;
  const figures::FakeModel* fakes_;
  normalize::Normalizer normalizer_;
  RawOffset committed_ = 0;
};

}  // namespace

Status import_source(const Call& call, Source& source, Store& store, const Clock& clock, ImportReport& report,
                     const std::function<void(const ImportReport&)>& progress,
                     const figures::FakeModel* fakes) {
  Importer importer(call, store, clock, fakes);
  CDX_TRY(importer.begin());
  std::optional<Cursor> at;
  do {
    CDX_TRY(call.check());
    CDX_TRY_LET(const auto page, source.pull(call, at));
    CDX_TRY(importer.take(page, report));
    report.bytes_done = page.bytes_done;
    report.bytes_total = page.bytes_total;
    if (progress) progress(report);
    at = page.next;
  } while (at);
  return {};
}

}  // namespace cdx
