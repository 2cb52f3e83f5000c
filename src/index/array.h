// Numbers in a section, read like a vector.
#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "base/section.h"

namespace cdx::engine {

template <class T>
class Array {
 public:
  Array() = default;
  explicit Array(Section section) : section_(section) {}

  std::size_t size() const { return section_.count<T>(); }
  void will_need(std::size_t first, std::size_t count = 1) const { section_.will_need_of<T>(first, count); }
  T operator[](std::size_t i) const { return section_.value<T>(i); }
  // Empty where the bytes are damaged.
  std::span<const T> part(std::size_t first, std::size_t count) const {
    return section_.part_of<T>(first, count);
  }
  std::span<const T> all() const { return section_.all_of<T>(); }
  // The run that belongs to i when this holds where every run begins, and at last where the last one ends.
  std::pair<T, T> run(std::size_t i) const {
    const auto* two = section_.row<T>(i, 2);
    return {two[0], std::max(two[0], two[1])};
  }

 private:
  Section section_;
};

}  // namespace cdx::engine
