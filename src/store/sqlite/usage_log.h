// Questions and choices of a SqliteUsageStore. Writers run within the caller's transaction.
#pragma once

#include "io/sqlite.h"
#include "store/store.h"

namespace cdx {

Status put_questions(SqliteDatabase& writer, const Call& call, std::span<const LoggedQuestion> questions);
Status put_choices(SqliteDatabase& writer, const Call& call, std::span<const LoggedChoice> choices);
// At most `max` of those asked before; says how many.
Result<std::size_t> drop_questions(SqliteDatabase& writer, Time before, std::size_t max);

Result<std::vector<LoggedQuestion>> read_questions(SqliteDatabase& reader, const Call& call, Time since,
                                                   std::size_t max);
Result<std::vector<LoggedChoice>> read_choices(SqliteDatabase& reader, const Call& call,
                                               std::span<const QuestionId> ids);

}  // namespace cdx
