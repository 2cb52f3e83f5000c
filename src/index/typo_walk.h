// Finds the strings within a few edits of a pattern in a sorted sequence, reading the sequence as a trie:
// strings with a common beginning share the rows of the edit-distance table, and a beginning that is already
// too far off is left at once: where the steps between neighbours are known by looking for the next string
// that shares less of it, without reading any string whose turning is already too far off; else by a binary
// search.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/steps.h"
#include "index/sorted_strings.h"

namespace cdx::engine {

// Code points; a malformed byte reads as U+FFFD.
char32_t next_letter(std::string_view text, std::size_t& at);

class TypoWalk {
 public:
  static constexpr std::size_t longest_pattern = 64;  // code points; a longer pattern finds nothing

  TypoWalk(std::string_view pattern, std::size_t limit);

  // visit(i, edits) for every string of [low, high) at most `limit` edits from the pattern. `steps`: of that
  // stretch, or empty.
  template <class At, class Visit>
  void whole(std::size_t low, std::size_t high, const At& at, const Steps& steps, const Visit& visit) {
    walk(low, high, at, steps, false, [&](std::size_t i) {
      if (const auto edits = finals_[letters_.size()]; edits <= limit_) visit(i, edits);
    });
  }
  // visit(i, edits) for every string with some beginning at most `limit` edits from the pattern; edits[n] is
  // the distance of its first n code points (capped at limit + 1), for as many as can be near.
  template <class At, class Visit>
  void beginnings(std::size_t low, std::size_t high, const At& at, const Steps& steps, const Visit& visit) {
    walk(low, high, at, steps, true, [&](std::size_t i) {
      if (near_) visit(i, std::span<const std::uint8_t>(finals_).first(depth_ + 1));
    });
  }

 private:
  void load(std::string_view text);  // into letters_ and ends_, as far as it can matter
  bool extend();                     // one more row; false when no continuation can come near
  void look_for_near();
  // What can be said of a string that begins with `shared` bytes of the one at hand and goes on with `next`:
  // that it is too far off, that it is loaded whole, or nothing without reading it.
  enum class Turn { away, loaded, unread };
  Turn turn(std::size_t shared, std::uint32_t next);

  template <class At, class Visit>
  void walk(std::size_t low, std::size_t high, const At& at, const Steps& steps, bool beginnings,
            const Visit& visit) {
    if (pattern_.empty() || pattern_.size() > longest_pattern || low >= high) return;
    const bool known = steps.shared.size() == high - low && steps.next.size() == high - low;
    depth_ = 0;
    letters_.clear();
    ends_.clear();
    for (auto i = low; i < high;) {
      auto turned = Turn::unread;
      if (known && i > low) turned = turn(steps.shared[i - low], steps.next[i - low]);
      if (turned == Turn::unread) load(at(i));
      bool hopeful = turned != Turn::away;
      while (hopeful && depth_ < letters_.size()) hopeful = extend();
      if (beginnings) look_for_near();
      if (hopeful || (beginnings && near_)) {
        visit(i++);
        continue;
      }
      const auto dead = ends_[depth_ - 1];
      i = known ? low + steps.first_below(i + 1 - low, dead) : beyond(i, high, at, at(i).substr(0, dead));
    }
  }
  // The first string behind i that does not begin with `dead`, as string i does.
  template <class At>
  static std::size_t beyond(std::size_t i, std::size_t high, const At& at, std::string_view begin) {
    const std::string dead(begin);
    const auto same = [&](std::size_t j) { return at(j).substr(0, dead.size()) == dead; };
    std::size_t step = 1;
    while (i + step < high && same(i + step)) step *= 2;
    return first_not(i + step / 2, std::min(high, i + step), same);
  }

  std::u32string pattern_;
  std::size_t limit_ = 0;
  std::u32string letters_, before_;  // of the string at hand and of the one before
  std::vector<std::size_t> ends_;    // bytes up to and with each letter
  std::size_t depth_ = 0;            // rows that are valid for letters_
  bool near_ = false;
  std::vector<std::uint8_t> rows_;    // (depth + 1) rows of pattern + 1 cells
  std::vector<std::uint8_t> finals_;  // last cell of each row
};

}  // namespace cdx::engine
