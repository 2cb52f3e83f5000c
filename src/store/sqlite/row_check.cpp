#include "store/sqlite/row_check.h"

#include "store/sqlite/body.h"
#include "store/sqlite/rows.h"

namespace cdx {
namespace {

constexpr std::size_t faults_of_a_kind = 20;

// `fault(row)` gives a sentence, or nothing for a sound row.
template <class Fault>
Status look(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults, std::string_view sql,
            Fault fault) {
  CDX_TRY_LET(SqliteStatement select, reader.prepare(sql));
  for (std::size_t found = 0, seen = 0; found < faults_of_a_kind;) {
    if (seen++ % call_stride == 0) CDX_TRY(call.check());
    CDX_TRY_LET(const bool row, select.step());
    if (!row) break;
    std::string sentence = fault(select);
    if (sentence.empty()) continue;
    faults.push_back(std::move(sentence));
    ++found;
  }
  return {};
}

template <class Tag>
std::string id_text(const SqliteStatement& row, int column) {
  return Id<Tag>{unsigned_id(row.integer(column))}.text();
}

std::string score_text(const SqliteStatement& row) {
  return "the score of " + id_text<CreatorTag>(row, 1) + " for " + id_text<CampaignTag>(row, 0);
}

Status check_bodies(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults) {
  CDX_TRY(look(reader, call, faults, "SELECT id, body FROM campaigns", [](const SqliteStatement& row) {
    const auto brief = decode_brief(row.blob(1));
    return brief ? "" : "campaign " + id_text<CampaignTag>(row, 0) + ": " + brief.error().message;
  }));
  return look(reader, call, faults, "SELECT id, body FROM questions", [](const SqliteStatement& row) {
    const auto question = decode_question(row.blob(1));
    return question ? "" : "question " + id_text<QuestionTag>(row, 0) + ": " + question.error().message;
  });
}

Status check_scores(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults) {
  for (const std::string table : {"scores", "score_history"}) {
    const auto former = table == "scores" ? "" : "a former one of ";
    const auto rows = "SELECT campaign, creator FROM " + table;
    CDX_TRY(look(reader, call, faults, rows + " WHERE campaign NOT IN (SELECT id FROM campaigns)",
                 [&](const auto& row) { return former + score_text(row) + ": there is no such campaign"; }));
    CDX_TRY(look(
        reader, call, faults, rows + " WHERE scoring NOT IN (SELECT number FROM scorings)",
        [&](const auto& row) { return former + score_text(row) + " names a scoring that is not there"; }));
  }
  return {};
}

}  // namespace

Status check_pictures(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults) {
  CDX_TRY(look(reader, call, faults, "SELECT sha256, body FROM pictures", [](const SqliteStatement& row) {
    const auto picture = decode_picture(row.blob(1));
    return picture ? "" : "picture " + hex(row.blob(0)) + ": " + picture.error().message;
  }));
  return look(reader, call, faults,
              "SELECT sha256, account FROM pictures WHERE account NOT IN (SELECT row FROM accounts)",
              [](const SqliteStatement& row) {
                return "picture " + hex(row.blob(0)) + ": its account (row " +
                       std::to_string(row.integer(1)) + ") is not there";
              });
}

Status check_usage_tables(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults) {
  CDX_TRY(check_bodies(reader, call, faults));
  CDX_TRY(check_scores(reader, call, faults));
  CDX_TRY(look(reader, call, faults,
               "SELECT question, creator FROM choices WHERE question NOT IN (SELECT id FROM questions)",
               [](const auto& row) {
                 return "the choice of " + id_text<CreatorTag>(row, 1) + ": its question " +
                        id_text<QuestionTag>(row, 0) + " is not there";
               }));
  return look(reader, call, faults,
              "SELECT kind, name FROM active_profiles AS active WHERE name <> '' AND NOT EXISTS "
              "(SELECT 1 FROM profiles WHERE profiles.kind=active.kind AND profiles.name=active.name)",
              [](const auto& row) {
                return "the " + std::string(row.text(0)) + " profile in use, \"" + std::string(row.text(1)) +
                       "\", is not there";
              });
}

}  // namespace cdx
