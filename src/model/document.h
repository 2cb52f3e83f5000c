// What an index holds. It knows fields and documents, not creators. Part of model/model.h.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace cdx {

struct TextField {
  std::string name;
  double weight = 1;            // boost inside BM25F
  double length_weight = 0.75;  // BM25's b: how much long fields are held back
};
struct KeywordField {  // exact values, several a document: filters and facets
  std::string name;
};
struct NumberField {
  std::string name;
};
struct VectorField {
  std::string name;       // "youtube_bio"
  std::size_t dimension;  // data, never a constant
  // What its vectors are comparable with; empty: the space of the texts. Vectors of two spaces never meet.
  std::string space = {};
  friend bool operator==(const VectorField&, const VectorField&) = default;
};

// The order of fields is their number; a Document's parts follow it.
struct Schema {
  std::vector<TextField> texts;
  std::vector<KeywordField> keywords;
  std::vector<NumberField> numbers;
  std::vector<VectorField> vectors;
  // Text fields (by number) whose values are names: found with typos, by prefix, and whole.
  std::vector<std::size_t> name_fields;
};

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Document {
  std::uint64_t id = 0;
  std::vector<std::string> texts;                  // one a text field; empty: absent
  std::vector<std::vector<std::string>> keywords;  // one list a keyword field
  std::vector<double> numbers;                     // one a number field; no_number: absent
  // One a vector field: unit rows, one behind the other, of which the best counts; empty: absent.
  std::vector<std::vector<float>> vectors;
};

}  // namespace cdx
