// The opened sections of one inverted index: handles and sizes, nothing that grows with rows or terms.
#pragma once

#include <string_view>
#include <vector>

#include "base/section.h"
#include "base/steps.h"
#include "inverted/dictionary.h"
#include "inverted/layout.h"
#include "inverted/lengths.h"

namespace cdx::inverted {

struct View {
  Meta meta;
  std::vector<FieldMeta> fields;
  std::vector<Lengths> lengths;  // one a field
  Dictionary terms, surfaces;
  StepTable surface_steps;
  Section term_heads, term_places, postings;
  Section code_ends, code_parts;
  Section positions, position_places;
  Section surface_terms, surface_rows;
  Section forward, forward_bases;

  // The (field, count) parts of a code, by field; none where there is no such code.
  std::span<const std::uint32_t> parts(std::uint32_t code) const {
    if (code >= meta.codes) return {};
    const std::uint32_t begin = code == 0 ? 0 : code_ends.value<std::uint32_t>(code - 1);
    const auto end = code_ends.value<std::uint32_t>(code);
    if (begin >= end || end - begin > meta.fields) return {};
    return code_parts.part_of<std::uint32_t>(begin, end - begin);
  }
};

// `corrupt` when the sections do not fit together; `unsupported` for a newer layout.
Result<View> open_view(const Sections& sections, std::string_view prefix);

// Appends the distinct surfaces of a row, ascending.
void read_forward(const View& view, std::uint32_t row, std::vector<std::uint32_t>& out);

// The names of the sections that are written in several places.
std::string lengths_name(std::string_view prefix, std::size_t field);

}  // namespace cdx::inverted
