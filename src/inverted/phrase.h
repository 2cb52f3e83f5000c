// Rows that hold words side by side.
#pragma once

#include <span>
#include <vector>

#include "base/call.h"
#include "inverted/view.h"

namespace cdx::inverted {

// Sets the bits of the rows that hold, in one field (this one, or `nothing`: any) and in this order
// without a gap, a term of each place. `cancelled`, `timed_out`.
Status mark_phrase(const Call& call, const View& view, std::span<const std::vector<std::uint32_t>> places,
                   std::uint32_t field, std::span<std::uint64_t> bits);

}  // namespace cdx::inverted
