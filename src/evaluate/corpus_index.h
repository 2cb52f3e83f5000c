// A judged corpus, or the sample set, as a user's data: committed, embedded, indexed. Private to the evaluate
// room.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "evaluate/evaluate.h"

namespace cdx::evaluate {

using IndexProgress = std::function<void(std::size_t done, std::size_t total)>;

struct CorpusIndex {
  std::unique_ptr<SearchBackend> backend;
  std::unordered_map<CreatorId, std::string> names;  // documents' ids
};
// `store` is empty, or holds vectors of an earlier run.
Result<CorpusIndex> index_corpus(const Call& call, Store& store, EmbeddingProvider* embedder,
                                 const Clock& clock, const std::vector<JudgedDocument>& documents,
                                 const IndexProgress& progress);

// What the store holds.
Result<std::unique_ptr<SearchBackend>> index_store(const Call& call, Store& store,
                                                   EmbeddingProvider* embedder, const Clock& clock,
                                                   const IndexProgress& progress);

// The sample set of so many creators, written to a temporary folder and imported like a user's file.
Status import_sample(const Call& call, Store& store, const Clock& clock, std::uint64_t creators,
                     std::uint64_t seed);

}  // namespace cdx::evaluate
