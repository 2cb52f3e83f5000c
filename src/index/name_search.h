// Whether a question names a document: a score in [0,1] for every name (value of a name field), the best one
// counting.
//
//   letters(x)  code points; L = letters of the question, all words together
//   rarity(x)   idf of x among the living documents' names over the highest there can be: 1 for what one
//   document has slip        1 - 0.4 * edits / L: at least 0.9 for the typos forgiven (1 edit from 4 letters,
//   2 from 8; below 8
//               letters the first letter must be right)
//
//   whole   the squashed question is the squashed name, typos forgiven:              slip (1 when equal)
//   run     the squashed question (4 letters or more) begins a run of the name's words, or is a run within
//   typos:
//                 0.95 * rarity(run) * sqrt(L / letters(name)) * slip
//   words   every question word but stop words is a word of the name, typos forgiven (the last may be a
//   beginning of
//           3 letters or more):
//                 0.97 * specificity * asked * sqrt(named) * slip
//           specificity  sum of the rarities of the name words found, at most 1: common words alone name
//           nothing asked        share of the question's letters that were found named        share of the
//           name's letters (stop words aside) that were found
//
// A name found below `lowest_name_score` counts as not found.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "index/filtering.h"
#include "index/segment.h"
#include "index/statistics.h"
#include "index/word_search.h"

namespace cdx::engine {

inline constexpr float lowest_name_score = 0.25F;
inline constexpr std::size_t most_question_words = 16;  // a longer question names nothing

// One a segment, over the rows that pass.
Result<std::vector<RowScores>> score_names(const Call& call, const SegmentViews& segments,
                                           std::span<const Passing> passing, const Statistics& statistics,
                                           std::string_view question);

}  // namespace cdx::engine
