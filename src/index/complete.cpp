#include "index/complete.h"

#include <algorithm>

#include "index/run_bests.h"

namespace cdx::engine {
namespace {

struct Place {
  double weight = 0;
  std::uint64_t id = 0;
  std::size_t segment = 0;
  std::uint32_t entry = 0;

  friend bool operator<(const Place& a, const Place& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
  }
};

// The best few of many, ordered; `max` is small, so insertion beats a heap.
class Few {
 public:
  explicit Few(std::size_t max) : max_(max) {}

  // Whether there are enough that are better than this one.
  bool enough_before(const Place& one) const { return kept_.size() == max_ && kept_.back() < one; }
  void offer(const Place& one) {
    if (enough_before(one)) return;
    for (auto& kept : kept_)
      if (kept.id == one.id) {
        kept.entry = std::min(kept.entry, one.entry);
        return;
      }
    kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), one), one);
    if (kept_.size() > max_) kept_.pop_back();
  }
  const std::vector<Place>& kept() const { return kept_; }

 private:
  std::size_t max_;
  std::vector<Place> kept_;
};

class Completing {
 public:
  Completing(const SegmentViews& segments, std::optional<std::size_t> weights, std::size_t max)
      : segments_(segments), weights_(weights), best_(max) {}

  void look_in(std::size_t s, std::string_view squashed) {
    const auto& names = segments_[s]->names;
    const auto at = [&](std::size_t i) { return names.run(names.runs[i]); };
    const auto [low, high] = starting_with(0, names.runs.size(), at, squashed);
    const auto first = (low + runs_per_best - 1) / runs_per_best, last = high / runs_per_best;
    const auto bests = weights_ && first < last ? segments_[s]->run_bests[*weights_].part(first, last - first)
                                                : std::span<const std::uint32_t>();
    if (bests.empty()) {
      offer(s, low, high);
      return;
    }
    offer(s, low, first * runs_per_best);
    offer(s, last * runs_per_best, high);
    offer_best_first(s, first, bests);
  }
  std::vector<Completion> take() const {
    std::vector<Completion> out;
    for (const auto& one : best_.kept())
      out.push_back({one.id, std::string(segments_[one.segment]->names.values[one.entry]), one.weight});
    return out;
  }

 private:
  // Offers the runs of a stretch; gives the best of their rows, dead or alive.
  std::optional<Place> offer(std::size_t s, std::size_t low, std::size_t high) {
    const auto& segment = *segments_[s].segment;
    std::optional<Place> out;
    for (const auto& run : segment.names.runs.part(low, high - low)) {
      const auto row = segment.names.entries[run.entry].row;
      if (row >= segment.rows()) continue;
      const Place one{weights_ ? weight_of(segment.numbers[*weights_].of(row)) : 0, segment.ids[row], s,
                      run.entry};
      if (!out || one < *out) out = one;
      if (segments_[s].alive(row)) best_.offer(one);
    }
    return out;
  }

  // Pieces of runs, the one with the best row first. Once the best row of one comes too late, so do all rows
  // of those that are left.
  void offer_best_first(std::size_t s, std::size_t first, std::span<const std::uint32_t> bests) {
    std::vector<std::pair<std::uint32_t, std::size_t>> pieces;
    pieces.reserve(bests.size());
    for (std::size_t i = 0; i < bests.size(); ++i) pieces.emplace_back(bests[i], first + i);
    std::make_heap(pieces.begin(), pieces.end(), std::greater<>());
    while (!pieces.empty()) {
      const auto piece = pieces.front().second;
      const auto best = offer(s, piece * runs_per_best, (piece + 1) * runs_per_best);
      if (!best || best_.enough_before(*best)) return;
      std::pop_heap(pieces.begin(), pieces.end(), std::greater<>());
      pieces.pop_back();
    }
  }

  const SegmentViews& segments_;
  std::optional<std::size_t> weights_;
  Few best_;
};

}  // namespace

std::vector<Completion> complete_names(const SegmentViews& segments, std::string_view squashed,
                                       std::optional<std::size_t> weights, std::size_t max) {
  Completing completing(segments, weights, max);
  for (std::size_t s = 0; s < segments.size(); ++s) completing.look_in(s, squashed);
  return completing.take();
}

}  // namespace cdx::engine
