// Figures over time, as tables and records write them. Private to the normalize room.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace cdx::normalize {

using History = std::vector<std::pair<Time, double>>;

// `[["2022-08",12000],…]`, `[{"at":"2022-08-01","value":12000},…]`, `{"2022-08":12000,…}` and
// "2022-08:12000; 2022-09:12500". `invalid` names the entry.
Result<History> read_history(std::string_view text);

}  // namespace cdx::normalize
