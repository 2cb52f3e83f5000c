// What a batch does to the segments a snapshot sees. Everything here stays in memory.
#pragma once

#include <vector>

#include "base/call.h"
#include "index/index.h"
#include "index/segment.h"

namespace cdx::engine {

// The documents of a batch that are to live, ascending by id: of several with one id the last, and none that
// the batch also removes. `invalid` for the first that does not fit the schema.
Result<std::vector<const Document*>> survivors(const Call& call, const IndexBatch& batch,
                                               const Schema& schema);

// Tombstones for these ids (ascending); copied once for each segment that loses some.
void bury(SegmentViews& segments, std::span<const std::uint64_t> ids);

// The same for the rows that died in a segment between two moments: buries those documents in `into`.
void bury_lost(const SegmentView& before, const SegmentView& after, SegmentView& into);

// Segments in memory of these documents, of at most `largest` each, behind those that are there.
Status add_documents(const Call& call, const Schema& schema, double k1, std::span<const Document* const> rows,
                     std::size_t largest, const ann::Options& vectors, SegmentViews& segments);

// One segment in memory in place of some.
Result<SegmentView> merge_in_memory(const Call& call, const Schema& schema, double k1,
                                    std::span<const SegmentView> parts, const ann::Options& vectors);

}  // namespace cdx::engine
