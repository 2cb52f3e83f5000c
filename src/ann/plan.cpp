#include "ann/plan.h"

#include <algorithm>
#include <cmath>

namespace cdx::ann {
namespace {

// Measured on clustered rows of 384 dimensions; they decide speed, never what is found.
constexpr double approach = 300;       // rows looked at on the way from the entries to the question
constexpr double fresh_per_step = 12;  // rows not seen before among the neighbours of an expanded row
constexpr double walk_weight = 3;      // what a row costs on a walk, against one on a scan
constexpr double cut_off_weight = 8;   // the same in the wide windows of a walk through what is cut off

// The window that finds 99 of 100: about 34 among 10,000 rows, 44 among 100,000, 77 among a million, for k
// of 10.
double enough(std::size_t rows, std::size_t k) {
  return 14 + 1.55 * static_cast<double>(k) + 1.5 * std::sqrt(static_cast<double>(rows) / 1000);
}

// So many rows that may be returned are expected in a window that then holds k of them nearly always.
double surely(std::size_t k) {
  const auto wanted = static_cast<double>(k);
  return wanted + 3 * std::sqrt(wanted);
}

}  // namespace

Plan plan_search(const Layout& layout, const Question& question) {
  Plan out;
  const auto rows = static_cast<double>(layout.rows()),
             documents = static_cast<double>(layout.meta.documents);
  const auto share =
      question.allowed.empty() ? 1.0 : static_cast<double>(question.allowed_count) / std::max(1.0, documents);
  const auto may = rows * std::min(1.0, share);  // rows that may be returned

  // Where many rows lie equally near, ranking a part of them again costs little beside the scan.
  out.pool = 16 * question.k + 8192 + static_cast<std::size_t>(may / 16);
  const auto window = question.effort > 0 ? static_cast<double>(std::max(question.effort, question.k))
                                          : enough(layout.rows(), question.k);
  const auto filtered = surely(question.k) / std::max(share, 1e-9);
  out.share = std::min(1.0, share);
  out.window = static_cast<std::size_t>(std::min(
      rows, layout.rows_a_document() * (question.allowed.empty() ? window : std::max(window, filtered))));
  const auto entries = static_cast<double>(layout.graph.entry_count);
  const auto walk = entries + std::min(rows, approach + fresh_per_step * static_cast<double>(out.window));
  const bool walks = layout.graph.degree != 0 && walk * walk_weight < may;
  out.way = walks ? Answer::Way::graph : Answer::Way::scan;
  out.estimated = static_cast<std::size_t>(walks ? walk : may);
  out.budget = static_cast<std::size_t>(std::max(1.5 * walk, may / walk_weight));
  out.cut_off_budget = std::min(out.budget, static_cast<std::size_t>(may / cut_off_weight));
  return out;
}

}  // namespace cdx::ann
