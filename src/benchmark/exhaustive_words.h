// BM25F computed the plain way, document after document, straight from the formula in index/index.h: what the
// engine's answers are compared with. Private to the benchmark room.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace cdx::benchmark {

class ExhaustiveWords {
 public:
  struct Field {
    double weight = 1, length_weight = 0.75;
  };
  // Keeps counts of the terms in `wanted` only: all that questions will ask.
  ExhaustiveWords(std::vector<Field> fields, const std::vector<std::vector<std::string>>& wanted);
  // The next document's terms, one list a field.
  void add(const std::vector<std::vector<std::string>>& terms);
  // The score of every document for the terms; 0 where none is held.
  std::vector<double> scores(const std::vector<std::string>& terms) const;

 private:
  struct Count {
    std::uint32_t document = 0, field = 0, count = 0;
  };
  std::vector<Field> fields_;
  std::unordered_map<std::string, std::vector<Count>> counts_;  // by term; by document, then field
  std::vector<std::vector<std::uint32_t>> lengths_;             // by field, by document
  std::size_t documents_ = 0;
};

// The numbers of the k best scores above 0 among those that pass, best first, equal ones by number.
std::vector<std::size_t> best_of(const std::vector<double>& scores, const std::vector<bool>& passing,
                                 std::size_t k);

}  // namespace cdx::benchmark
