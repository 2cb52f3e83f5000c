#include "index/vector_search.h"

#include <algorithm>

namespace cdx::engine {
namespace {

constexpr std::size_t many_candidates = 64;

}  // namespace

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
  std::sort(kept_.begin(), kept_.end());
  return std::move(kept_);
}

Result<FieldMatches> search_vectors(const Call& call, const SegmentViews& segments,
                                    std::span<const Passing> passing, std::size_t field,
                                    std::span<const float> query, std::size_t depth) {
  FieldMatches out;
  Best best(depth);
  for (std::uint32_t s = 0; s < segments.size(); ++s) {
    CDX_TRY(call.check());
    const auto& segment = *segments[s].segment;
    ann::Question question;
    question.vector = query;
    question.allowed = passing[s].allowed();
    question.allowed_count = passing[s].count;
    question.k = depth + 1;  // one more tells whether there are more
    // Of many candidates the last few do not matter: a window no wider than they are finds the first ones
    // anyway.
    if (depth >= many_candidates) question.effort = question.k;
    const auto answer = segment.vectors[field].search(question);
    for (const auto& one : answer.best)
      if (one.document < segment.rows())
        best.offer({one.similarity, segment.ids[one.document], s, one.document});
    out.compared += answer.compared;
    out.estimated += answer.estimated;
    out.walked = out.walked || answer.way == ann::Answer::Way::graph;
  }
  out.more = best.offered() > depth;
  out.best = best.take();
  return out;
}

}  // namespace cdx::engine
