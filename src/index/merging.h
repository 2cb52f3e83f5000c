// Which segments become one. Small ones pile up with every batch and every flush; the policy keeps their
// number logarithmic and the work per document bounded.
#pragma once

#include <vector>

#include "index/segment.h"

namespace cdx::engine {

inline constexpr std::size_t merged_at_once = 4;

// The places (ascending) of the segments to merge next, none when nothing is due:
//   - a segment without a living document, or more than a quarter dead, is written anew alone
//   - `at_once` segments of one size class (powers of four of their living documents) become one, as long as
//     none has `largest` living documents
// With n documents there are at most n / largest closed segments and at_once - 1 of each of log4(largest)
// classes. `considered(view)` says which may be touched.
template <class Considered>
std::vector<std::size_t> merge_due(const SegmentViews& segments, std::size_t largest, std::size_t at_once,
                                   const Considered& considered);

// Which of these files to merge next. Where the largest has a graph of vectors and the living documents
// outside it are a tenth of all or more, all become one: its graph is kept, so each document is put into a
// large graph once, not once a size class, and a question asks few segments. What it costs is writing what
// there is for every tenth that comes; words alone are cheaper to merge class by class.
SegmentViews files_due(const SegmentViews& files);

std::size_t size_class(std::size_t documents);

template <class Considered>
std::vector<std::size_t> merge_due(const SegmentViews& segments, std::size_t largest, std::size_t at_once,
                                   const Considered& considered) {
  std::vector<std::vector<std::size_t>> classes(64);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!considered(segments[i])) continue;
    const auto living = segments[i].living();
    if (living == 0 || (segments[i]->rows() - living) * 4 > segments[i]->rows()) return {i};
    if (living >= largest) continue;
    auto& places = classes[size_class(living)];
    places.push_back(i);
    if (places.size() == at_once) return places;
  }
  return {};
}

}  // namespace cdx::engine
