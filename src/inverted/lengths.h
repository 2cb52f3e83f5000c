// How many words each row has in one field; one, two or four bytes a row, as the longest needs.
#pragma once

#include <cstdint>
#include <vector>

#include "base/section.h"

namespace cdx::inverted {

class Lengths {
 public:
  Lengths() = default;
  Lengths(Section section, std::uint32_t width_bytes) : section_(section), width_(width_bytes) {}

  std::uint32_t at(std::uint32_t row) const {
    if (width_ == 1) return section_.value<std::uint8_t>(row);
    if (width_ == 2) return section_.value<std::uint16_t>(row);
    return section_.value<std::uint32_t>(row);
  }
  // Of `count` ascending rows.
  void gather(const std::uint32_t* rows, std::size_t count, float* out) const;

 private:
  template <class T>
  void gather_as(const std::uint32_t* rows, std::size_t count, float* out) const;

  Section section_;
  std::uint32_t width_ = 1;
};

inline std::uint32_t width_for(std::uint32_t longest) {
  return longest <= 0xFF ? 1 : longest <= 0xFFFF ? 2 : 4;
}
Status write_lengths(const std::vector<std::uint32_t>& lengths, std::uint32_t width_bytes, SectionWriter& out,
                     const std::string& name);

}  // namespace cdx::inverted
