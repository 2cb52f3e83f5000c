// The inverted index of one immutable segment: which rows hold which words, how often, in which field and
// where.
//
// Words come in two forms: a surface is a word as written (folded), a term is what is searched (its stem).
// Rows of a term are kept in blocks of 128, compressed, each with a bound on what it can score, so the best k
// are found without scoring the rest (block-max, Ding and Suel 2011). Scores are BM25F as index/index.h
// defines it: for a term, with weight w (which holds the idf) and tf' = sum over fields of weight_f * count /
// (1 + b_f * (length / mean_f - 1)), w * tf' * (k1 + 1) / (k1 + tf'). Field statistics are the asker's (they
// span segments and change); bounds are kept for the statistics at writing time and widened by how far
// weights, b and mean lengths have moved, so they always hold.
//
// Promises: everything lives in sections and may be mapped from a file; opening reads a few bytes; reading is
// thread-safe and deterministic; lengths and counts are exact. Never: text analysis, files, scores across
// segments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/section.h"
#include "base/steps.h"

namespace cdx::inverted {

inline constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::size_t most_fields = 32;

struct FieldTotal {
  std::uint64_t length = 0;     // words
  std::uint64_t documents = 0;  // rows with at least one word here
};

// A term asked for. `weight` is everything before tf': word weight * typo factor * idf.
struct Reading {
  std::uint32_t term = nothing;
  double weight = 0;
};
// A row scores for a word by the best of its readings.
struct Word {
  std::vector<Reading> readings;
};
struct FieldScoring {
  double weight = 1;
  double length_weight = 0.75;
  double mean_length = 1;
};
struct Scoring {
  double k1 = 1.2;
  std::vector<FieldScoring> fields;
};

struct Scored {
  std::uint32_t row = 0;
  float score = 0;
};
struct Best {
  std::vector<Scored> rows;  // score descending, then row ascending; scores above zero only
  std::size_t at_least = 0;  // rows that score above zero and are allowed: so many were seen
  bool exact = false;        // ... and there are no others
};

struct NumberRange {  // of terms or surfaces
  std::uint32_t begin = 0, end = 0;
};

struct View;  // the opened sections
struct Part;

class Inverted {
 public:
  Inverted();  // no rows
  // `corrupt` when the sections do not fit together; `unsupported` for a newer layout. No section: no rows.
  // The sections must outlive it.
  static Result<Inverted> open(const Sections& sections, std::string_view prefix);

  std::size_t rows() const;
  std::size_t fields() const;
  FieldTotal total(std::size_t field) const;
  std::uint32_t length(std::size_t field, std::uint32_t row) const;  // in words

  // Both dictionaries are sorted by bytes. A string_view stays valid with the sections; it is empty where
  // they are damaged.
  std::size_t terms() const;
  std::size_t surfaces() const;
  std::string_view term(std::uint32_t number) const;
  std::string_view surface(std::uint32_t number) const;
  std::uint32_t find_term(std::string_view term) const;  // or `nothing`
  NumberRange terms_starting_with(std::string_view prefix) const;
  NumberRange surfaces_starting_with(std::string_view prefix) const;
  // How neighbours among the surfaces first .. first + count - 1 differ; not known in indexes of old.
  Steps surface_steps(std::size_t first, std::size_t count) const;
  std::uint32_t term_of(std::uint32_t surface) const;
  std::uint32_t rows_with_term(std::uint32_t term) const;        // how many, dead ones included
  std::uint32_t rows_with_surface(std::uint32_t surface) const;  // the same
  // Distinct surfaces of a row, ascending (so that a dying row can be taken out of all statistics).
  void surfaces_of(std::uint32_t row, std::vector<std::uint32_t>& out) const;

  // The k best of the rows allowed (bit r of allowed[r / 64]; empty: all), no worse than `floor` (others may
  // be left out). `scoring` has as many fields as the index at the least, weights not below zero; readings
  // without a term or with no weight above zero count nothing. `cancelled`, `timed_out`. With `count`, every
  // matching row is counted (`exact`), otherwise rows are skipped where they cannot matter.
  Result<Best> best(const Call& call, std::span<const Word> words, const Scoring& scoring,
                    std::span<const std::uint64_t> allowed, std::size_t k, float floor = 0,
                    bool count = false) const;
  // The score of each of these rows (ascending), 0 where no word is held.
  void scores(std::span<const Word> words, const Scoring& scoring, std::span<const std::uint32_t> rows,
              float* out) const;
  // What each field of a row holds of a term: visit(field, count).
  void counts(std::uint32_t term, std::uint32_t row,
              const std::function<void(std::size_t field, std::uint32_t count)>& visit) const;

  // Sets the bits of the rows that hold, in one field and in this order without a gap, one term of each place
  // (a place with several terms: any of them). `field`: in this one only; `nothing`: in any one. `cancelled`,
  // `timed_out`: some of the bits may be set.
  Status mark_phrase(const Call& call, std::span<const std::vector<std::uint32_t>> places,
                     std::uint32_t field, std::span<std::uint64_t> bits) const;

 private:
  friend Status merge(const Call& call, std::span<const Part> parts, std::size_t rows,
                      const Scoring& expected, SectionWriter& out, std::string_view prefix);
  std::shared_ptr<const View> view_;  // never null
};

// Collects rows and writes them. Rows are added in order. Memory in proportion to the words added.
class Builder {
 public:
  explicit Builder(std::size_t fields);
  Builder(Builder&&) noexcept;
  Builder& operator=(Builder&&) noexcept;
  ~Builder();
  // The surfaces of the next row's fields, in their order. Borrowed for the call.
  void add_row(std::span<const std::vector<std::string_view>> surfaces_by_field);
  // `stem` gives the term of a surface; asked once for each distinct one. Fields' b and weight shape the
  // bounds only.
  Status write(const Call& call, const Scoring& expected,
               const std::function<std::string(std::string_view)>& stem, SectionWriter& out,
               std::string_view prefix);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The living rows of several, renumbered: target[row] is the new row or `nothing`. Targets ascend within a
// part and together are 0 .. rows - 1. Terms and surfaces nobody alive holds are left out. Nothing is
// analysed again; memory in proportion to the dictionaries, not to the postings, where sections allow.
struct Part {
  const Inverted* inverted = nullptr;
  std::span<const std::uint32_t> target;
};
Status merge(const Call& call, std::span<const Part> parts, std::size_t rows, const Scoring& expected,
             SectionWriter& out, std::string_view prefix);

}  // namespace cdx::inverted
