#include "store/sqlite/usage_log.h"

#include "store/sqlite/body.h"
#include "store/sqlite/rows.h"

namespace cdx {

Status put_questions(SqliteDatabase& writer, const Call& call, std::span<const LoggedQuestion> questions) {
  CDX_TRY_LET(SqliteStatement put,
              writer.prepare("INSERT INTO questions(id, at, body) VALUES(?, ?, ?) "
                             "ON CONFLICT(id) DO UPDATE SET at=excluded.at, body=excluded.body"));
  std::string body;
  for (const auto& question : questions) {
    CDX_TRY(call.check());
    encode_question(body, question);
    CDX_TRY(put.put(signed_id(question.id.value)).put(milliseconds_of(question.at)).put_blob(body).run());
  }
  return {};
}

Status put_choices(SqliteDatabase& writer, const Call& call, std::span<const LoggedChoice> choices) {
  CDX_TRY_LET(SqliteStatement find, writer.prepare("SELECT 1 FROM questions WHERE id=?"));
  CDX_TRY_LET(SqliteStatement put, writer.prepare("INSERT INTO choices(question, at, creator, action) "
                                                  "VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING"));
  std::size_t done = 0;
  for (const auto& choice : choices) {
    const auto question = signed_id(choice.question.value);
    CDX_TRY_LET(const bool found, find.put(question).step());
    if (!found) {
      return fail(ErrorKind::not_found, "choice of " + choice.creator.text() + ": the question " +
                                            choice.question.text() + " is not kept");
    }
    find.reset();
    put.put(question).put(milliseconds_of(choice.at)).put(signed_id(choice.creator.value));
    CDX_TRY(put.put_text(choice.action).run());
    if (++done % call_stride == 0) CDX_TRY(call.check());
  }
  return {};
}

Result<std::size_t> drop_questions(SqliteDatabase& writer, Time before, std::size_t max) {
  std::vector<std::pair<std::int64_t, std::int64_t>> old;  // row and id
  {
    CDX_TRY_LET(SqliteStatement select,
                writer.prepare("SELECT row, id FROM questions WHERE at < ? ORDER BY at, row LIMIT ?"));
    select.put(milliseconds_of(before)).put(bounded(max));
    for (;;) {
      CDX_TRY_LET(const bool row, select.step());
      if (!row) break;
      old.emplace_back(select.integer(0), select.integer(1));
    }
  }
  CDX_TRY_LET(SqliteStatement drop_choices, writer.prepare("DELETE FROM choices WHERE question=?"));
  CDX_TRY_LET(SqliteStatement drop, writer.prepare("DELETE FROM questions WHERE row=?"));
  for (const auto& [row, id] : old) {
    CDX_TRY(drop_choices.put(id).run());
    CDX_TRY(drop.put(row).run());
  }
  return old.size();
}

Result<std::vector<LoggedQuestion>> read_questions(SqliteDatabase& reader, const Call& call, Time since,
                                                   std::size_t max) {
  std::vector<LoggedQuestion> found;
  if (max == 0) return found;
  CDX_TRY_LET(SqliteStatement select,
              reader.prepare("SELECT id, at, body FROM questions WHERE at >= ? ORDER BY at, row"));
  select.put(milliseconds_of(since));
  for (;;) {
    CDX_TRY(call.check());
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return found;
    const auto at = time_of(select.integer(1));
    if (found.size() >= max && at != found.back().at) return found;
    const QuestionId id{unsigned_id(select.integer(0))};
    auto question = decode_question(select.blob(2));
    if (!question) {
      return fail(question.error().kind,
                  reader.path() + ": question " + id.text() + ": " + question.error().message);
    }
    question->id = id;
    question->at = at;
    found.push_back(*std::move(question));
  }
}

Result<std::vector<LoggedChoice>> read_choices(SqliteDatabase& reader, const Call& call,
                                               std::span<const QuestionId> ids) {
  CDX_TRY_LET(SqliteStatement select,
              reader.prepare("SELECT creator, action, at FROM choices WHERE question=? "
                             "ORDER BY at, creator < 0, creator, action"));
  std::vector<LoggedChoice> found;
  for (const auto id : ids) {
    CDX_TRY(call.check());
    select.put(signed_id(id.value));
    for (;;) {
      CDX_TRY_LET(const bool row, select.step());
      if (!row) break;
      found.push_back(
          {id, {unsigned_id(select.integer(0))}, std::string(select.text(1)), time_of(select.integer(2))});
    }
  }
  return found;
}

}  // namespace cdx
