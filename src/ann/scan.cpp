#include "ann/scan.h"

#include <algorithm>
#include <numeric>

#include "ann/rank.h"

namespace cdx::ann {
namespace {

constexpr std::size_t portion_rows = 32;
constexpr std::size_t ahead_rows = 32;  // on their way from memory
constexpr std::size_t much = 8;         // documents, of which one may be returned
static_assert(portion_rows <= rows_a_call);

// Appends the numbers below `end` whose bits are set, ascending.
void append_set(std::span<const std::uint64_t> words, std::size_t end, std::vector<std::uint32_t>& out) {
  auto size = out.size();
  for (std::size_t at = 0; at < words.size(); at += bits_words) {
    const auto count = std::min(bits_words, words.size() - at);
    const auto most = size + 64 * count + bits_spare;
    if (out.size() < most) out.resize(2 * most);
    size += numbers_of_bits(words.data() + at, count, static_cast<std::uint32_t>(64 * at), out.data() + size);
  }
  while (size > 0 && out[size - 1] >= end) --size;
  out.resize(size);
}

// The rows that may be returned, ascending.
void list_rows(const Layout& layout, const Question& question, std::vector<std::uint32_t>& out) {
  out.clear();
  const auto documents = static_cast<std::size_t>(layout.meta.documents);
  const auto words = question.allowed.first(std::min((documents + 63) / 64, question.allowed.size()));
  append_set(words, documents, out);
  if (layout.meta.identity != 0) return;
  std::vector<std::uint32_t> rows;
  for (const auto document : out) {
    const auto range = layout.rows_of(document);
    for (auto row = range.begin; row < range.end; ++row) rows.push_back(row);
  }
  out = std::move(rows);
}

void to_slots(const Layout& layout, std::vector<std::uint32_t>& rows) {
  if (!layout.ordered()) return;
  const auto all = layout.graph.slots.all_of<std::uint32_t>();
  if (all.empty()) return rows.clear();  // damaged
  const auto last = static_cast<std::uint32_t>(layout.rows() - 1);
  for (auto& row : rows) row = std::min(all[std::min(row, last)], last);
}

// `use(first, scores, count)`: of slots[first] and those behind it.
template <class Use>
void score_list(const Layout& layout, const Scratch& scratch, std::span<const std::uint32_t> slots,
                const Use& use) {
  std::array<float, portion_rows> scores;
  const auto bring = [&](std::size_t from, std::size_t to) {
    for (auto i = from; i < std::min(to, slots.size()); ++i) {
      if (scratch.ask_disk) layout.codes.ask_for_upper(slots[i]);
      layout.codes.prefetch_upper(slots[i]);
    }
  };
  bring(0, ahead_rows);
  for (std::size_t at = 0; at < slots.size(); at += portion_rows) {
    bring(at + ahead_rows, at + ahead_rows + portion_rows);
    const auto count = std::min(portion_rows, slots.size() - at);
    score_upper(layout.codes, scratch.asked, slots.data() + at, count, scores.data());
    use(at, scores, count);
  }
}

// Of each document the best row; the rows of a document follow one another.
void pool_documents(const Layout& layout, const Scratch& scratch, std::span<const std::uint32_t> rows,
                    std::span<const std::uint32_t> slots, Pool& pool) {
  std::uint32_t document = nobody;
  Candidate best;
  score_list(layout, scratch, slots, [&](std::size_t first, const auto& scores, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const Candidate one{scores[i], slots[first + i]};
      const auto owner = layout.document(rows[first + i]);
      if (owner == document && !better(one, best)) continue;
      if (owner != document && document != nobody) pool.add(best);
      document = owner;
      best = one;
    }
  });
  if (document != nobody) pool.add(best);
}

void pool_all(const Layout& layout, const Scratch& scratch, std::span<const std::uint32_t> slots,
              Pool& pool) {
  score_list(layout, scratch, slots, [&](std::size_t first, const auto& scores, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) pool.add({scores[i], slots[first + i]});
  });
}

// What may be returned, ascending.
void list(const Layout& layout, const Question& question, std::vector<std::uint32_t>& rows) {
  if (!question.allowed.empty()) return list_rows(layout, question, rows);
  rows.resize(layout.rows());
  std::iota(rows.begin(), rows.end(), 0U);
}

// Sketches are worth looking at first where so many codes would be looked at otherwise.
constexpr std::size_t least_narrowed = 2'048;
// As many as are told from one another by their codes, before it is known how near the best ones are.
constexpr std::size_t sampled = 16;
// How far behind the k-th best row's score a sketch may lie for its row to be among the best, in deviations.
constexpr float sketch_deviations = 3;

