// The envelope of /v1/chat/completions. Private to enrich/chat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::enrich::chat {

struct Reply {
  std::string content;
  bool refused = false;  // by the model or a filter
  bool cut = false;      // out of tokens
  std::uint64_t tokens_in = 0, tokens_out = 0;
};

// `asked_bytes`: of the request, for an endpoint that does not say what it counted: then four bytes are a
// token. `unavailable` when the body breaks the protocol.
Result<Reply> read_reply(std::string_view place, const std::string& body, std::size_t asked_bytes);

}  // namespace cdx::enrich::chat
