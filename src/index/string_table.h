// Many strings back to back, immutable once built. Sorted ones are the dictionaries of a segment: 32-bit
// numbers in the columns, bytes only here.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/sorted_strings.h"

namespace cdx::engine {

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

class StringTable {
 public:
  void add(std::string_view text) {
    bytes_.append(text);
    end_.push_back(bytes_.size());
  }
  std::size_t size() const { return end_.size(); }
  std::string_view operator[](std::size_t i) const {
    const auto begin = i == 0 ? 0 : end_[i - 1];
    return std::string_view(bytes_).substr(begin, end_[i] - begin);
  }
  // Number of the string in a sorted table, or `none`.
  std::uint32_t find(std::string_view text) const {
    const auto at = first_not(0, size(), [&](std::size_t i) { return (*this)[i] < text; });
    return at < size() && (*this)[at] == text ? static_cast<std::uint32_t>(at) : none;
  }

 private:
  std::string bytes_;
  std::vector<std::uint64_t> end_;
};

// Several sorted tables in one: `numbers[t][i]` is where string i of table t went, `none` where nobody needs
// it.
struct MergedTables {
  StringTable strings;
  std::vector<std::vector<std::uint32_t>> numbers;
};
// A string is kept when some `living[t][i]` is above zero.
MergedTables merge_tables(std::span<const StringTable* const> tables,
                          std::span<const std::vector<std::uint32_t>> living);

}  // namespace cdx::engine
