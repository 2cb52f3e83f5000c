// The order in which the rows of a graph lie: what a walk visits one after the other shares pages, which
// saves reads from a cold disk and most of the waiting for memory (cf. Wei et al. 2016, "Speedup Graph
// Processing by Graph Ordering").
#pragma once

#include <cstdint>
#include <vector>

#include "ann/graph_build.h"

namespace cdx::ann {

// Slot -> row: the entries, then depth first from them, nearest neighbours first. A permutation, whatever the
// links. Of the orders tried (breadth first, by most links to the last few placed) it is the simplest and
// within noise of the best.
std::vector<std::uint32_t> depth_first(const BuiltGraph& graph, std::size_t degree);

// The other way round: row -> slot.
std::vector<std::uint32_t> turned_round(const std::vector<std::uint32_t>& order);

}  // namespace cdx::ann
