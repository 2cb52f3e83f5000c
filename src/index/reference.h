// The oracle of the tests: what the index promises, computed the plain way, one document after the other,
// straight from the formulas in index.h and name_search.h. Shares no code with the engine but the text room.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "index/index.h"

namespace cdx::engine {

class Reference {
 public:
  explicit Reference(Schema schema, double k1 = 1.2) : schema_(std::move(schema)), k1_(k1) {}

  void apply(const IndexBatch& batch);
  // Everything but plan, generation and revision.
  Retrieved retrieve(const Retrieval& retrieval) const;
  std::vector<Completion> complete(std::string_view prefix, std::string_view weight_field,
                                   std::size_t max) const;
  const std::map<std::uint64_t, Document>& documents() const { return documents_; }

 private:
  struct Analysed {
    std::vector<std::map<std::string, std::size_t>> counts;  // by field, by term
    std::vector<std::size_t> lengths;
    std::map<std::string, std::string> surfaces;  // to their terms
    std::vector<std::vector<std::string>> names;  // words of each name
  };
  struct Reading {
    std::string term;
    std::size_t edits = 0, documents = 0;
    double factor = 1;
    double idf = 0;
  };

  double idf(std::size_t n) const;
  std::size_t holding(const std::string& term) const;
  std::vector<double> mean_lengths() const;
  std::vector<Reading> readings(const Retrieval::Word& word) const;
  std::map<std::uint64_t, float> by_words(const Retrieval& retrieval, Retrieved& out) const;
  std::map<std::uint64_t, float> by_name(const std::string& question) const;
  double name_score(const std::vector<std::string>& question, const std::vector<std::string>& name) const;
  double run_score(const std::string& question, const std::vector<std::string>& name) const;
  double words_score(const std::vector<std::string>& question, const std::vector<std::string>& name) const;
  double rarity(const std::string& word) const;
  bool passes(const Filter& filter, const Document& document) const;
  bool holds_phrase(const Filter& filter, const Document& document) const;

  Schema schema_;
  double k1_;
  std::map<std::uint64_t, Document> documents_;
  std::map<std::uint64_t, Analysed> analysed_;
};

}  // namespace cdx::engine
