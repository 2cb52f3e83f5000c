// Puts the sections of a new field together, from rows given or from fields that exist.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "ann/ann.h"
#include "ann/code.h"
#include "ann/graph_build.h"
#include "ann/layout.h"
#include "ann/sketch.h"

namespace cdx::ann {

// Planes and factors in memory, while the graph over them is built.
class CodeBuffers {
 public:
  CodeBuffers(std::size_t rows, std::size_t lines);
  std::uint8_t* upper(std::size_t row) { return upper_[row * lines_].data(); }
  std::uint8_t* lower(std::size_t row) { return lower_[row * lines_].data(); }
  void set_factors(std::size_t row, float upper, float both, float sketch) {
    upper_factors_[row] = upper;
    both_factors_[row] = both;
    sketch_factors_[row] = sketch;
  }
  // The sketches of rows first .. first + count - 1, one behind the other.
  void sketches(std::size_t first, std::size_t count, std::byte* out) const;
  Codes codes() const;  // borrowed

 private:
  struct alignas(line_bytes) Line : std::array<std::uint8_t, line_bytes> {};
  std::size_t lines_;
  std::vector<Line> upper_, lower_;
  std::vector<float> upper_factors_, both_factors_, sketch_factors_;
};

// A full row, as in full_row_bytes().
void to_fixed(const float* row, std::size_t dimension, std::byte* out);

struct Assembly {
  std::size_t dimension = 0, documents = 0;
  std::vector<std::uint32_t> owners;  // ascending, one a row
  std::vector<float> mean;
  Options options;
  // Writes the codes of a row into the buffers and its full row to `out`. May be called from several threads.
  struct Filled {
    float upper_error = 0, both_error = 0, sketch_error = 0;  // see Factors
  };
  std::function<Filled(std::size_t row, CodeBuffers& codes, std::byte* out)> fill;
  // Links all rows in the builder, when there are enough for a graph.
  std::function<Status(GraphBuilder& builder)> link;
};
Status check_options(const Options& options);
Status assemble(const Call& call, const Assembly& plan, SectionWriter& out, std::string_view prefix);

}  // namespace cdx::ann
