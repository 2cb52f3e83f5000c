// The vector fields of all segments as one.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "base/call.h"
#include "index/filtering.h"
#include "index/segment.h"

namespace cdx::engine {

inline constexpr float no_similarity = std::numeric_limits<float>::quiet_NaN();

// A document that some leg found, with what orders it there: score descending, then id ascending.
struct Found {
  float score = 0;
  std::uint64_t id = 0;
  std::uint32_t segment = 0;
  std::uint32_t row = 0;

  friend bool operator<(const Found& a, const Found& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  }
};

// Keeps the best `depth` of what is offered, whatever the order of offering.
class Best {
 public:
  explicit Best(std::size_t depth) : depth_(depth) {}
  void offer(const Found& one);
  std::vector<Found> take();  // best first
  std::size_t offered() const { return offered_; }

 private:
  void cut();

  std::size_t depth_;
  std::size_t offered_ = 0;
  std::vector<Found> kept_;
  bool full_ = false;  // then nothing worse than `worst_` can get in
  Found worst_;
};

struct FieldMatches {
  std::vector<Found> best;
  std::size_t compared = 0, estimated = 0;  // codes looked at, and as the planner expected
  bool walked = false;                      // a graph, in some segment; otherwise everything was compared
  bool more = false;                        // documents with a vector pass than were kept
};

Result<FieldMatches> search_vectors(const Call& call, const SegmentViews& segments,
                                    std::span<const Passing> passing, std::size_t field,
                                    std::span<const float> query, std::size_t depth);

}  // namespace cdx::engine
