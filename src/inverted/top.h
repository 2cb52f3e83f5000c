// The k best rows, whatever the order they come in.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <vector>

#include "inverted/inverted.h"

namespace cdx::inverted {

class Top {
 public:
  // Rows scoring below `floor` are not wanted.
  Top(std::size_t k, float floor) : k_(k) {
    if (floor > 0) raise(floor);
  }

  // No row above those seen is among the best unless it scores above this.
  float limit() const { return score_of(limit_); }
  // So many rows are known to score at least this.
  void raise(float score) { limit_ = std::max(limit_, key(~0U, std::nextafter(score, 0.0F))); }
  void add(std::uint32_t row, float score) {
    const auto one = key(row, score);
    if (!(score > 0) || one <= limit_ || k_ == 0) return;
    if (k_ <= few) return add_sorted(one);
    keys_.push_back(one);
    if (keys_.size() >= k_ + k_ / 2) cut();
  }
  std::vector<Scored> take() && {
    cut();
    std::sort(keys_.begin(), keys_.end(), std::greater<>());
    std::vector<Scored> out;
    out.reserve(keys_.size());
    for (const auto one : keys_) out.push_back({~static_cast<std::uint32_t>(one), score_of(one)});
    return out;
  }

 private:
  static constexpr std::size_t few = 32;
  // Ordered as the rows are: floats above zero compare as their bits do.
  static std::uint64_t key(std::uint32_t row, float score) {
    return std::uint64_t{std::bit_cast<std::uint32_t>(score)} << 32U | static_cast<std::uint32_t>(~row);
  }
  static float score_of(std::uint64_t key) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(key >> 32U));
  }

  // Few are kept sorted, so that the limit is never behind.
  void add_sorted(std::uint64_t one) {
    if (keys_.size() < k_) keys_.push_back(one);
    auto i = keys_.size() - 1;
    for (; i > 0 && keys_[i - 1] < one; --i) keys_[i] = keys_[i - 1];
    keys_[i] = one;
    if (keys_.size() == k_) limit_ = std::max(limit_, keys_.back());
  }
  // Of many, the worse ones are dropped when they have become half as many again.
  void cut() {
    if (k_ == 0 || keys_.size() < k_) return;
    const auto last = keys_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(keys_.begin(), last, keys_.end(), std::greater<>());
    limit_ = std::max(limit_, *last);
    keys_.resize(k_);
  }

  std::size_t k_;
  std::uint64_t limit_ = 0;  // a key must be above this
  std::vector<std::uint64_t> keys_;
};

}  // namespace cdx::inverted
