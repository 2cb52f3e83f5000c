// Sorted strings by number. They lie as they are, one behind the other, so that a run of them is read without
// unpacking; a string's place costs two bytes (its distance from the place of every 64th).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/section.h"
#include "inverted/layout.h"

namespace cdx::inverted {

class Dictionary {
 public:
  Dictionary() = default;
  // Of the sections `prefix` + .bytes, .bases and, unless `wide`, .offsets.
  Dictionary(const Sections& sections, const std::string& prefix, std::uint32_t size, bool wide);
  bool fits() const;  // whether the sections are as long as they should be

  std::uint32_t size() const { return size_; }
  std::string_view operator[](std::uint32_t i) const;
  std::uint32_t find(std::string_view text) const;                                       // or `nothing`
  std::pair<std::uint32_t, std::uint32_t> starting_with(std::string_view prefix) const;  // [first, second)

 private:
  std::uint64_t start(std::uint32_t i) const;
  std::uint32_t first_from(std::uint32_t low, std::string_view text) const;

  Section bytes_, bases_, offsets_;
  std::uint32_t size_ = 0;
  bool wide_ = false;
};

// `strings` ascending and distinct. Says whether it had to be wide.
Result<bool> write_dictionary(const std::vector<std::string_view>& strings, SectionWriter& out,
                              const std::string& prefix);

}  // namespace cdx::inverted
