// Which segments become one. Small ones pile up with every batch; the policy keeps their number logarithmic
// and the work per document bounded.
#pragma once

#include "index/segment.h"

namespace cdx::engine {

// Merges in place until nothing is left to do:
//   - segments without a living document go
//   - a segment more than a quarter dead is written anew
//   - four segments of one size class (powers of four of their living documents) become one, as long as none
//   has
//     `largest` living documents
// With n documents there are at most n / largest closed segments and three of each of log4(largest) classes.
void merge_where_due(SegmentViews& segments, std::size_t largest);

}  // namespace cdx::engine
