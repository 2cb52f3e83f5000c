// A second look at the best of an answer. Part of search/search.h.
//
// A reranker gives each of the best a value in [0,1]; the searcher adds it with a weight, so that it may only
// change the order among them and never lowers a score. Calls come from many threads, must be repeatable
// (equal question and view: equal values) and look at the call's deadline, which is the second look's own
// budget: when it has passed
// (`timed_out`) the first order stands and the answer says so.
//
// Twins: feedback (below). A cross-encoder that reads question and texts together fits the same seam; it
// would bring its own store and model.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "search/backend.h"

namespace cdx {

struct RerankQuestion {
  const SearchView& view;
  std::string_view text;                     // what is asked, conditions taken out
  std::span<const std::uint64_t> documents;  // best first
  std::span<const double> scores;            // theirs, descending
};

class Reranker {
 public:
  virtual ~Reranker() = default;
  virtual std::string_view name() const = 0;
  // One value in [0,1] a document, in their order.
  virtual Result<std::vector<double>> rerank(const Call& call, const RerankQuestion& question) const = 0;
};

// Pseudo-relevance feedback in the space of vectors (Rocchio 1971): how near a creator is to the mean of the
// best five. Bios are compared with bios, content with content; the cosine counts from 0.3 to 0.9. One
// without vectors gets the mean of the others: not knowing must not count against it.
std::shared_ptr<const Reranker> feedback_reranker() noexcept;

}  // namespace cdx
