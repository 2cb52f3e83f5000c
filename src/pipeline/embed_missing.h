// The offline role "embed": fills the kept vectors of every creator, without an index. Part of
// pipeline/pipeline.h.
#pragma once

#include <functional>

#include "base/call.h"
#include "embed/embed.h"
#include "pipeline/passages.h"
#include "store/store.h"

namespace cdx {

// The vectors that are kept of every text of these profiles.
Result<TextVectors> kept_vectors(const Call& call, const Store& store, std::uint64_t space,
                                 const std::vector<Profile>& profiles, std::size_t most_items);

// Embeds and keeps every text of these profiles that has no vector; says how many had none.
Result<std::size_t> embed_profiles(const Call& call, Store& store, EmbeddingProvider& embedder,
                                   const std::vector<Profile>& profiles, std::size_t most_items,
                                   const std::function<void(std::size_t)>& progress = {});

struct EmbedProgress {
  std::size_t creators = 0;  // looked at
  std::size_t embedded = 0;  // texts that had no vector
};

// Looks at everything that changed after `since`, embeds the texts that have no vector, keeps the vectors,
// and returns the revision it has seen everything up to. What was kept before an error stays kept.
Result<Revision> embed_missing(const Call& call, Store& store, EmbeddingProvider& embedder, Revision since,
                               const std::function<void(const EmbedProgress&)>& progress);

}  // namespace cdx
