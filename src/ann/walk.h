// Walks over a graph: from some starts, ever on to the best row not yet expanded, until nothing near is left.
// Whatever the links say, even damaged ones, a walk ends: each row is looked at once.
#pragma once

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "ann/code.h"

namespace cdx::ann {

struct Candidate {
  float score = 0;
  std::uint32_t row = 0;  // the highest bit is set once it is expanded
  static constexpr std::uint32_t expanded = std::uint32_t{1} << 31;
  std::uint32_t number() const { return row & ~expanded; }
};
// An object, so that sorting inlines it.
struct Better {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.score != b.score ? a.score > b.score : a.number() < b.number();
  }
};
inline constexpr Better better;

struct Links {
  Section lists;  // `width` numbers a row; numbers out of range say nothing
  std::size_t width = 0, rows = 0;
  bool ask = false;  // the disk for them
  const std::uint32_t* of(std::uint32_t row) const { return lists.row<std::uint32_t>(row * width, width); }
  CDX_ANN_INLINE void prefetch(std::uint32_t row) const {
    if (ask) lists.will_need_of<std::uint32_t>(row * width, width);
    fetch(lists.address(row * width * sizeof(std::uint32_t)), width * sizeof(std::uint32_t));
  }
};

// Rows already looked at: a bit each, of which only those set are cleared again.
class Seen {
 public:
  void begin(std::size_t rows) {
    for (std::size_t i = 0; i < count_; ++i) bits_[added_[i] / 64] = 0;
    count_ = 0;
    if (bits_.size() < rows / 64 + 1) bits_.resize(rows / 64 + 1);
  }
  bool add(std::uint32_t row) { return !add_new({&row, 1}, std::size_t{row} + 1).empty(); }
  // Those of `list` that are new and in range. Without branches: which are new cannot be foretold, and a
  // wrong guess costs more than the work.
  std::span<const std::uint32_t> add_new(std::span<const std::uint32_t> list, std::size_t rows) {
    if (added_.size() < count_ + list.size()) added_.resize(2 * (count_ + list.size()));
    auto* const begin = added_.data() + count_;
    auto* end = begin;
    for (const auto one : list) {
      const bool in_range = one < rows;
      const auto row = in_range ? one : 0U;
      auto& word = bits_[row / 64];
      const auto fresh = static_cast<std::uint64_t>(in_range) & ~(word >> (row % 64));
      word |= fresh << (row % 64);
      *end = row;
      end += fresh;
    }
    count_ += static_cast<std::size_t>(end - begin);
    return {begin, end};
  }
  std::size_t count() const { return count_; }
  std::span<const std::uint32_t> added(std::size_t begin, std::size_t end) const {
    return std::span(added_).subspan(begin, end - begin);
  }

 private:
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> added_;
  std::size_t count_ = 0;  // of `added_`
};

// The best candidates so far, best first, at most `most`.
class Window {
 public:
  void begin(std::size_t most) {
    most_ = most;
    size_ = next_ = 0;
    if (items_.size() < most) items_.resize(most);
  }
  bool full() const { return size_ == most_; }
  std::size_t size() const { return size_; }
  std::span<const Candidate> items() const { return {items_.data(), size_}; }
  bool takes(const Candidate& one) const { return size_ < most_ || better(one, items_[size_ - 1]); }
  // Whether it is now the next to be expanded.
  bool insert(const Candidate& one) {
    auto* const begin = items_.data();
    auto* const at = std::lower_bound(begin, begin + size_, one, better);
    if (size_ < most_) ++size_;
    std::memmove(at + 1, at, static_cast<std::size_t>(begin + size_ - 1 - at) * sizeof(Candidate));
    *at = one;
    const auto place = static_cast<std::size_t>(at - begin);
    if (place > next_) return false;
    next_ = place;
    return true;
  }
  bool done() const { return next_ == size_; }
  std::uint32_t next() const { return items_[next_].row; }
  std::uint32_t expand() {
    const auto out = items_[next_].row;
    items_[next_].row |= Candidate::expanded;
    while (next_ < size_ && (items_[next_].row & Candidate::expanded) != 0) ++next_;
    return out;
  }

 private:
  std::vector<Candidate> items_;
  std::size_t most_ = 0, size_ = 0, next_ = 0;  // all before `next_` are expanded
};

// What a thread needs for its walks; kept between them.
struct Scratch {
  Asked asked;
  bool ask_disk = false;
  Seen seen;
  Window window;
  std::vector<Candidate> front, found;
  std::vector<std::uint32_t> rows, spare;
};

template <class Score, class Use>
void score_all(const Score& score, std::span<const std::uint32_t> rows, const Use& use) {
  std::array<float, rows_a_call> scores;
  for (std::size_t at = 0; at < rows.size(); at += rows_a_call) {
    const auto some = rows.subspan(at, std::min(rows_a_call, rows.size() - at));
    score(some.data(), some.size(), scores.data());
    for (std::size_t i = 0; i < some.size(); ++i) use(Candidate{scores[i], some[i]});
  }
}

// Expands the window until all in it is expanded; the caller has put the starts into it and into `seen`. Says
// how many rows were looked at. `score` has prefetch(row) and operator()(rows, count, out). The rows of one
// expansion are on their way from memory while those of the one before are scored. Gives up once more than
// `budget` rows were looked at.
template <class Score>
std::size_t walk(const Links& links, const Score& score, std::size_t budget, Seen& seen, Window& window) {
  const auto take = [&](const Candidate& one) {
    if (window.takes(one) && window.insert(one)) links.prefetch(one.row);
  };
  const auto begin = seen.count();
  auto scored = begin;
  while ((!window.done() || scored < seen.count()) && scored - begin <= budget) {
    const auto waiting = seen.count();
    if (!window.done()) {
      const auto row = window.expand();
      if (!window.done()) links.prefetch(window.next());
      for (const auto one : seen.add_new({links.of(row), links.width}, links.rows)) score.prefetch(one);
    }
    score_all(score, seen.added(scored, waiting), take);
    scored = waiting;
  }
  return scored - begin;
}

}  // namespace cdx::ann
