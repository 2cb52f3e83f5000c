// What each figure means, as data: served with the figures and written into docs/scoring.md, which a test
// holds against this table. Part of figures/figures.h.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cdx::figures {

struct Definition {
  std::string_view name;  // of the field of Creator and of the index
  std::string_view formula;
  std::string_view window;
  std::string_view denominator;  // empty: none
  std::string_view unit;
  std::uint32_t version = 1;  // raised with every change of the formula
};
std::span<const Definition> definitions();

}  // namespace cdx::figures
