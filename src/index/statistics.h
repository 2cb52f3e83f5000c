// What BM25F needs to know of all living documents together. Part of a snapshot; exact, however the documents
// lie in segments, because segments keep sums and tombstones keep what is to be taken off.
#pragma once

#include <cmath>
#include <vector>

#include "index/segment.h"
#include "model/document.h"

namespace cdx::engine {

class Statistics {
 public:
  Statistics(const Schema& schema, const SegmentViews& segments, double k1);

  std::size_t documents() const { return documents_; }
  double k1() const { return k1_; }
  double idf(std::size_t holding) const {
    const auto n = static_cast<double>(holding);
    return std::log(1 + (static_cast<double>(documents_) - n + 0.5) / (n + 0.5));
  }
  // What one occurrence in a field of this length adds to tf'.
  double occurrence(std::size_t field, std::uint32_t length) const {
    const auto& one = fields_[field];
    return length < one.by_length.size() ? one.by_length[length] : one.of(length);
  }

 private:
  struct Field {
    double weight = 1, length_weight = 0, mean = 1;
    std::vector<double> by_length;  // the short lengths, worked out beforehand
    double of(double length) const { return weight / (1 + length_weight * (length / mean - 1)); }
  };
  std::size_t documents_ = 0;
  double k1_ = 1.2;
  std::vector<Field> fields_;
};

}  // namespace cdx::engine
