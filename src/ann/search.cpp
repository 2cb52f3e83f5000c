#include <algorithm>
#include <cmath>
#include <numeric>

#include "ann/ann.h"
#include "ann/layout.h"
#include "ann/plan.h"
#include "ann/rank.h"
#include "ann/scan.h"
#include "ann/walk.h"
#include "base/assert.h"

namespace cdx::ann {
namespace {

constexpr std::size_t starts_a_walk = 4;

struct UpperScore {
  const Codes& codes;
  const Asked& asked;
  bool ask_disk = false;
  CDX_ANN_INLINE void prefetch(std::uint32_t row) const {
    if (ask_disk) codes.ask_for_upper(row);
    codes.prefetch_upper(row);
  }
  void operator()(const std::uint32_t* rows, std::size_t count, float* out) const {
    score_upper(codes, asked, rows, count, out);
  }
};

// The best entries of the graph: scratch.front, and seen.
std::size_t start(const Layout& layout, Scratch& scratch) {
  auto& best = scratch.front;
  best.clear();
  scratch.seen.begin(layout.rows());
  scratch.rows.resize(layout.graph.entry_count);
  std::iota(scratch.rows.begin(), scratch.rows.end(), 0U);
  const UpperScore score{layout.codes, scratch.asked, scratch.ask_disk};
  score_all(score, scratch.rows, [&](const Candidate& one) {
    if (best.size() == starts_a_walk && !better(one, best.back())) return;
    if (best.size() == starts_a_walk) best.pop_back();
    best.insert(std::upper_bound(best.begin(), best.end(), one, better), one);
  });
  for (const auto& one : best) scratch.seen.add(one.row);
  return scratch.rows.size();
}

// Candidates by walking with this window: scratch.found, of the slots that may be returned. Rows that may not
// are walked over all the same, for the way to the others leads through them.
void find_by_walk(const Layout& layout, const Question& question, std::size_t window, std::size_t budget,
                  Scratch& scratch, std::size_t& compared) {
  const Links links{layout.graph.links, layout.graph.degree, layout.rows(), scratch.ask_disk};
  compared += start(layout, scratch);
  scratch.window.begin(window);
  for (const auto& one : scratch.front)
    if (scratch.window.takes(one)) scratch.window.insert(one);
  compared += walk(links, UpperScore{layout.codes, scratch.asked, scratch.ask_disk}, budget, scratch.seen,
                   scratch.window);
  scratch.found.clear();
  for (const auto& one : scratch.window.items())
    if (may_return(question, layout.document_at(one.number())))
      scratch.found.push_back({one.score, one.number()});
}

std::size_t documents_of(const Layout& layout, Scratch& scratch) {
  if (layout.meta.identity != 0) return scratch.found.size();
  auto& documents = scratch.rows;
  documents.clear();
  for (const auto& one : scratch.found) documents.push_back(layout.document_at(one.row));
  std::sort(documents.begin(), documents.end());
  return static_cast<std::size_t>(std::unique(documents.begin(), documents.end()) - documents.begin());
}

// Where many rows lie equally near, the best of them by upper plane are so by chance, some deviations above
// what they are: a floor is measured from a score by both planes, which is nearly true.
constexpr float sure_deviations = 2;
constexpr float missing_deviations = 2.5F;
constexpr float margin_deviations = 6;

enum class Enough : std::uint8_t { too_few, uncertain, certain };

// Uncertain: rows the window had no room for may be among the best, for it ends within what the codes may
// mislead.
Enough enough(const Layout& layout, std::size_t k, float deviations, Scratch& scratch) {
  if (!scratch.window.full()) return Enough::certain;
  if (documents_of(layout, scratch) < k) return Enough::too_few;
  const auto floor = scratch.found[k - 1].score - deviations * layout.upper_deviation(scratch.asked);
  return scratch.window.items().back().score > floor ? Enough::uncertain : Enough::certain;
}

// Whether the filter follows the vectors: far fewer near rows may be returned than of all rows, and that is
// no chance.
bool cuts_off_the_nearest(const Plan& plan, const Scratch& scratch) {
  const auto expected = plan.share * static_cast<double>(scratch.window.size()),
             found = static_cast<double>(scratch.found.size());
  return found < 0.5 * expected && found < expected - 3 * std::sqrt(expected);
}

// The first k of scratch.found are the same as at the last call; `kept` has them from one call to the next.
bool same_best(std::size_t k, const Scratch& scratch, std::vector<std::uint32_t>& kept) {
  std::vector<std::uint32_t> best;
  for (const auto& one : std::span(scratch.found).first(std::min(k, scratch.found.size())))
    best.push_back(one.row);
  std::swap(best, kept);
  return best == kept;
}

// Candidates by walking, ranked. The window is widened as long as it is too narrow: up to a limit where rows
// are near to one another. Where the filter cuts off the nearest, until it reaches beyond what is cut off by
// what the codes may mislead, and twice as wide a window finds nothing better: few links lead to rows that
// are near the question but to nothing else near it. False when a scan is the better way.
bool walk_wide_enough(const Layout& layout, const Question& question, const Plan& plan, Scratch& scratch,
                      std::size_t& compared) {
  constexpr std::size_t widest = 8;
  bool cut_off = false;  // once seen it is not forgotten when a wider window holds enough
  std::vector<std::uint32_t> best;
  for (auto window = plan.window;; window *= 2) {
    const auto before = compared;
    find_by_walk(layout, question, window, plan.budget - compared, scratch, compared);
    if (compared >= plan.budget) return false;
    cut_off = cut_off || cuts_off_the_nearest(plan, scratch);
    if (!cut_off) {
      const auto found = enough(layout, question.k, sure_deviations, scratch);
      const bool last = question.effort > 0 || window >= widest * plan.window;
      if (found == Enough::too_few || (found == Enough::uncertain && !last)) continue;
      rank_again(layout, scratch);
      return true;
    }
    rank_again(layout, scratch);
    const bool settled = same_best(question.k, scratch, best);
    if (enough(layout, question.k, missing_deviations, scratch) == Enough::certain &&
        (settled || !scratch.window.full()))
      return true;
    // The next walk looks at twice as many.
    if (compared + 2 * (compared - before) > plan.cut_off_budget) return false;
  }
}

// Candidates by looking at all, ranked; twice where the first time too little was kept.
void find_by_scan(const Layout& layout, const Question& question, const Plan& plan, Scratch& scratch,
                  std::size_t& compared) {
  const auto deviation = layout.upper_deviation(scratch.asked);
  Keeping keeping{question.k, plan.pool, margin_deviations * deviation, no_floor};
  const auto scanned = scan(layout, question, keeping, scratch);
  compared += scanned.compared;
  rank_again(layout, scratch);
  if (scratch.found.size() < question.k) return;
  keeping.floor = scratch.found[question.k - 1].score - missing_deviations * deviation;
  if (scanned.floor <= keeping.floor) return;
  keeping.margin = std::numeric_limits<float>::max();
  keeping.most *= 4;
  compared += scan(layout, question, keeping, scratch).compared;
  rank_again(layout, scratch);
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
  scratch.ask_disk = layout.is_fresh();
  const auto plan = plan_search(layout, question);
  out.way = plan.way;
  out.estimated = plan.estimated;
  if (plan.way == Answer::Way::graph) {
    if (walk_wide_enough(layout, question, plan, scratch, out.compared)) {
      out.best = best_by_full_rows(layout, question, scratch);
      if (out.best.size() == question.k) return out;
    }
    out.way = Answer::Way::scan;  // too few were found, or too dearly
  }
  find_by_scan(layout, question, plan, scratch, out.compared);
  out.best = best_by_full_rows(layout, question, scratch);
  return out;
}

}  // namespace cdx::ann
