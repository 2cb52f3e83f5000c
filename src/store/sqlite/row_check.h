// What doctor asks of the rows of a store whose file is whole.
#pragma once

#include <string>
#include <vector>

#include "io/sqlite.h"

namespace cdx {

// Each adds a sentence for each fault, at most a page of each kind, and reads every row of its tables:
// pictures; campaigns, scores, questions, choices and profiles.
Status check_pictures(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults);
Status check_usage_tables(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults);

}  // namespace cdx
