// Looks at the code of every row that may be returned.
#pragma once

#include <limits>
#include <vector>

#include "ann/layout.h"
#include "ann/walk.h"

namespace cdx::ann {

inline constexpr float no_floor = std::numeric_limits<float>::lowest();

// What a scan keeps: the best `k` and those not more than `margin` behind, for their order is not certain
// yet; nothing below `floor`, and at most `most`.
struct Keeping {
  std::size_t k = 0, most = 0;
  float margin = 0, floor = no_floor;
};

class Pool {
 public:
  Pool(std::vector<Candidate>& items, const Keeping& keeping)
      : items_(items), keeping_(keeping), limit_(2 * keeping.k + 64), floor_(keeping.floor) {
    items_.clear();
  }
  void add(const Candidate& one) {
    if (one.score < floor_) return;
    items_.push_back(one);
    if (items_.size() >= limit_) shrink();
  }
  void shrink();
  float floor() const { return floor_; }  // what scored below may be missing

 private:
  std::vector<Candidate>& items_;
  Keeping keeping_;
  std::size_t limit_;
  float floor_;
};

// Fills scratch.found with the slot of the best row of each of the best documents, in no order.
struct Scanned {
  std::size_t compared = 0;  // rows, their sketches alone included
  float floor = no_floor;    // of the pool
};
Scanned scan(const Layout& layout, const Question& question, const Keeping& keeping, Scratch& scratch);

inline bool may_return(const Question& question, std::uint32_t document) {
  if (question.allowed.empty()) return true;
  return document / 64 < question.allowed.size() &&
         (question.allowed[document / 64] >> (document % 64) & 1U) != 0;
}

}  // namespace cdx::ann
