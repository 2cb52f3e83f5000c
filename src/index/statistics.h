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
  double k1() const { return scoring_.k1; }
  const inverted::Scoring& scoring() const { return scoring_; }
  double idf(std::size_t holding) const {
    const auto n = static_cast<double>(holding);
    return std::log(1 + (static_cast<double>(documents_) - n + 0.5) / (n + 0.5));
  }
  // What one occurrence in a field of this length adds to tf'.
  double occurrence(std::size_t field, std::uint32_t length) const {
    const auto& one = scoring_.fields[field];
    return one.weight / (1 + one.length_weight * (static_cast<double>(length) / one.mean_length - 1));
  }

 private:
  std::size_t documents_ = 0;
  inverted::Scoring scoring_;
};

}  // namespace cdx::engine
