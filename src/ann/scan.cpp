#include "ann/scan.h"

#include <algorithm>
#include <bit>

namespace cdx::ann {
namespace {

constexpr std::size_t portion_rows = 32;  // on their way from memory at a time
// The k-th best score is itself too good by some deviations where many rows lie equally near.
constexpr float margin_deviations = 6;
static_assert(portion_rows <= rows_a_call);

// The rows that may be returned, ascending, in portions.
class MayBeReturned {
 public:
  MayBeReturned(const Layout& layout, const Question& question)
      : layout_(layout), question_(question), words_((layout.meta.documents + 63) / 64) {
    if (!question.allowed.empty()) words_ = std::min<std::size_t>(words_, question.allowed.size());
    if (question.allowed.empty()) range_ = {0, static_cast<std::uint32_t>(layout.rows())};
  }
  std::size_t next(std::uint32_t* out) {
    std::size_t count = 0;
    if (!question_.allowed.empty() && layout_.meta.identity != 0) return next_identical(out);
    while (count < portion_rows) {
      if (range_.begin == range_.end && !next_range()) break;
      out[count++] = range_.begin++;
    }
    return count;
  }

 private:
  std::uint32_t next_document() {
    const auto bit = static_cast<std::uint32_t>(std::countr_zero(word_));
    word_ &= word_ - 1;
    return static_cast<std::uint32_t>((next_ - 1) * 64) + bit;
  }
  // Where row i is document i.
  std::size_t next_identical(std::uint32_t* out) {
    std::size_t count = 0;
    while (count < portion_rows) {
      while (word_ == 0) {
        if (next_ >= words_) return count;
        word_ = question_.allowed[next_++];
      }
      out[count] = next_document();
      if (out[count] < layout_.rows()) ++count;
    }
    return count;
  }
  bool next_range() {
    while (range_.begin == range_.end) {
      while (word_ == 0) {
        if (question_.allowed.empty() || next_ >= words_) return false;
        word_ = question_.allowed[next_++];
      }
      range_ = layout_.rows_of(next_document());
    }
    return true;
  }

  const Layout& layout_;
  const Question& question_;
  std::size_t words_, next_ = 0;
  std::uint64_t word_ = 0;
  Layout::Range range_;
};

}  // namespace

void Pool::shrink() {
  if (items_.size() <= k_) return;
  const auto keep = [&](std::size_t count) {
    const auto last = items_.begin() + static_cast<std::ptrdiff_t>(count) - 1;
    std::nth_element(items_.begin(), last, items_.end(), better);
    return last->score;
  };
  floor_ = keep(k_) - margin_;
  std::erase_if(items_, [&](const Candidate& one) { return one.score < floor_; });
  if (items_.size() > most_) {
    floor_ = keep(most_);
    items_.resize(most_);
  }
  limit_ = 2 * items_.size() + 64;
}

std::size_t scan(const Layout& layout, const Question& question, std::size_t most, Scratch& scratch) {
  MayBeReturned rows(layout, question);
  Pool pool(scratch.found, question.k, margin_deviations * layout.upper_deviation(scratch.asked), most);
  std::array<std::array<std::uint32_t, portion_rows>, 2> portions;
  std::array<float, portion_rows> scores;
  const auto bring = [&](auto& portion) {
    const auto count = rows.next(portion.data());
    for (std::size_t i = 0; i < count; ++i) layout.codes.prefetch_upper(portion[i]);
    return count;
  };
  const bool identity = layout.meta.identity != 0;
  std::uint32_t document = nobody;
  Candidate best;
  std::size_t compared = 0;
  auto count = bring(portions[0]);
  for (std::size_t turn = 0; count > 0; ++turn) {  // one portion ahead, so that memory has time
    const auto& portion = portions[turn % 2];
    const auto ahead = bring(portions[1 - turn % 2]);
    score_upper(layout.codes, scratch.asked, portion.data(), count, scores.data());
    for (std::size_t i = 0; i < count; ++i) {
      const Candidate one{scores[i], portion[i]};
      if (identity) {
        pool.add(one);
        continue;
      }
      const auto owner = layout.document(one.row);
      if (owner != document) {
        if (document != nobody) pool.add(best);
        document = owner;
        best = one;
      } else if (better(one, best)) {
        best = one;
      }
    }
    compared += count;
    count = ahead;
  }
  if (document != nobody) pool.add(best);
  pool.shrink();
  return compared;
}

}  // namespace cdx::ann
