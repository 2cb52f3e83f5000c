// How neighbours in a sorted list of strings differ, five bytes a string: with these a walk over the list as
// a trie sees where strings part, and mostly where they go, without reading them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/section.h"

namespace cdx {

inline constexpr std::size_t most_shared = 255, step_bytes = 4;

// Of a stretch of the list; both empty where it is not known.
struct Steps {
  // First bytes that are those of the string before, most_shared at most; and the bytes behind them, the
  // first one lowest, zeros from where the string ends, all ones where it has zeros itself.
  std::span<const std::uint8_t> shared;
  std::span<const std::uint32_t> next;

  // The first from `from` on that shares fewer than `bytes` with the string before it, or the end.
  std::size_t first_below(std::size_t from, std::size_t bytes) const;
};

// Sections `name` + ".shared" and ".next".
class StepTable {
 public:
  StepTable() = default;
  StepTable(const Sections& sections, const std::string& name);
  // Of strings [first, first + count); not known when the sections are not there or damaged.
  Steps part(std::size_t first, std::size_t count) const;
  std::size_t size() const { return shared_.size(); }
  bool fits(std::size_t strings) const;  // it is of so many strings, or not there

 private:
  Section shared_, next_;
};

class StepList {
 public:
  void add(std::string_view text);  // not below the one added before
  Status write(SectionWriter& out, const std::string& name) const;

 private:
  std::string before_;
  std::vector<std::uint8_t> shared_;
  std::vector<std::uint32_t> next_;
};

}  // namespace cdx
