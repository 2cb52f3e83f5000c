// What the hybrid measurement indexes and asks, and the exhaustive answer to it. Private to the benchmark
// room.
#pragma once

#include <span>

#include "benchmark/benchmark.h"
#include "benchmark/creators.h"
#include "benchmark/npy.h"
#include "model/model.h"

namespace cdx::benchmark {

// Two text fields (name; bio and tags), four keyword fields (platform, niche, country, band of followers),
// two number fields (followers, engagement) and `vector_fields` vector fields.
class HybridQuestions {
 public:
  static Result<HybridQuestions> read(const HybridOptions& options);

  Schema schema() const;
  std::size_t size() const { return size_; }
  const std::string& text(std::size_t query) const { return texts_[query]; }
  const FloatMatrix& vectors() const { return vectors_; }
  Retrieval retrieval(std::size_t query) const;
  // Whether a creator passes the filter.
  bool passes(const CreatorRow& row) const;

 private:
  std::size_t vector_fields_ = 1, depth_ = 100, size_ = 0;
  std::vector<std::string> texts_;
  FloatMatrix vectors_;
  std::vector<std::pair<std::string, std::string>> wanted_;  // field and value
  std::optional<double> min_followers_;
};

// A document has the words and fields of one creator of the file and, in each vector field, row (creator +
// shift) modulo rows, with another shift for each field. At first document d is creator d; exchange() and
// remove() change that.
class HybridWorld {
 public:
  static Result<HybridWorld> read(const HybridOptions& options);

  Schema schema() const { return questions_.schema(); }
  std::size_t documents() const { return creator_of_.size(); }  // removed ones included
  std::size_t queries() const { return questions_.size(); }
  Document document(std::size_t number) const;
  Retrieval retrieval(std::size_t query) const { return questions_.retrieval(query); }
  std::size_t passing() const;

  // Each of these documents takes what the next one was, the last what the first was.
  void exchange(std::span<const std::size_t> numbers);
  void remove(std::size_t number) { alive_[number] = false; }
  void bring_back(std::size_t number) { alive_[number] = true; }

  // For each query the best k: the best `depth` by words and of each vector field, among the documents that
  // pass, joined by rank; nothing left out.
  Result<std::vector<std::vector<std::uint64_t>>> exhaustive(const Call& call) const;
  // For each query the k documents nearest to its vector in the first vector field, under the filter.
  Result<RowMatrix> exact_by_vector(const Call& call, std::size_t k) const;
  // Lets the input that only building needs go.
  void forget_input();

 private:
  std::size_t shift(std::size_t field) const { return field * documents() / options_.vector_fields; }
  bool passes(std::size_t number) const {
    return alive_[number] && questions_.passes(creators_.rows[creator_of_[number]]);
  }
  // The k nearest of each query in a vector field, as documents; -1 where there are fewer.
  Result<RowMatrix> exact_in_field(const Call& call, std::size_t field, std::size_t k) const;

  HybridOptions options_;
  HybridQuestions questions_;
  CreatorFile creators_;
  FloatMatrix base_;
  std::vector<std::size_t> creator_of_;  // by document
  std::vector<bool> alive_;
};

}  // namespace cdx::benchmark
