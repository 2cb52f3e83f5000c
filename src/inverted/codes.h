// What the fields of a row hold of a term, as one small number: a code stands for a list of (field, count).
// Few such lists are common (most often: one field, once), so they are numbered by how often they occur.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

#include "base/section.h"

namespace cdx::inverted {

class Codes {
 public:
  Codes();
  // The number of these parts (layout.h), seen so many times more. Numbers are in the order of first sight
  // until they are ranked.
  std::uint32_t add(std::span<const std::uint32_t> parts, std::uint64_t times = 1);
  // Orders by how often, then by the parts; gives the final number of each.
  std::vector<std::uint32_t> rank() const;
  std::size_t size() const { return all_.size(); }
  // Of a number before ranking.
  std::span<const std::uint32_t> parts(std::uint32_t number) const {
    const auto& one = all_[number];
    return std::span(parts_).subspan(one.begin, one.size);
  }
  Status write(SectionWriter& out, std::string_view prefix) const;

 private:
  struct One {
    std::size_t begin = 0, size = 0;  // in parts_
    std::uint64_t times = 0;
  };
  std::uint32_t add_new(std::span<const std::uint32_t> parts);
  std::vector<std::uint32_t> order() const;  // numbers, the most frequent first

  std::vector<std::uint32_t> simple_;  // [field][count] of the codes of one field and a small count
  boost::unordered_flat_map<std::string, std::uint32_t> others_;  // by the bytes of the parts
  std::vector<One> all_;
  std::vector<std::uint32_t> parts_;
};

}  // namespace cdx::inverted
