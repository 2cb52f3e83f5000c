#include "ann/rank.h"

#include <algorithm>

namespace cdx::ann {
namespace {

constexpr std::size_t read_whole = 256;  // rows of a field that is ranked by full rows alone
constexpr std::size_t portion = 32;      // full rows on their way from memory at a time
// So far behind the k-th best similarity a score by both planes may lie, in deviations, to be looked at.
constexpr float margin_deviations = 4;

// Of the rows of a document the best two by code are looked at in full.
float best_of(const Layout& layout, std::span<const float> vector, Layout::Range range, Scratch& scratch) {
  constexpr std::size_t looked_at = 2;
  if (range.end - range.begin <= looked_at) {
    auto out = std::numeric_limits<float>::lowest();
    for (auto row = range.begin; row < range.end; ++row) out = std::max(out, layout.similarity(vector, row));
    return out;
  }
  auto& rows = scratch.front;
  rows.clear();
  for (auto row = range.begin; row < range.end; ++row) {
    const auto slot = layout.slot_of(row);
    Candidate one{0, row};
    score_both(layout.codes, scratch.asked, &slot, 1, &one.score);
    rows.push_back(one);
  }
  std::partial_sort(rows.begin(), rows.begin() + looked_at, rows.end(), better);
  return std::max(layout.similarity(vector, rows[0].row), layout.similarity(vector, rows[1].row));
}

// Leaves the best row of each document.
void one_a_document(const Layout& layout, Scratch& scratch) {
  auto& documents = scratch.seen;
  documents.begin(layout.meta.documents);
  std::erase_if(scratch.found, [&](const Candidate& one) {
    const auto document = layout.document(one.row);
    return document >= layout.meta.documents || !documents.add(document);
  });
}

struct Nearer {
  bool operator()(const Neighbour& a, const Neighbour& b) const {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.document < b.document;
  }
};

// A score below this is too far behind the k-th best similarity found so far.
float floor_behind(const Layout& layout, const Asked& asked, std::vector<Neighbour>& found, std::size_t k) {
  if (found.size() < k || layout.rows() <= read_whole || !(asked.scale > 0))
    return std::numeric_limits<float>::lowest();
  const auto kth = found.begin() + static_cast<std::ptrdiff_t>(k) - 1;
  std::nth_element(found.begin(), kth, found.end(), Nearer{});
  return (kth->similarity - asked.base) / asked.scale - margin_deviations * layout.both_deviation(asked);
}

}  // namespace

void rank_again(const Layout& layout, Scratch& scratch) {
  auto& found = scratch.found;
  std::array<std::uint32_t, rows_a_call> rows;
  std::array<float, rows_a_call> scores;
  for (const auto& one : found) {
    layout.codes.ask_for_lower(one.row);
    layout.codes.prefetch_lower(one.row);
  }
  for (std::size_t at = 0; at < found.size(); at += rows_a_call) {
    const auto count = std::min(rows_a_call, found.size() - at);
    for (std::size_t i = 0; i < count; ++i) rows[i] = found[at + i].row;
    score_both(layout.codes, scratch.asked, rows.data(), count, scores.data());
    for (std::size_t i = 0; i < count; ++i) found[at + i].score = scores[i];
  }
  std::sort(found.begin(), found.end(), better);
}

std::vector<Neighbour> best_by_full_rows(const Layout& layout, const Question& question, Scratch& scratch) {
  auto& found = scratch.found;
  const bool identity = layout.meta.identity != 0;
  for (auto& one : found) one.row = layout.row_at(one.row);
  if (!identity) one_a_document(layout, scratch);
  // Where thousands of rows are equally near, it does not matter which are returned.
  const auto most = std::min(found.size(), 6 * question.k + 16'384);
  std::vector<Neighbour> out;
  auto floor = std::numeric_limits<float>::lowest();
  for (std::size_t at = 0; at < most && !(found[at].score < floor);) {
    auto end = std::min(most, at == 0 ? question.k + portion / 2 : at + std::max(portion, at / 4));
    while (end > at && found[end - 1].score < floor) --end;
    for (auto i = at; i < end; ++i) layout.prefetch_row(found[i].row);
    for (; at < end; ++at) {
      const auto row = found[at].row;
      const auto document = layout.document(row);
      const auto range = identity ? Layout::Range{row, row + 1} : layout.rows_of(document);
      if (row >= range.begin && row < range.end)  // otherwise something is damaged
        out.push_back({document, best_of(layout, question.vector, range, scratch)});
    }
    floor = floor_behind(layout, scratch.asked, out, question.k);
  }
  std::sort(out.begin(), out.end(), Nearer{});
  if (out.size() > question.k) out.resize(question.k);
  return out;
}

}  // namespace cdx::ann
