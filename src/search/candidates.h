// Searcher::candidates, without the searcher. Private to the search room.
#pragma once

#include "search/search.h"

namespace cdx {

Result<Candidates> gather_candidates(const Call& call, const SearchView& view, const SearcherOptions& options,
                                     const CandidateQuestion& question);

}  // namespace cdx
