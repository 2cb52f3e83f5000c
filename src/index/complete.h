// Names to offer while somebody types.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "index/index.h"
#include "index/segment.h"

namespace cdx::engine {

// The documents with a run of name words that starts with `squashed`, the best `max` by the number field
// `weights` (absent: all weigh nothing), ties by id. Of a document's names the first that matches.
std::vector<Completion> complete_names(const SegmentViews& segments, std::string_view squashed,
                                       std::optional<std::size_t> weights, std::size_t max);

}  // namespace cdx::engine
