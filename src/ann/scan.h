// Looks at the code of every row that may be returned.
#pragma once

#include <vector>

#include "ann/layout.h"
#include "ann/walk.h"

namespace cdx::ann {

// The best `k` of many candidates and those not more than a margin behind: their order is not certain yet.
class Pool {
 public:
  Pool(std::vector<Candidate>& items, std::size_t k, float margin, std::size_t most)
      : items_(items), k_(k), most_(most), limit_(2 * k + 64), margin_(margin) {
    items_.clear();
  }
  void add(const Candidate& one) {
    if (one.score < floor_) return;
    items_.push_back(one);
    if (items_.size() >= limit_) shrink();
  }
  void shrink();

 private:
  std::vector<Candidate>& items_;
  std::size_t k_, most_, limit_;
  float margin_, floor_ = std::numeric_limits<float>::lowest();
};

// Fills scratch.found with the best row of each of the best documents, in no order, as a Pool keeps them.
// Returns how many rows were looked at.
std::size_t scan(const Layout& layout, const Question& question, std::size_t most, Scratch& scratch);

inline bool may_return(const Question& question, std::uint32_t document) {
  if (question.allowed.empty()) return true;
  return document / 64 < question.allowed.size() &&
         (question.allowed[document / 64] >> (document % 64) & 1U) != 0;
}

}  // namespace cdx::ann
