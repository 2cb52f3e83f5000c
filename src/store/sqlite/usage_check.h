// What doctor asks of campaigns, scores, questions, choices and profiles.
#pragma once

#include <string>
#include <vector>

#include "io/sqlite.h"

namespace cdx {

// Adds a sentence for each fault, at most a page of each kind. Reads every row.
Status check_usage_tables(SqliteDatabase& reader, const Call& call, std::vector<std::string>& faults);

}  // namespace cdx
