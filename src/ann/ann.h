// Nearest neighbours in one vector field of one immutable segment, filters included.
//
// Rows are unit vectors; similarity is the inner product. A document may have no row, one, or many (its best
// counts). A field keeps two copies of its rows: codes of 8 bits a dimension in two planes of 4 (the upper
// plane is searched, both planes re-rank), and full rows of 16-bit numbers with one scale a row, which are
// only read to score what is returned; plus, for larger fields, a graph. Everything lies in sections and may
// be mapped from a file. README.md says how.
//
// Promises: reading is thread-safe; equal field and question give equal answers on every thread, whatever
// SIMD the machine has (AVX-512, AVX2, NEON or plain, chosen at run time; integer sums are exact, float sums
// are rounded in one fixed order). Similarities returned are those of the full rows, true to 2^-16 of a row's
// largest value in each dimension. Never: files, names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/section.h"

namespace cdx::ann {

inline constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::size_t most_dimensions = 4096;
inline constexpr std::size_t most_degree = 256;
inline constexpr std::size_t most_rows = std::size_t{1} << 31;

struct Options {
  std::size_t degree = 40;          // most neighbours of a row in the graph
  std::size_t window = 100;         // candidates kept while a row is placed
  std::size_t graph_from = 10'000;  // fewer rows than this are scanned and need no graph
  std::size_t threads = 1;          // while building; they change nothing in what is built
};

// What a field is built from. `read` copies row i (dimension floats) to `out`; may be called from `threads`
// threads.
struct Source {
  std::size_t dimension = 0;
  std::size_t documents = 0;          // of the segment
  std::vector<std::uint32_t> owners;  // the document of each row, ascending; several rows may share one
  std::function<void(std::size_t row, float* out)> read;
};

struct Neighbour {
  std::uint32_t document = 0;
  float similarity = 0;
};

// What to find. Bit d of allowed[d / 64] says whether document d may be returned; empty: all may.
struct Question {
  std::span<const float> vector;  // a unit row of the field's dimension
  std::span<const std::uint64_t> allowed;
  std::size_t allowed_count = 0;  // bits set, when `allowed` is not empty
  std::size_t k = 10;
  // Search window of the graph; 0: chosen for recall@k of 0.99, and widened where rows lie closer together
  // than the codes can tell.
  std::size_t effort = 0;
};

struct Answer {
  std::vector<Neighbour>
      best;  // by similarity descending, then document ascending; min(k, documents that may)
  enum class Way : std::uint8_t { nothing, scan, graph } way = Way::nothing;
  // A walk that finds too little, or costs what a scan would, ends as a scan.
  std::size_t compared = 0;   // rows whose code was looked at, on both ways
  std::size_t estimated = 0;  // of them, as the planner expected
};

struct Part;
struct Layout;

class Field {
 public:
  Field() = default;  // no rows
  // `corrupt` when the sections under the prefix do not fit together; `unsupported` for another layout, with
  // the version it saw. No section at all: a field without rows. The sections must outlive the field.
  static Result<Field> open(const Sections& sections, std::string_view prefix);

  std::size_t rows() const;
  std::size_t dimension() const;
  bool has_graph() const;

  // min(k, documents that may be returned) neighbours, always.
  Answer search(const Question& question) const;
  // The best row of each document; NaN for one without a row. `documents` ascending.
  void similarities(std::span<const float> vector, std::span<const std::uint32_t> documents,
                    float* out) const;
  // The rows of one document as they were given, to 16 bits; zeros where damaged.
  std::vector<std::vector<float>> rows_of(std::uint32_t document) const;
  std::uint32_t owner(std::size_t row) const;
  void copy_row(std::size_t row, float* out) const;

 private:
  friend Status merge_fields(const Call&, std::span<const Part>, std::size_t, const Options&, SectionWriter&,
                             std::string_view);
  std::shared_ptr<const Layout> layout_;  // none: no rows
};

// Writes a field as sections that begin with `prefix`; without rows, none. The same rows give the same bytes.
// `invalid` for a dimension, an owner or an option out of range; `cancelled` and `timed_out` as asked, looked
// at every few thousand rows. Needs memory for the codes and the graph (about 1.2 KB a row of 384
// dimensions).
Status write_field(const Call& call, const Source& source, const Options& options, SectionWriter& out,
                   std::string_view prefix);

// The same from fields that exist: `target[p][document]` is the document's new number, `nobody` where it is
// gone; numbers ascend within a part. The graph of the largest part is kept and the other rows are added to
// it, unless too many of its own are gone or the degree is another. `documents` of the new segment. `invalid`
// when dimensions differ. What is damaged in a part is copied as zeros: ask the Damage of the parts
// afterwards.
struct Part {
  const Field* field = nullptr;
  std::span<const std::uint32_t> target;
};
Status merge_fields(const Call& call, std::span<const Part> parts, std::size_t documents,
                    const Options& options, SectionWriter& out, std::string_view prefix);

// Names of the instruction sets this program can use here, best first; and which to use (empty: the best).
// For tests.
std::vector<std::string_view> instruction_sets();
void use_instruction_set(std::string_view name);

}  // namespace cdx::ann
