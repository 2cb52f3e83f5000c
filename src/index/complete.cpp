#include "index/complete.h"

#include <algorithm>
#include <cmath>

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

  bool hopeless(double weight) const { return kept_.size() == max_ && weight < kept_.back().weight; }
  void offer(const Place& one) {
    for (auto& kept : kept_)
      if (kept.id == one.id) {
        kept.entry = std::min(kept.entry, one.entry);
        return;
      }
    const auto at = std::upper_bound(kept_.begin(), kept_.end(), one);
    if (at == kept_.end() && kept_.size() == max_) return;
    kept_.insert(at, one);
    if (kept_.size() > max_) kept_.pop_back();
  }
  const std::vector<Place>& kept() const { return kept_; }

 private:
  std::size_t max_;
  std::vector<Place> kept_;
};

}  // namespace

std::vector<Completion> complete_names(const SegmentViews& segments, std::string_view squashed,
                                       std::optional<std::size_t> weights, std::size_t max) {
  Few best(max);
  for (std::size_t s = 0; s < segments.size(); ++s) {
    const auto& segment = *segments[s].segment;
    const auto& names = segment.names;
    const auto at = [&](std::size_t i) { return names.run(names.runs[i]); };
    const auto [low, high] = starting_with(0, names.runs.size(), at, squashed);
    for (const auto& run : names.runs.part(low, high - low)) {
      const auto row = names.entries[run.entry].row;
      if (row >= segment.rows() || !segments[s].alive(row)) continue;
      const auto weight = weights ? segment.numbers[*weights].of(row) : 0;
      const auto worth = std::isnan(weight) ? 0 : weight;
      if (!best.hopeless(worth)) best.offer({worth, segment.ids[row], s, run.entry});
    }
  }
  std::vector<Completion> out;
  for (const auto& one : best.kept())
    out.push_back({one.id, std::string(segments[one.segment]->names.values[one.entry]), one.weight});
  return out;
}

}  // namespace cdx::engine
