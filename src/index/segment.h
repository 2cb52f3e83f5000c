// A segment: some documents, indexed, never changed again. What happens to its documents later (they are
// replaced or removed) stands in the tombstones beside it, which are copied when they change; so a snapshot
// is a list of pairs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "index/bitmap.h"
#include "index/keyword_column.h"
#include "index/names.h"
#include "index/number_column.h"
#include "index/postings.h"
#include "index/vector_column.h"

namespace cdx::engine {

struct Segment {
  std::vector<std::uint64_t> ids;  // of the rows, ascending
  Postings postings;
  Names names;
  std::vector<KeywordColumn> keywords;
  std::vector<NumberColumn> numbers;
  std::vector<VectorColumn> vectors;

  std::size_t rows() const { return ids.size(); }
  std::optional<std::uint32_t> row_of(std::uint64_t id) const;
};

// The dead rows of a segment, and what they took with them out of every statistic. That keeps document
// frequencies and mean lengths exact over the living documents without reading a posting.
struct Tombstones {
  Bitmap dead;
  std::size_t count = 0;
  std::vector<std::uint32_t> terms, surfaces, name_words;  // documents lost, by number
  std::vector<FieldTotal> totals;                          // lost, by text field

  explicit Tombstones(const Segment& segment);
  void bury(const Segment& segment, std::uint32_t row);
};

// A segment as one snapshot sees it.
struct SegmentView {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const Tombstones> tombstones;  // null: every row lives

  const Segment* operator->() const { return segment.get(); }
  bool alive(std::uint32_t row) const { return !tombstones || !tombstones->dead.test(row); }
  std::size_t living() const { return segment->rows() - (tombstones ? tombstones->count : 0); }
  std::optional<std::uint32_t> living_row(std::uint64_t id) const;
  std::uint32_t documents_with_term(std::uint32_t term) const {
    return segment->postings.documents[term] - (tombstones ? tombstones->terms[term] : 0);
  }
  std::uint32_t documents_with_surface(std::uint32_t surface) const {
    return segment->postings.surface_documents[surface] - (tombstones ? tombstones->surfaces[surface] : 0);
  }
  std::uint32_t documents_with_name_word(std::uint32_t word) const {
    return segment->names.word_documents[word] - (tombstones ? tombstones->name_words[word] : 0);
  }
  FieldTotal total(std::size_t field) const;
};

using SegmentViews = std::vector<SegmentView>;

// `rows` ascending by id, ids distinct; the documents fit the schema.
std::shared_ptr<const Segment> build_segment(const Schema& schema, std::span<const Document* const> rows);
// The living documents of all of them, by renumbering: nothing is analysed again.
std::shared_ptr<const Segment> merge_segments(std::span<const SegmentView> parts);

}  // namespace cdx::engine
