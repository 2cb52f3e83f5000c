// The words of a segment. For every term the rows that hold it, in row order, with the count in each text
// field; for every row the distinct words as written (surfaces), so that a document that dies can be taken
// out of all statistics. Terms are analysed (stemmed); surfaces are what typos are forgiven against.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "index/row_map.h"
#include "index/string_table.h"
#include "model/document.h"

namespace cdx::engine {

struct Hit {
  std::uint32_t row = 0;
  std::uint32_t packed = 0;  // field << 24 | count; texts are bounded so that a count always fits

  std::size_t field() const { return packed >> 24U; }
  std::uint32_t count() const { return packed & 0xFFFFFFU; }
};

struct FieldTotal {
  std::uint64_t length = 0;     // words
  std::uint64_t documents = 0;  // documents with at least one word here
};

struct Postings {
  StringTable terms;                     // sorted
  std::vector<std::uint64_t> begin;      // terms + 1, into hits
  std::vector<Hit> hits;                 // of one term: by row, then by field
  std::vector<std::uint32_t> documents;  // rows that hold the term
  StringTable surfaces;                  // sorted
  std::vector<std::uint32_t> surface_term;
  std::vector<std::uint32_t> surface_documents;
  std::vector<std::uint64_t> row_begin;             // rows + 1, into row_surfaces
  std::vector<std::uint32_t> row_surfaces;          // distinct, ascending
  std::vector<std::vector<std::uint32_t>> lengths;  // [field][row], in words
  std::vector<FieldTotal> totals;

  std::span<const Hit> of(std::uint32_t term) const {
    return std::span(hits).subspan(begin[term], begin[term + 1] - begin[term]);
  }
  std::span<const std::uint32_t> surfaces_of(std::uint32_t row) const {
    return std::span(row_surfaces).subspan(row_begin[row], row_begin[row + 1] - row_begin[row]);
  }
};

Postings build_postings(const Schema& schema, std::span<const Document* const> rows);

// One of the postings to merge, with how many living documents hold each term and surface.
struct PostingsPart {
  const Postings* postings = nullptr;
  std::vector<std::uint32_t> terms_living, surfaces_living;
};
Postings merge_postings(std::span<const PostingsPart> parts, const RowMap& map);

}  // namespace cdx::engine
