// One account as a line of accounts.ndjson.
#pragma once

#include <string>

#include "sample/presence.h"

namespace cdx::sample {

void append_account(std::string& out, const Calendar& calendar, const Presence& account);

}  // namespace cdx::sample
