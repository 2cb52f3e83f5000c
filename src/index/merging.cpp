#include "index/merging.h"

#include <algorithm>
#include <bit>
#include <map>

namespace cdx::engine {
namespace {

constexpr std::size_t merged_at_once = 4;

std::size_t size_class(std::size_t documents) {
  return static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(documents, 16)) - 1) / 2;
}

// Replaces the segments at `places` (ascending) by one.
void merge_at(SegmentViews& segments, const std::vector<std::size_t>& places) {
  SegmentViews parts;
  for (const auto place : places) parts.push_back(segments[place]);
  for (auto place = places.rbegin(); place != places.rend(); ++place)
    segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(*place));
  segments.push_back({merge_segments(parts), nullptr});
}

bool merge_one_class(SegmentViews& segments, std::size_t largest) {
  std::map<std::size_t, std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].living() >= largest) continue;
    auto& places = classes[size_class(segments[i].living())];
    places.push_back(i);
    if (places.size() < merged_at_once) continue;
    merge_at(segments, places);
    return true;
  }
  return false;
}

}  // namespace

void merge_where_due(SegmentViews& segments, std::size_t largest) {
  std::erase_if(segments, [](const SegmentView& view) { return view.living() == 0; });
  while (merge_one_class(segments, largest)) {
  }
  for (std::size_t i = 0; i < segments.size(); ++i)
    if ((segments[i]->rows() - segments[i].living()) * 4 > segments[i]->rows())
      segments[i] = {merge_segments(std::span(&segments[i], 1)), nullptr};
}

}  // namespace cdx::engine
