#include "store/sqlite/raw_log.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "store/sqlite/rows.h"

namespace cdx {
namespace {

constexpr std::size_t page_bytes = std::size_t{32} << 20U;  // a page of the log ends after about this much
constexpr std::size_t hash_bytes = 16;

struct Fingerprint {
  std::array<char, hash_bytes> hash;
  std::size_t index;  // of the record in the span
  std::string_view bytes() const { return {hash.data(), hash.size()}; }
};

// In order of hash, because neighbours in the index share its pages; of equal ones the first in the span.
std::vector<Fingerprint> fingerprints(std::span<const RawRecord> records) {
  std::vector<Fingerprint> all(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto digest = content_hash(records[i]);
    std::memcpy(all[i].hash.data(), digest.data(), hash_bytes);
    all[i].index = i;
  }
  std::sort(all.begin(), all.end(), [](const Fingerprint& a, const Fingerprint& b) {
    const int order = std::memcmp(a.hash.data(), b.hash.data(), hash_bytes);
    return order != 0 ? order < 0 : a.index < b.index;
  });
  const auto equal = [](const Fingerprint& a, const Fingerprint& b) { return a.bytes() == b.bytes(); };
  all.erase(std::unique(all.begin(), all.end(), equal), all.end());
  return all;
}

class RawAppender {
 public:
  RawAppender(SqliteDatabase& writer, Origins& origins, const Call& call, std::span<const RawRecord> records)
      : writer_(writer), origins_(origins), call_(call), records_(records), seqs_(records.size(), 0) {}

  Result<Appended> run(std::span<Fingerprint> prints) {
    CDX_TRY_LET(const std::int64_t base, writer_.integer("SELECT coalesce(max(seq), 0) FROM raw"));
    CDX_TRY(claim(prints, base));
    Appended done{0, static_cast<RawOffset>(base)};
    for (auto& seq : seqs_) {
      if (seq != 0) seq = base + static_cast<std::int64_t>(++done.fresh);
    }
    // Where some were known already, the places claimed have gaps.
    if (done.fresh != records_.size()) CDX_TRY(close_gaps(prints));
    done.end += done.fresh;
    CDX_TRY(insert());
    return done;
  }

 private:
  Status claim(std::span<const Fingerprint> prints, std::int64_t base) {
    CDX_TRY_LET(SqliteStatement claim,
                writer_.prepare("INSERT OR IGNORE INTO raw_hashes(hash, seq) VALUES(?, ?)"));
    for (const auto& print : prints) {
      const auto seq = base + 1 + static_cast<std::int64_t>(print.index);
      CDX_TRY(claim.put_blob(print.bytes()).put(seq).run());
      if (writer_.changed()) seqs_[print.index] = seq;
    }
    return call_.check();
  }

  Status close_gaps(std::span<const Fingerprint> prints) {
    CDX_TRY_LET(SqliteStatement move, writer_.prepare("UPDATE raw_hashes SET seq=? WHERE hash=?"));
    for (const auto& print : prints) {
      if (seqs_[print.index] != 0) CDX_TRY(move.put(seqs_[print.index]).put_blob(print.bytes()).run());
    }
    return call_.check();
  }

  Status insert() {
    CDX_TRY_LET(SqliteStatement insert,
                writer_.prepare("INSERT INTO raw(seq, layout, terms, fetched_at, expires_at, key, body) "
                                "VALUES(?, ?, ?, ?, ?, ?, ?)"));
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (seqs_[i] == 0) continue;
      const auto& record = records_[i];
      CDX_TRY_LET(const std::int64_t layout, origins_.layout_number(writer_, record));
      CDX_TRY_LET(const std::int64_t terms, origins_.terms_number(writer_, record.terms));
      insert.put(seqs_[i]).put(layout);
      put_terms(insert, record.terms, terms);
      CDX_TRY(insert.put_text(record.key).put_blob(record.body).run());
    }
    return call_.check();
  }

  SqliteDatabase& writer_;
  Origins& origins_;
  const Call& call_;
  std::span<const RawRecord> records_;
  std::vector<std::int64_t> seqs_;  // 0: known already
};

}  // namespace

Result<Appended> append_raw(SqliteDatabase& writer, Origins& origins, const Call& call,
                            std::span<const RawRecord> records) {
  auto prints = fingerprints(records);
  Settlement settlement(origins);
  CDX_TRY_LET(SqliteTransaction writing, SqliteTransaction::begin(writer, SqliteTransaction::Kind::writing));
  CDX_TRY_LET(const Appended done, RawAppender(writer, origins, call, records).run(prints));
  CDX_TRY(writing.commit());
  settlement.committed();
  return done;
}

Result<RawPage> read_raw(SqliteDatabase& reader, const Origins& origins, const Call& call, RawOffset after,
                         std::size_t max) {
  CDX_TRY_LET(SqliteStatement select,
              reader.prepare("SELECT terms, fetched_at, expires_at, seq, layout, key, body FROM raw "
                             "WHERE seq > ? ORDER BY seq LIMIT ?"));
  select.put(bounded(after)).put(bounded(max));
  RawPage page;
  page.next = after;
  for (std::size_t bytes = 0; bytes < page_bytes;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) break;
    RawRecord record;
    CDX_TRY(take_origin(reader, origins, select, record.terms));
    CDX_TRY(origins.take_layout(reader, select.integer(4), record));
    record.key = select.text(5);
    record.body = select.blob(6);
    bytes += record.body.size();
    page.next = static_cast<RawOffset>(select.integer(3));
    page.offsets.push_back(page.next);
    page.records.push_back(std::move(record));
    if (page.records.size() % call_stride == 0) CDX_TRY(call.check());
  }
  return page;
}

}  // namespace cdx
