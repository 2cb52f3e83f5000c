// Scan or walk? Both costs are counted in rows whose code is looked at; a row met on a walk costs more than
// one met on a scan, for its memory is not read in order and its neighbours are.
#pragma once

#include "ann/ann.h"
#include "ann/layout.h"

namespace cdx::ann {

struct Plan {
  Answer::Way way = Answer::Way::scan;
  double share = 1;                // of the documents that may be returned
  std::size_t window = 0;          // of a walk: rows kept at a time
  std::size_t budget = 0;          // rows a walk may look at before a scan is the better way after all
  std::size_t cut_off_budget = 0;  // the same, where the filter cuts off the nearest
  std::size_t pool = 0;            // most rows a scan keeps for ranking again
  std::size_t estimated = 0;       // rows looked at
};
Plan plan_search(const Layout& layout, const Question& question);

}  // namespace cdx::ann
