// HashingEmbedder: words hashed into a fixed number of columns. No model, no files; the same on every
// machine.
//
// Texts are near when they share analysed words, so that tests and a first start without a model have
// something true to search by. It knows no synonyms. A text without words gives one fixed unit vector.
#pragma once

#include "embed/embed.h"

namespace cdx {

struct HashingOptions {
  std::size_t dimension = 256;  // 8 to 65536
};

// `invalid` for a dimension outside its bounds.
Result<std::unique_ptr<EmbeddingProvider>> open_hashing_embedder(const HashingOptions& options);

}  // namespace cdx