// The score of each of scratch.rows by its sketch; the best of them, as rows: scratch.found.
void score_by_sketch(const Layout& layout, std::size_t wanted, Scratch& scratch, std::span<float> scores) {
  const auto& rows = scratch.rows;
  Pool pool(scratch.found, {wanted, wanted});
  const auto bring = [&](std::size_t from, std::size_t to) {
    for (auto i = from; i < std::min(to, rows.size()); ++i) {
      if (scratch.ask_disk) layout.sketches.ask_for(rows[i]);
      layout.sketches.prefetch(rows[i]);
    }
  };
  // Few at a time: asking memory for many at once waits for the first of them instead of scoring.
  constexpr std::size_t some = 16;
  bring(0, rows_a_call);
  for (std::size_t at = 0; at < rows.size(); at += some) {
    bring(at + rows_a_call, at + rows_a_call + some);
    const auto count = std::min(some, rows.size() - at);
    score_sketches(layout.sketches, scratch.asked, rows.data() + at, count, scores.data() + at);
    for (auto i = at; i < at + count; ++i) pool.add({scores[i], rows[i]});
  }
  pool.shrink();
}

// Leaves in scratch.rows, ascending, those that may be among the best k by their sketches: not further behind
// than these may mislead than a row that is k-th best by both planes among some of the best. False, and all
// stay, where they say too little.
bool narrow(const Layout& layout, std::size_t k, Scratch& scratch) {
  auto& rows = scratch.rows;
  const auto wanted = k + sampled;
  if (rows.size() < std::max(least_narrowed, 8 * wanted)) return false;
  thread_local std::vector<float> scores;
  scores.resize(rows.size());
  score_by_sketch(layout, wanted, scratch, scores);
  for (auto& one : scratch.found) one.row = layout.slot_of(one.row);
  rank_again(layout, scratch);
  const auto floor = scratch.found[k - 1].score - sketch_deviations * layout.sketch_deviation(scratch.asked);
  // Without branches: nobody can foretell which stay.
  auto& kept = scratch.spare;
  kept.resize(rows.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    kept[count] = rows[i];
    count += scores[i] < floor ? 0U : 1U;
  }
  if (count < k || count > rows.size() / 2) return false;
  kept.resize(count);
  std::swap(rows, kept);
  return true;
}

// Where much may be returned, the order in which it lies is the quickest.
void list_by_slot(const Layout& layout, const Question& question, std::vector<std::uint32_t>& slots) {
  slots.clear();
  for (std::uint32_t slot = 0; slot < layout.rows(); ++slot)
    if (may_return(question, layout.document_at(slot))) slots.push_back(slot);
}

// Row by row, so that the rows of a document follow one another.
void list_by_document(const Layout& layout, const Question& question, Scratch& scratch) {
  list(layout, question, scratch.rows);
  scratch.spare = scratch.rows;
  to_slots(layout, scratch.spare);
}

}  // namespace

void Pool::shrink() {
  if (items_.size() <= keeping_.k) return;
  const auto keep = [&](std::size_t count) {
    const auto last = items_.begin() + static_cast<std::ptrdiff_t>(count) - 1;
    std::nth_element(items_.begin(), last, items_.end(), better);
    return last->score;
  };
  floor_ = std::max(floor_, keep(keeping_.k) - keeping_.margin);
  std::erase_if(items_, [&](const Candidate& one) { return one.score < floor_; });
  if (items_.size() > keeping_.most) {
    floor_ = keep(keeping_.most);
    items_.resize(keeping_.most);
  }
  limit_ = 2 * items_.size() + 64;
}

Scanned scan(const Layout& layout, const Question& question, const Keeping& keeping, Scratch& scratch) {
  if (layout.meta.owning != layout.rows()) {
    list_by_document(layout, question, scratch);
    Pool pool(scratch.found, keeping);
    pool_documents(layout, scratch, scratch.rows, scratch.spare, pool);
    pool.shrink();
    return {scratch.rows.size(), pool.floor()};
  }
  list(layout, question, scratch.rows);
  const auto compared = scratch.rows.size();
  if (!narrow(layout, question.k, scratch) && compared > layout.rows() / much)
    list_by_slot(layout, question, scratch.rows);
  else
    to_slots(layout, scratch.rows);
  Pool pool(scratch.found, keeping);
  pool_all(layout, scratch, scratch.rows, pool);
  pool.shrink();
  return {compared, pool.floor()};
}

}  // namespace cdx::ann
