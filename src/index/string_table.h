// Many strings back to back. Sorted ones are the dictionaries of a segment: 32-bit numbers in the columns,
// bytes only here.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/array.h"
#include "index/sorted_strings.h"

namespace cdx::engine {

inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

// Being collected.
class StringList {
 public:
  void add(std::string_view text) {
    bytes_.append(text);
    begin_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  }
  std::size_t size() const { return begin_.size() - 1; }
  std::string_view operator[](std::size_t i) const {
    return std::string_view(bytes_).substr(begin_[i], begin_[i + 1] - begin_[i]);
  }
  // Number of the string in a sorted list, or `none`.
  std::uint32_t find(std::string_view text) const;
  // `invalid` beyond 4 GiB.
  Status write(SectionWriter& out, const std::string& name) const;

 private:
  std::string bytes_;
  std::vector<std::uint32_t> begin_{0};
};

// As written.
class StringTable {
 public:
  StringTable() = default;
  StringTable(const Sections& sections, const std::string& name);

  std::size_t size() const { return begin_.size() == 0 ? 0 : begin_.size() - 1; }
  std::string_view operator[](std::size_t i) const {
    const auto [begin, end] = begin_.run(i);
    const auto bytes = bytes_.part(begin, end - begin);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::uint32_t find(std::string_view text) const;  // in a sorted table, or `none`

 private:
  Array<std::uint32_t> begin_;
  Section bytes_;
};

// Several sorted tables in one: `numbers[t][i]` is where string i of table t went, `none` where nobody needs
// it.
struct MergedTables {
  StringList strings;
  std::vector<std::vector<std::uint32_t>> numbers;
};
// A string is kept when some `living[t][i]` is above zero.
MergedTables merge_tables(std::span<const StringTable* const> tables,
                          std::span<const std::vector<std::uint32_t>> living);

}  // namespace cdx::engine
