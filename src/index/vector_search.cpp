#include "index/vector_search.h"

#include <algorithm>

#include "index/dot.h"

namespace cdx::engine {

void Best::offer(const Found& one) {
  ++offered_;
  if (full_ && !(one < worst_)) return;
  kept_.push_back(one);
  if (kept_.size() >= 2 * depth_ + 64) cut();  // seldom, so that a cut's cost is shared by many
}

void Best::cut() {
  if (kept_.size() <= depth_) return;
  const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(depth_);
  std::nth_element(kept_.begin(), end, kept_.end());
  worst_ = *end;
  full_ = true;
  kept_.erase(end, kept_.end());
}

std::vector<Found> Best::take() {
  cut();
  return std::move(kept_);
}

Result<FieldMatches> search_vectors(const Call& call, const SegmentViews& segments,
                                    std::span<const Bitmap> passing, std::size_t field,
                                    std::span<const float> query, std::size_t depth) {
  constexpr std::size_t block = 4096;
  FieldMatches out;
  out.similarities.resize(segments.size());
  Best best(depth);
  std::vector<std::uint32_t> slots;
  std::vector<float> dots;
  for (std::uint32_t s = 0; s < segments.size(); ++s) {
    const auto& column = segments[s]->vectors[field];
    auto& similarities = out.similarities[s];
    similarities.assign(column.owners.size(), no_similarity);
    for (std::size_t begin = 0; begin < column.owners.size(); begin += block) {
      CDX_TRY(call.check());
      slots.clear();
      for (auto i = begin; i < std::min(begin + block, column.owners.size()); ++i)
        if (passing[s].test(column.owners[i])) slots.push_back(static_cast<std::uint32_t>(i));
      dots.resize(slots.size());
      dot_rows(query, column.data.data(), slots, dots);
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const auto row = column.owners[slots[i]];
        similarities[slots[i]] = dots[i];
        best.offer({dots[i], segments[s]->ids[row], s, row});
      }
    }
  }
  out.compared = best.offered();
  out.best = best.take();
  return out;
}

}  // namespace cdx::engine
