// What is asked of a backend and what it brings. Part of model/model.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/document.h"
#include "model/ids.h"

namespace cdx {

// A tree over keyword, number and text fields, addressed by name.
struct Filter {
  enum class Kind : std::uint8_t {
    everything,  // no condition
    all,         // every child holds; no child: everything
    any,         // some child holds; no child: nothing
    negation,    // the one child does not hold
    keyword,     // the field has at least one of `values`
    range,       // the number exists and lies in [low, high]; open ends exclude the bound itself
    exists,      // the field has a value
    phrase,      // one text field (`field`; empty: any) holds `values`, analysed terms, side by side in this
                 // order
  };
  Kind kind = Kind::everything;
  std::vector<Filter> children;
  std::string field;
  std::vector<std::string> values;
  std::optional<double> low, high;
  bool low_open = false, high_open = false;

  static Filter all_of(std::vector<Filter> children);
  static Filter any_of(std::vector<Filter> children);
  static Filter none_of(Filter child);
  static Filter keyword_in(std::string field, std::vector<std::string> values);
  static Filter number_in(std::string field, std::optional<double> low, std::optional<double> high,
                          bool low_open = false, bool high_open = false);
  static Filter has(std::string field);
  static Filter phrase_in(std::string field, std::vector<std::string> terms);
  friend bool operator==(const Filter&, const Filter&) = default;
};

// The same condition in one fixed form: nested ands and ors flattened, double negations dropped, children and
// values sorted and unique (but the terms of a phrase, whose order is its meaning). Two filters that differ
// only in order or nesting give equal results here.
Filter canonical(const Filter& filter);
// `invalid`, naming the field, when the filter asks for one the schema lacks or of another kind, or for a
// phrase without words.
Status validate(const Filter& filter, const Schema& schema);
std::string describe(
    const Filter& filter);  // for logs and plans: `followers in [50000, *) and platform = tiktok`

// One question to a backend. Words are already analysed (text::analyse); vectors are unit rows.
struct Retrieval {
  struct Alternative {
    std::string term;   // analysed
    double factor = 1;  // of the word's score, in (0,1]
  };
  struct Word {
    std::string term;     // analysed
    std::string surface;  // as typed, folded: for typos and names
    double weight = 1;
    // Other words that mean this one. A document scores by the best of them all; an alternative rarer than
    // the word itself counts as frequent as it, so that a synonym never outscores what was asked.
    std::vector<Alternative> also{};
  };
  std::vector<Word> words;
  std::string name_query;  // folded text matched as a whole against name fields; empty: no
  std::vector<std::vector<float>>
      vectors;  // one a vector field of the schema; empty: that field is not searched
  // Sets of vectors, each laid out like `vectors`, that candidates are compared with but that bring none.
  std::vector<std::vector<std::vector<float>>> contrasts;
  Filter filter;
  std::vector<std::string> facet_fields;   // keyword fields to gather for every candidate
  std::vector<std::string> number_fields;  // number fields to gather for every candidate
  std::size_t word_depth = 2'000;          // candidates by words at most
  std::size_t vector_depth = 250;          // candidates by each vector field at most
};

// Candidates as columns: element i of every column belongs to documents[i]. Ascending by document id, no
// duplicates. Candidates are the union of the best by words, the best by name, and the best of each vector
// field; with no words, name and vectors asked for they are all documents that pass the filter.
struct Retrieved {
  std::vector<std::uint64_t> documents;
  std::vector<float> bm25;        // 0 where no word matched
  std::vector<float> name_match;  // [0,1]; 0 where the name query does not name the document
  std::vector<std::vector<float>>
      similarities;  // per vector field of the schema; NaN where field or query is absent
  std::vector<std::vector<std::vector<float>>> contrasts;  // per set asked for, the same
  // Per vector field: when candidates were left out for vector_depth, the similarity none of them exceeds;
  // otherwise NaN.
  std::vector<float> floors;
  struct Facet {
    std::vector<std::string> values;      // dictionary
    std::vector<std::uint32_t> begin;     // size documents + 1: slice of `ordinals` of each candidate
    std::vector<std::uint32_t> ordinals;  // into `values`
  };
  std::map<std::string, Facet> facets;
  std::map<std::string, std::vector<double>> numbers;  // no_number where absent
  double bm25_limit = 0;     // what no document can exceed for these words: sum of weight * idf * (k1 + 1)
  std::size_t matching = 0;  // documents that pass the filter
  bool words_cut = false;    // more documents matched by words than word_depth
  bool names_cut = false;    // more documents were named than are brought by name
  std::uint64_t generation = 0;  // of the snapshot seen; equal generation and question give equal bytes
  Revision revision;             // of the store, reached by that snapshot
  std::string plan;              // in words: how it was done, with estimates
};

// How one document's BM25 came about; the parts add up to Retrieved::bm25.
struct WordPart {
  std::string term;
  std::string field;
  double score = 0;
};

}  // namespace cdx
