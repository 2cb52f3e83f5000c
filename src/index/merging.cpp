#include "index/merging.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace cdx::engine {
namespace {

// Files are folded into the largest before long there, and what is merged before is merged twice.
constexpr std::size_t files_beside_graphs = 8;

}  // namespace

std::size_t size_class(std::size_t documents) {
  return static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(documents, 16)) - 1) / 2;
}

SegmentViews files_due(const SegmentViews& files) {
  if (files.empty()) return {};
  std::size_t all = 0;
  for (const auto& view : files) all += view.living();
  const auto& largest = *std::max_element(
      files.begin(), files.end(), [](const auto& a, const auto& b) { return a.living() < b.living(); });
  const bool graphs = std::any_of(largest->vectors.begin(), largest->vectors.end(),
                                  [](const ann::Field& field) { return field.has_graph(); });
  if (graphs && files.size() > 1 && (all - largest.living()) * 10 >= all) return files;
  SegmentViews out;
  for (const auto place :
       merge_due(files, std::numeric_limits<std::size_t>::max(),
                 graphs ? files_beside_graphs : merged_at_once, [](const SegmentView&) { return true; }))
    out.push_back(files[place]);
  return out;
}

}  // namespace cdx::engine
