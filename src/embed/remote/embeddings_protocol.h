// The bytes of /v1/embeddings. Private to embed/remote.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "embed/embed.h"

namespace cdx::remote {

// {"model":…,"input":[…],"encoding_format":"float"} and, where given, "dimensions".
std::string request_body(std::string_view model, std::span<const std::string> texts,
                         std::optional<std::size_t> dimensions);

struct Answer {
  Matrix rows;  // in the order asked, as the endpoint scaled them
  std::size_t tokens = 0;
};

// `invalid` when the vectors have another dimension than expected: repeating mends nothing. `unavailable` for
// everything else that breaks the protocol: not JSON, vectors missing, twice or too many, values that are no
// numbers. Messages begin with `place`.
Result<Answer> read_answer(std::string_view place, std::string body, std::size_t texts,
                           std::size_t dimension);

}  // namespace cdx::remote
