// The next generation of the index on disk, built from the store beside the one that serves. Shared by
// `index rebuild` and `model switch`.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/command.h"
#include "embed/embed.h"
#include "io/file.h"
#include "model/model.h"
#include "store/store.h"

namespace cdx::app {

// The parts of an index that lies in a folder.
struct IndexParts {
  Config config;
  std::unique_ptr<Store> store;
  std::unique_ptr<EmbeddingProvider> embedder;  // null: words only
  std::string folder;
};
// `invalid` where the index is kept in memory.
Result<IndexParts> open_index_parts(const Context& context);

// Of the index that serves; absent where there is none that a rebuild could take its picture space from, as
// in one that a newer program wrote.
Result<std::optional<Schema>> schema_in_use(const IndexParts& parts);

// One rebuild of a folder at a time: `unavailable`, naming the process that is at it.
Result<LockFile> begin_alone(const IndexParts& parts);
// With what the store keeps, vectors too, telling how far it is; then it takes the place of the one in use,
// which a service takes over by itself. The lock is held by the caller.
Status rebuild_index(const Call& call, const IndexParts& parts, const Schema& schema);

}  // namespace cdx::app
