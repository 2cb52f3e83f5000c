// The sections of a field (README.md lists them) and what opening one checks.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "ann/ann.h"
#include "ann/code.h"

namespace cdx::ann {

inline constexpr std::uint32_t layout_version = 1;

// The section that makes a field one; written last.
struct Meta {
  std::uint32_t version = layout_version;
  std::uint32_t dimension = 0;
  std::uint64_t rows = 0;
  std::uint64_t documents = 0;
  std::uint32_t identity = 0;  // 1: row i is document i, and there are no owners
  std::uint32_t degree = 0;    // of the graph; 0: no graph
  std::uint32_t entries = 0;   // where a walk may begin
  float upper_error = 0;       // mean square of what the codes leave out of a row
  float both_error = 0;
  std::uint32_t owning = 0;  // documents with a row
  std::uint32_t unused[2] = {};
};
static_assert(sizeof(Meta) == 56);

struct Graph {
  Section links;        // `degree` numbers of rows each, `nobody` where there are fewer
  Section entries;      // numbers of rows
  Section entry_upper;  // their upper planes, so that they are read in one go
  std::size_t degree = 0, entry_count = 0;
};

struct Layout {
  Layout(const Meta& meta, std::vector<float> mean);

  Meta meta;
  Coder coder;
  Codes codes;
  Section full, full_steps;  // rows as 16-bit numbers, and what one of them is worth
  Section owners, firsts;    // row -> document; document -> its first row, and one more
  Graph graph;

  std::size_t rows() const { return codes.rows; }
  // A damaged owner is a document that nobody may have.
  std::uint32_t document(std::uint32_t row) const {
    return meta.identity != 0 ? row : owners.value<std::uint32_t>(row);
  }
  struct Range {
    std::uint32_t begin = 0, end = 0;
  };
  Range rows_of(std::uint32_t document) const;
  double rows_a_document() const {
    return static_cast<double>(rows()) / static_cast<double>(std::max<std::uint32_t>(1, meta.owning));
  }
  // The full row, to 16 bits; false (and zeros) where it is damaged.
  bool copy_row(std::size_t row, float* out) const;
  CDX_ANN_INLINE void prefetch_row(std::uint32_t row) const {
    const auto bytes = meta.dimension * sizeof(std::int16_t);
    fetch(full.address(row * bytes), bytes);
  }
  float similarity(std::span<const float> vector, std::uint32_t row) const;
  // The deviation of a score from the truth, in the units of score_upper and score_both.
  float upper_deviation(const Asked& asked) const { return deviation(asked, meta.upper_error); }
  float both_deviation(const Asked& asked) const { return deviation(asked, meta.both_error); }

 private:
  float deviation(const Asked& asked, float error) const;
};

// Nothing when there is no field under the prefix.
Result<std::shared_ptr<const Layout>> open_layout(const Sections& sections, std::string_view prefix);

}  // namespace cdx::ann
