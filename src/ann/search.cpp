#include <algorithm>
#include <cmath>

#include "ann/ann.h"
#include "ann/layout.h"
#include "ann/plan.h"
#include "ann/scan.h"
#include "ann/walk.h"
#include "base/assert.h"

namespace cdx::ann {
namespace {

constexpr std::size_t starts_a_walk = 4;
constexpr std::size_t read_whole = 256;  // rows

struct UpperScore {
  const Codes& codes;
  const Asked& asked;
  CDX_ANN_INLINE void prefetch(std::uint32_t row) const { codes.prefetch_upper(row); }
  void operator()(const std::uint32_t* rows, std::size_t count, float* out) const {
    score_upper(codes, asked, rows, count, out);
  }
};

// The best entries of the graph: scratch.front, and seen.
std::size_t start(const Layout& layout, Scratch& scratch) {
  const auto& graph = layout.graph;
  const auto bytes = layout.codes.row_bytes();
  auto& best = scratch.front;
  best.clear();
  scratch.seen.begin(layout.rows());
  std::array<const std::uint8_t*, rows_a_call> at;
  std::array<std::int32_t, rows_a_call> sums;
  for (std::size_t first = 0; first < graph.entry_count; first += rows_a_call) {
    const auto count = std::min(rows_a_call, graph.entry_count - first);
    for (std::size_t i = 0; i < count; ++i)
      at[i] = graph.entry_upper.row<std::uint8_t>((first + i) * bytes, bytes);
    dot_nibbles(scratch.asked.bytes.data(), layout.codes.lines, at.data(), count, sums.data());
    for (std::size_t i = 0; i < count; ++i) {
      const auto row = graph.entries.value<std::uint32_t>(first + i);
      if (row >= layout.rows()) continue;
      const Candidate one{sane(layout.codes.upper_factors.value<float>(row) * 0.5F *
                               static_cast<float>(2 * sums[i] - 15 * scratch.asked.sum)),
                          row};
      if (best.size() == starts_a_walk && !better(one, best.back())) continue;
      if (best.size() == starts_a_walk) best.pop_back();
      best.insert(std::upper_bound(best.begin(), best.end(), one, better), one);
    }
  }
  // A damaged entry may be named twice.
  std::erase_if(best, [&](const Candidate& one) { return !scratch.seen.add(one.row); });
  return graph.entry_count;
}

// Candidates by walking with this window: scratch.found, of the rows that may be returned. Rows that may not
// are walked over all the same, for the way to the others leads through them.
void find_by_walk(const Layout& layout, const Question& question, std::size_t window, std::size_t budget,
                  Scratch& scratch, std::size_t& compared) {
  const Links links{layout.graph.links, layout.graph.degree, layout.rows()};
  compared += start(layout, scratch);
  scratch.window.begin(window);
  for (const auto& one : scratch.front)
    if (scratch.window.takes(one)) scratch.window.insert(one);
  compared += walk(links, UpperScore{layout.codes, scratch.asked}, budget, scratch.seen, scratch.window);
  scratch.found.clear();
  for (const auto& one : scratch.window.items())
    if (may_return(question, layout.document(one.number())))
      scratch.found.push_back({one.score, one.number()});
}

std::size_t documents_of(const Layout& layout, Scratch& scratch) {
  if (layout.meta.identity != 0) return scratch.found.size();
  auto& documents = scratch.rows;
  documents.clear();
  for (const auto& one : scratch.found) documents.push_back(layout.document(one.row));
  std::sort(documents.begin(), documents.end());
  return static_cast<std::size_t>(std::unique(documents.begin(), documents.end()) - documents.begin());
}

enum class Enough : std::uint8_t { too_few, uncertain, certain };

// Uncertain: rows the window had no room for may be among the best, for it ends within what the codes may
// mislead.
Enough enough(const Layout& layout, std::size_t k, Scratch& scratch) {
  if (!scratch.window.full()) return Enough::certain;
  if (documents_of(layout, scratch) < k) return Enough::too_few;
  const auto floor = scratch.found[k - 1].score - 2 * layout.upper_deviation(scratch.asked);
  return scratch.window.items().back().score > floor ? Enough::uncertain : Enough::certain;
}

// Whether the filter follows the vectors: far fewer near rows may be returned than of all rows.
bool cuts_off_the_nearest(const Plan& plan, const Scratch& scratch) {
  return static_cast<double>(scratch.found.size()) <
         0.5 * plan.share * static_cast<double>(scratch.window.size());
}

// Widens the window as long as it is too narrow, up to a limit where rows are near to one another, without
// one where the filter cuts off the nearest. False when a scan is the better way.
bool walk_wide_enough(const Layout& layout, const Question& question, const Plan& plan, Scratch& scratch,
                      std::size_t& compared) {
  constexpr std::size_t widest = 8;
  for (auto window = plan.window;; window *= 2) {
    find_by_walk(layout, question, window, plan.budget - compared, scratch, compared);
    if (compared >= plan.budget) return false;
    const auto found = enough(layout, question.k, scratch);
    if (found == Enough::certain) return true;
    if (found == Enough::too_few || cuts_off_the_nearest(plan, scratch)) continue;
    if (question.effort > 0 || window >= widest * plan.window) return true;
  }
}

// Candidates ranked by both planes.
void rank_again(const Layout& layout, Scratch& scratch) {
  auto& found = scratch.found;
  std::array<std::uint32_t, rows_a_call> rows;
  std::array<float, rows_a_call> scores;
  for (const auto& one : found) layout.codes.prefetch_lower(one.row);
  for (std::size_t at = 0; at < found.size(); at += rows_a_call) {
    const auto count = std::min(rows_a_call, found.size() - at);
    for (std::size_t i = 0; i < count; ++i) rows[i] = found[at + i].row;
    score_both(layout.codes, scratch.asked, rows.data(), count, scores.data());
    for (std::size_t i = 0; i < count; ++i) found[at + i].score = scores[i];
  }
  std::sort(found.begin(), found.end(), better);
}

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
    Candidate one{0, row};
    score_both(layout.codes, scratch.asked, &one.row, 1, &one.score);
    rows.push_back(one);
  }
  std::partial_sort(rows.begin(), rows.begin() + looked_at, rows.end(), better);
  return std::max(layout.similarity(vector, rows[0].row), layout.similarity(vector, rows[1].row));
}

