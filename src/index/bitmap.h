// A set of rows of one segment, as plain 64-bit words: a million rows are 125 KB, and-ing two of them takes
// microseconds, and the bits go as they are to the words' and the vectors' rooms.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cdx::engine {

class Bitmap {
 public:
  Bitmap() = default;
  explicit Bitmap(std::size_t size) : size_(size), words_((size + 63) / 64) {}
  static Bitmap full(std::size_t size) {
    Bitmap out(size);
    out.flip();
    return out;
  }

  std::size_t size() const { return size_; }
  std::span<const std::uint64_t> words() const { return words_; }
  std::span<std::uint64_t> words() { return words_; }
  bool test(std::size_t row) const { return ((words_[row / 64] >> (row % 64)) & 1U) != 0; }
  void set(std::size_t row) { words_[row / 64] |= std::uint64_t{1} << (row % 64); }
  void reset(std::size_t row) { words_[row / 64] &= ~(std::uint64_t{1} << (row % 64)); }

  std::size_t count() const {
    std::size_t total = 0;
    for (const auto word : words_) total += static_cast<std::size_t>(std::popcount(word));
    return total;
  }
  Bitmap& operator&=(const Bitmap& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  Bitmap& operator|=(const Bitmap& other) { return *this |= other.words(); }
  Bitmap& operator-=(const Bitmap& other) { return *this -= other.words(); }
  // Words as they were written; a damaged section has none.
  Bitmap& operator|=(std::span<const std::uint64_t> other) {
    for (std::size_t i = 0; i < std::min(words_.size(), other.size()); ++i) words_[i] |= other[i];
    return *this;
  }
  Bitmap& operator-=(std::span<const std::uint64_t> other) {
    for (std::size_t i = 0; i < std::min(words_.size(), other.size()); ++i) words_[i] &= ~other[i];
    return *this;
  }
  void flip() {
    for (auto& word : words_) word = ~word;
    if (size_ % 64 != 0) words_.back() &= (std::uint64_t{1} << (size_ % 64)) - 1;
  }
  // Ascending.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (auto word = words_[i]; word != 0; word &= word - 1)
        visit(static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(word))));
  }
  friend bool operator==(const Bitmap&, const Bitmap&) = default;

 private:
  std::size_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace cdx::engine
