#include "inverted/phrase.h"

#include <algorithm>

#include "inverted/inverted.h"
#include "inverted/occurrences.h"

namespace cdx::inverted {
namespace {

constexpr std::size_t steps_between_looks = 1'024;  // at the call: about 0.2 ms

// One place of the phrase: any of several terms.
class Place {
 public:
  Place(const View& view, const std::vector<std::uint32_t>& terms, std::uint32_t number) : number_(number) {
    for (const auto term : terms) {
      cursors_.emplace_back(view, term);
      size_ += cursors_.back().size();
    }
    found_.resize(cursors_.size());
  }
  std::uint64_t size() const { return size_; }
  std::uint32_t number() const { return number_; }

  std::uint32_t seek(std::uint32_t row) {
    row_ = nothing;
    for (std::size_t i = 0; i < cursors_.size(); ++i)
      row_ = std::min(row_, found_[i] = cursors_[i].seek(row));
    return row_;
  }
  // Where the phrase would start for each occurrence in the row found; ascending.
  void starts(std::vector<std::uint32_t>& out) {
    out.clear();
    for (std::size_t i = 0; i < cursors_.size(); ++i)
      if (found_[i] == row_) cursors_[i].places(out);
    std::erase_if(out, [&](std::uint32_t place) { return (place & 0xFFFFU) < number_; });
    for (auto& place : out) place -= number_;
    if (cursors_.size() > 1) std::sort(out.begin(), out.end());
  }

 private:
  std::uint32_t number_;  // in the phrase
  std::uint64_t size_ = 0;
  std::vector<OccurrenceCursor> cursors_;
  std::vector<std::uint32_t> found_;
  std::uint32_t row_ = nothing;
};

// Both ascending; keeps in `a` what is in both.
void intersect(std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::size_t j = 0;
  std::erase_if(a, [&](std::uint32_t value) {
    while (j < b.size() && b[j] < value) ++j;
    return j == b.size() || b[j] != value;
  });
}

bool side_by_side(std::vector<Place>& places, std::uint32_t field, std::vector<std::uint32_t>& starts,
                  std::vector<std::uint32_t>& more) {
  places[0].starts(starts);
  if (field != nothing) std::erase_if(starts, [&](std::uint32_t place) { return place >> 16U != field; });
  for (std::size_t i = 1; i < places.size() && !starts.empty(); ++i) {
    places[i].starts(more);
    intersect(starts, more);
  }
  return !starts.empty();
}

}  // namespace

Status mark_phrase(const Call& call, const View& view, std::span<const std::vector<std::uint32_t>> places,
                   std::uint32_t field, std::span<std::uint64_t> bits) {
  if (places.empty()) return {};
  std::vector<Place> all;
  for (std::uint32_t i = 0; i < places.size(); ++i) all.emplace_back(view, places[i], i);
  std::sort(all.begin(), all.end(), [](const Place& a, const Place& b) {
    return a.size() != b.size() ? a.size() < b.size() : a.number() < b.number();
  });
  std::vector<std::uint32_t> starts, more;
  std::size_t steps = 0;
  for (std::uint32_t row = 0; row < view.meta.rows;) {
    if (steps++ % steps_between_looks == 0) CDX_TRY(call.check());
    auto reached = row;
    bool together = true;
    for (auto& place : all) {
      const auto at = place.seek(reached);
      if (at == nothing) return {};
      together = at == reached || &place == &all.front();
      reached = at;
      if (!together) break;
    }
    if (together) {
      if (side_by_side(all, field, starts, more)) bits[reached / 64] |= std::uint64_t{1} << (reached % 64);
      ++reached;
    }
    row = reached;
  }
  return {};
}

}  // namespace cdx::inverted
