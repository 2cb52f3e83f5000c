// The sections of a field (README.md lists them) and what opening one checks. Documents own rows, one after
// the other; full rows lie in that order. Codes and links lie in slots: with a graph in an order in which
// neighbours are near one another (graph_order.h), without one slot i is row i.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "ann/ann.h"
#include "ann/code.h"
#include "ann/sketch.h"

namespace cdx::ann {

inline constexpr std::uint32_t layout_version = 3;

// The section that makes a field one; written last.
struct Meta {
  std::uint32_t version = layout_version;
  std::uint32_t dimension = 0;
  std::uint64_t rows = 0;
  std::uint64_t documents = 0;
  std::uint32_t identity = 0;  // 1: row i is document i, and there are no owners
  std::uint32_t degree = 0;    // of the graph; 0: no graph
  std::uint32_t entries = 0;   // walks begin at the first so many slots
  float upper_error = 0;       // mean square of what the codes leave out of a row
  float both_error = 0;
  std::uint32_t owning = 0;  // documents with a row
  float sketch_error = 0;    // as the others
  std::uint32_t unused = 0;
};
static_assert(sizeof(Meta) == 56);

struct Graph {
  Section links;    // by slot, `degree` slots each, `nobody` where there are fewer
  Section rows_at;  // slot -> row
  Section slots;    // row -> slot
  std::size_t degree = 0, entry_count = 0;
};

// A full row: a float, what a number is worth, then the numbers, and zeros up to a multiple of 4 bytes.
inline constexpr std::size_t full_row_bytes(std::size_t dimension) {
  return sizeof(float) + (dimension + 1) / 2 * 2 * sizeof(std::int16_t);
}

struct Layout {
  Layout(const Meta& meta, std::vector<float> mean);

  Meta meta;
  Coder coder;
  Codes codes;             // by slot
  Sketches sketches;       // by row
  Section full;            // by row: what a number is worth, and the numbers, of 16 bits
  Section owners, firsts;  // row -> document; document -> its first row, and one more
  Graph graph;

  std::size_t rows() const { return codes.rows; }
  // A damaged owner is a document that nobody may have.
  std::uint32_t document(std::uint32_t row) const {
    return meta.identity != 0 ? row : owners.value<std::uint32_t>(row);
  }
  bool ordered() const { return graph.degree != 0; }
  // Damaged or not: always numbers of rows and slots.
  std::uint32_t row_at(std::uint32_t slot) const {
    return ordered() ? std::min(graph.rows_at.value<std::uint32_t>(slot), last_row()) : slot;
  }
  std::uint32_t slot_of(std::uint32_t row) const {
    return ordered() ? std::min(graph.slots.value<std::uint32_t>(row), last_row()) : row;
  }
  std::uint32_t document_at(std::uint32_t slot) const { return document(row_at(slot)); }
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
    full.will_need(row * full_bytes(), full_bytes());
    fetch(full.address(row * full_bytes()), full_bytes());
  }
  float similarity(std::span<const float> vector, std::uint32_t row) const;
  // The deviation of a score from the truth, in the units of score_upper and score_both.
  float upper_deviation(const Asked& asked) const { return deviation(asked, meta.upper_error); }
  float both_deviation(const Asked& asked) const { return deviation(asked, meta.both_error); }
  float sketch_deviation(const Asked& asked) const { return deviation(asked, meta.sketch_error); }

  std::size_t full_bytes() const { return full_row_bytes(meta.dimension); }
  // Empty where it is damaged.
  std::span<const std::byte> full_row(std::size_t row) const {
    return full.part(row * full_bytes(), full_bytes());
  }

  // Whether searches still ask the disk for much: once some in a row asked for next to nothing, looking
  // whether there is something to ask costs more than it brings.
  bool is_fresh() const {
    constexpr std::uint32_t some = 16;
    constexpr std::uint64_t next_to_nothing = 8;
    if (quiet_.load(std::memory_order_relaxed) >= some) return false;
    const auto asked = codes.upper.requests();
    if (asked - asked_.exchange(asked, std::memory_order_relaxed) > next_to_nothing)
      quiet_.store(0, std::memory_order_relaxed);
    else
      quiet_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }

 private:
  mutable std::atomic<std::uint32_t> quiet_{0};  // searches in a row that asked for next to nothing
  mutable std::atomic<std::uint64_t> asked_{0};  // as the last search found it
  std::uint32_t last_row() const { return static_cast<std::uint32_t>(codes.rows - 1); }
  float deviation(const Asked& asked, float error) const;
};

// Nothing when there is no field under the prefix.
Result<std::shared_ptr<const Layout>> open_layout(const Sections& sections, std::string_view prefix);

}  // namespace cdx::ann
