// A segment: some documents, indexed, never changed again, as sections in memory or in a mapped file. What
// happens to its documents later (they are replaced or removed) stands in the tombstones beside it, which are
// copied when they change; so a snapshot is a list of pairs.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ann/ann.h"
#include "base/call.h"
#include "index/bitmap.h"
#include "index/keyword_column.h"
#include "index/names.h"
#include "index/number_column.h"
#include "inverted/inverted.h"

namespace cdx::engine {

// Of the sections' names and contents, those of the words and vectors included: docs/formats/index.md. An
// index of an older one starts anew.
inline constexpr std::uint32_t segment_layout = 3;

struct Segment {
  std::shared_ptr<const Sections> sections;  // what all below borrows from
  std::uint64_t number = 0;                  // of its file; 0: in memory only
  Array<std::uint64_t> ids;                  // of the rows, ascending
  inverted::Inverted words;
  Names names;
  std::vector<KeywordColumn> keywords;
  std::vector<NumberColumn> numbers;
  std::vector<Array<std::uint32_t>> run_bests;  // one a number field: run_bests.h
  std::vector<ann::Field> vectors;

  std::size_t rows() const { return ids.size(); }
  bool in_memory() const { return number == 0; }
  bool damaged() const { return sections->damage().any(); }
  std::optional<std::uint32_t> row_of(std::uint64_t id) const;
};

// The dead rows of a segment, and what they took with them out of every statistic. That keeps document
// frequencies and mean lengths exact over the living documents without reading a posting.
struct Tombstones {
  Bitmap dead;
  std::size_t count = 0;
  std::vector<std::uint32_t> terms, surfaces, name_words;  // documents lost, by number
  std::vector<inverted::FieldTotal> totals;                // lost, by text field

  explicit Tombstones(const Segment& segment);
  void bury(const Segment& segment, std::uint32_t row);

  Status write(SectionWriter& out) const;
  // `corrupt` when they are damaged or not of this segment.
  static Result<Tombstones> read(const Sections& sections, const Segment& segment);
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
    return segment->words.rows_with_term(term) - (tombstones ? tombstones->terms[term] : 0);
  }
  std::uint32_t documents_with_surface(std::uint32_t surface) const {
    return segment->words.rows_with_surface(surface) - (tombstones ? tombstones->surfaces[surface] : 0);
  }
  std::uint32_t documents_with_name_word(std::uint32_t word) const {
    return segment->names.word_documents[word] - (tombstones ? tombstones->name_words[word] : 0);
  }
  inverted::FieldTotal total(std::size_t field) const;
};

using SegmentViews = std::vector<SegmentView>;

// How the words of a schema are scored when nothing is known of other segments.
inverted::Scoring scoring_of(const Schema& schema, double k1, std::span<const inverted::FieldTotal> totals);

// `rows` ascending by id, ids distinct; the documents fit the schema.
Status write_segment(const Call& call, const Schema& schema, double k1, std::span<const Document* const> rows,
                     const ann::Options& vectors, SectionWriter& out);
// The living documents of all of them, by renumbering: nothing is analysed again.
Status merge_segments(const Call& call, const Schema& schema, double k1, std::span<const SegmentView> parts,
                      const ann::Options& vectors, SectionWriter& out);
// `corrupt` when the sections do not fit the schema or one another; `unsupported` for another layout.
Result<std::shared_ptr<const Segment>> open_segment(const Schema& schema,
                                                    std::shared_ptr<const Sections> sections,
                                                    std::uint64_t number);

}  // namespace cdx::engine
