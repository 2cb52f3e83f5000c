// The oracle of the tests: what the inverted room promises, computed the plain way over words in hash maps,
// straight from the formula in inverted.h. And random texts and questions to compare on.
#pragma once

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "inverted/inverted.h"

namespace cdx::inverted {

using Texts = std::vector<std::vector<std::string>>;  // [field][position]
using Stem = std::function<std::string(std::string_view)>;

// Cuts an ending off, so that several surfaces share a term.
std::string cut_ending(std::string_view surface);
std::string as_written(std::string_view surface);

class Reference {
 public:
  Reference(std::size_t fields, Stem stem) : fields_(fields), stem_(std::move(stem)) {}
  void add_row(const Texts& texts);

  std::size_t rows() const { return texts_.size(); }
  const Texts& texts(std::size_t row) const { return texts_[row]; }
  const std::map<std::string, std::set<std::uint32_t>>& terms() const { return terms_; }
  const std::map<std::string, std::set<std::uint32_t>>& surfaces() const { return surfaces_; }
  FieldTotal total(std::size_t field) const;
  std::map<std::size_t, std::uint32_t> counts(const std::string& term, std::uint32_t row) const;

  struct PlainReading {
    std::string term;
    double weight = 0;
  };
  // One a row.
  std::vector<double> scores(const std::vector<std::vector<PlainReading>>& words,
                             const Scoring& scoring) const;
  std::set<std::uint32_t> phrase(const std::vector<std::vector<std::string>>& places,
                                 std::uint32_t field) const;

 private:
  double tf(const std::string& term, std::uint32_t row, const Scoring& scoring) const;

  std::size_t fields_;
  Stem stem_;
  std::vector<Texts> texts_;
  std::vector<std::vector<std::unordered_map<std::string, std::uint32_t>>> counts_;  // [row][field]
  std::map<std::string, std::set<std::uint32_t>> terms_, surfaces_;
};

// Texts whose words are about as frequent as in real ones, with what goes wrong: empty rows and fields, a
// word in every row, long texts.
class MadeUp {
 public:
  explicit MadeUp(std::uint64_t seed, std::size_t words = 2'000) : random_(seed), words_(words) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  std::string word();
  Texts texts(std::size_t fields);
  Scoring scoring(std::size_t fields);
  std::vector<std::uint64_t> rows(std::size_t count, double share);

 private:
  std::mt19937_64 random_;
  std::size_t words_;
};

// The same rows through the builder.
void build(const std::vector<Texts>& rows, std::size_t fields, const Scoring& expected, const Stem& stem,
           SectionWriter& out, std::string_view prefix = "");
inline std::vector<Texts> all_texts(const Reference& reference) {
  std::vector<Texts> out;
  for (std::size_t row = 0; row < reference.rows(); ++row) out.push_back(reference.texts(row));
  return out;
}

}  // namespace cdx::inverted
