// The words of a question against the postings: typos, BM25F, and how a score came about.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "index/filtering.h"
#include "index/segment.h"
#include "index/statistics.h"
#include "model/query.h"

namespace cdx::engine {

// One way to read a word: itself or one of its alternatives, or where no document has any of these, a word in
// the index a few edits away.
struct Reading {
  std::string term;
  std::size_t edits = 0;
  double factor = 1;  // 1, the alternative's, 0.7 for one edit, 0.5 for two
  double idf = 0;
  std::size_t documents = 0;
  std::vector<std::uint32_t> numbers;  // of the term in each segment, or `none`
};

struct PlannedWord {
  std::string written;  // surface, or term where there is none
  double weight = 1;
  std::vector<Reading> readings;  // a document scores by its best; empty: no document has the word
};

struct WordPlan {
  std::vector<PlannedWord> words;
  double limit = 0;  // what no document can exceed
};

inline constexpr std::size_t most_readings = 8;        // of one word
inline constexpr std::size_t most_words_respelt = 32;  // of one question

WordPlan plan_words(const SegmentViews& segments, const Statistics& statistics,
                    std::span<const Retrieval::Word> words);

// Rows of one segment with a score above zero, ascending.
struct RowScores {
  std::vector<std::uint32_t> rows;
  std::vector<float> scores;
};

// The best of every segment's rows that pass.
struct WordsFound {
  std::vector<inverted::Best> best;  // one a segment
  bool more = false;                 // than were asked for
};
Result<WordsFound> best_by_words(const Call& call, const SegmentViews& segments,
                                 std::span<const Passing> passing, const Statistics& statistics,
                                 const WordPlan& plan, std::size_t depth);

// The words as one segment knows them.
std::vector<inverted::Word> words_in(const WordPlan& plan, std::size_t segment);

// The parts of one document's score; they add up to it.
std::vector<WordPart> explain_words(const Schema& schema, const SegmentViews& segments,
                                    const Statistics& statistics, const WordPlan& plan, std::size_t segment,
                                    std::uint32_t row);

}  // namespace cdx::engine
