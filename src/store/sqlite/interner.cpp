#include "store/sqlite/interner.h"

#include <charconv>
#include <mutex>

namespace cdx {
namespace {
// Far more than any store has; a store that does have more only reads a row again now and then.
constexpr std::size_t remembered_rows = 65'536;
}  // namespace

Result<std::int64_t> Interner::number_of(SqliteDatabase& writer, std::span<const std::string_view> columns) {
  wanted_.clear();
  for (const auto column : columns) {
    wanted_ += std::to_string(column.size());
    wanted_ += ':';
    wanted_ += column;
  }
  if (const auto known = numbers_.find(wanted_); known != numbers_.end()) return known->second;
  if (numbers_.size() >= remembered_rows) numbers_.clear();
  CDX_TRY_LET(SqliteStatement find, writer.prepare(sql_.find));
  for (const auto column : columns) find.put_text(column);
  CDX_TRY_LET(const bool found, find.step());
  if (found) return numbers_[wanted_] = find.integer(0);
  CDX_TRY_LET(SqliteStatement insert, writer.prepare(sql_.insert));
  for (const auto column : columns) insert.put_text(column);
  CDX_TRY(insert.run());
  return numbers_[wanted_] = writer.last_row();
}

Result<std::shared_ptr<const Interner::Columns>> Interner::columns_of(SqliteDatabase& reader,
                                                                      std::int64_t number) const {
  {
    const std::shared_lock lock(mutex_);
    if (const auto known = columns_.find(number); known != columns_.end()) return known->second;
  }
  CDX_TRY_LET(SqliteStatement read, reader.prepare(sql_.read));
  CDX_TRY_LET(const bool found, read.put(number).step());
  if (!found) {
    return fail(ErrorKind::corrupt, reader.path() + ": a row names the origin " + std::to_string(number) +
                                        ", which is not there");
  }
  auto columns = std::make_shared<Columns>();
  for (int i = 0; i < read.columns(); ++i) columns->emplace_back(read.text(i));
  const std::unique_lock lock(mutex_);
  if (columns_.size() >= remembered_rows) columns_.clear();
  columns_[number] = columns;
  return columns;
}

Origins::Origins()
    : terms_(
          {.find = "SELECT number FROM terms WHERE source=? AND basis=? AND licence=? AND policy_version=?",
           .insert = "INSERT INTO terms(source, basis, licence, policy_version) VALUES(?, ?, ?, ?)",
           .read = "SELECT source, basis, licence, policy_version FROM terms WHERE number=?"}),
      layouts_({.find = "SELECT number FROM layouts WHERE source=? AND layout=?",
                .insert = "INSERT INTO layouts(source, layout) VALUES(?, ?)",
                .read = "SELECT source, layout FROM layouts WHERE number=?"}) {}

Result<std::int64_t> Origins::terms_number(SqliteDatabase& writer, const Provenance& provenance) {
  const bool same = last_number_ != 0 && provenance.source == last_.source &&
                    provenance.basis == last_.basis && provenance.licence == last_.licence &&
                    provenance.policy_version == last_.policy_version;
  if (same) return last_number_;
  const auto version = std::to_string(provenance.policy_version);
  const std::string_view columns[] = {provenance.source, provenance.basis, provenance.licence, version};
  CDX_TRY_LET(const std::int64_t number, terms_.number_of(writer, columns));
  last_ = provenance;
  last_number_ = number;
  return number;
}

Status Origins::take_terms(SqliteDatabase& reader, std::int64_t number, Provenance& into) const {
  CDX_TRY_LET(const auto columns, terms_.columns_of(reader, number));
  into.source = (*columns)[0];
  into.basis = (*columns)[1];
  into.licence = (*columns)[2];
  const auto& version = (*columns)[3];
  std::from_chars(version.data(), version.data() + version.size(), into.policy_version);
  return {};
}

Result<std::int64_t> Origins::layout_number(SqliteDatabase& writer, const RawRecord& record) {
  const std::string_view columns[] = {record.source, record.layout};
  return layouts_.number_of(writer, columns);
}

Status Origins::take_layout(SqliteDatabase& reader, std::int64_t number, RawRecord& into) const {
  CDX_TRY_LET(const auto columns, layouts_.columns_of(reader, number));
  into.source = (*columns)[0];
  into.layout = (*columns)[1];
  return {};
}

void Origins::settle(bool committed) {
  if (committed) return;
  terms_.forget_numbers();
  layouts_.forget_numbers();
  last_number_ = 0;
}

}  // namespace cdx
