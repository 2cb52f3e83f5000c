// From candidates to an answer: both planes of the codes, then full rows.
#pragma once

#include <span>
#include <vector>

#include "ann/layout.h"
#include "ann/walk.h"

namespace cdx::ann {

// scratch.found, slots, scored by both planes and sorted.
void rank_again(const Layout& layout, Scratch& scratch);

// The best k documents of scratch.found, slots which are ranked, by their full rows. Of those only so many
// are read as may be among the best.
std::vector<Neighbour> best_by_full_rows(const Layout& layout, const Question& question, Scratch& scratch);

}  // namespace cdx::ann