// Leaves the best row of each document.
void one_a_document(const Layout& layout, Scratch& scratch) {
  auto& taken = scratch.rows;  // ascending
  taken.clear();
  std::erase_if(scratch.found, [&](const Candidate& one) {
    const auto document = layout.document(one.row);
    const auto at = std::lower_bound(taken.begin(), taken.end(), document);
    if (at != taken.end() && *at == document) return true;
    taken.insert(at, document);
    return false;
  });
}

// The best of scratch.found, which is ranked, by their full rows.
std::vector<Neighbour> finish(const Layout& layout, const Question& question, Scratch& scratch) {
  auto& found = scratch.found;
  const bool identity = layout.meta.identity != 0;
  if (!identity) one_a_document(layout, scratch);
  // Those certain to be worse than the best k need no reading; a small field is read whole, and exact.
  if (found.size() > question.k && layout.rows() > read_whole) {
    const auto kth = found.begin() + static_cast<std::ptrdiff_t>(question.k);
    const auto floor = std::prev(kth)->score - 5 * layout.both_deviation(scratch.asked);
    found.erase(std::find_if(kth, found.end(), [&](const Candidate& one) { return one.score < floor; }),
                found.end());
    found.resize(std::min(found.size(), 6 * question.k + 4096));
  }
  std::vector<Neighbour> out;
  for (const auto& one : found) layout.prefetch_row(one.row);
  for (const auto& one : found) {
    const auto document = layout.document(one.row);
    const auto range = identity ? Layout::Range{one.row, one.row + 1} : layout.rows_of(document);
    if (one.row >= range.begin && one.row < range.end)  // otherwise something is damaged
      out.push_back({document, best_of(layout, question.vector, range, scratch)});
  }
  std::sort(out.begin(), out.end(), [](const Neighbour& a, const Neighbour& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.document < b.document;
  });
  if (out.size() > question.k) out.resize(question.k);
  return out;
}

}  // namespace

Answer Field::search(const Question& question) const {
  Answer out;
  if (layout_ == nullptr || question.k == 0) return out;
  if (!question.allowed.empty() && question.allowed_count == 0) return out;
  const auto& layout = *layout_;
  CDX_ASSERT(question.vector.size() == layout.meta.dimension);
  thread_local Scratch scratch;
  layout.coder.ask(question.vector.data(), scratch.asked);
  const auto plan = plan_search(layout, question);
  out.way = plan.way;
  out.estimated = plan.estimated;
  if (plan.way == Answer::Way::graph) {
    if (walk_wide_enough(layout, question, plan, scratch, out.compared)) {
      rank_again(layout, scratch);
      out.best = finish(layout, question, scratch);
      if (out.best.size() == question.k) return out;
    }
    out.way = Answer::Way::scan;  // too few were found, or too dearly
  }
  out.compared += scan(layout, question, plan.pool, scratch);
  rank_again(layout, scratch);
  out.best = finish(layout, question, scratch);
  return out;
}

}  // namespace cdx::ann
