// Random schemas' worth of documents and questions for the tests: seeded, small, and full of what goes wrong
// (equal scores, near words, absent values, huge numbers, several scripts).
#pragma once

#include <random>
#include <string>
#include <vector>

#include "index/index.h"

namespace cdx::engine {

class MadeUp {
 public:
  explicit MadeUp(std::uint64_t seed, std::size_t ids = 60,
                  std::vector<VectorField> fields = schema().vectors)
      : random_(seed), ids_(ids), fields_(std::move(fields)) {}

  static Schema schema();
  Schema own_schema() const;  // schema() with the vector fields given
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }

  std::string word();
  std::string value();  // of a keyword field: few are frequent, many are rare
  std::string typo(std::string word);
  std::string words(std::size_t most);
  std::vector<float> vector(
      std::size_t dimension);  // four components of ±0.5: dot products are exact in any order
  std::vector<float> rows(std::size_t dimension, std::size_t most);  // one to `most` such vectors
  std::vector<std::vector<float>> asked(double likely);              // one a vector field, each there or not
  std::uint64_t id();
  Document document();
  IndexBatch batch(std::size_t most_upserts);
  Filter phrase();  // one or two words, mostly held by someone
  Filter filter(std::size_t depth);
  Filter rewritten(const Filter& filter);  // says the same in other words
  Retrieval retrieval();

 private:
  std::mt19937_64 random_;
  std::size_t ids_;  // documents there can be
  std::vector<VectorField> fields_;
};

}  // namespace cdx::engine
