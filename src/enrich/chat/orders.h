// Does a text speak to the model that reads it, rather than to people? Private to enrich/chat.
#pragma once

#include <string_view>

namespace cdx::enrich::chat {

// True for what looks like an order to a language model: "ignore all previous instructions", role marks, our
// own field names, in the languages of the table. A filter, not a proof: whatever slips through is still only
// data, and what it brings about is checked (check.h). Errs on the side of true.
bool gives_orders(std::string_view text);

}  // namespace cdx::enrich::chat
