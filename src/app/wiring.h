// The only place that names concrete twins: from configuration to opened parts.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "embed/embed.h"
#include "io/file.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx::app {

// Creates the data folder where it is missing. Errors name the folder or the key that is wrong.
Result<std::unique_ptr<Store>> open_store(const Config& config);

// Null, with `note` saying why and what to do, when no model is installed or none is wanted.
Result<std::unique_ptr<EmbeddingProvider>> open_embedder(const Config& config, std::string& note);

// The search backend of the configuration, for vectors of this embedder (null: words only). Each embedding
// space has its own index, so that trying another model costs nothing of the first. With `writing` it belongs
// to this process: `unavailable`, naming the other process, when it is in use; otherwise it is read beside
// its owner.
struct Backend {
  std::unique_ptr<LockFile> lock;  // before what it guards
  std::unique_ptr<SearchBackend> search;
};
Result<Backend> open_backend(const Config& config, const EmbeddingProvider* embedder, bool writing);
// The folder of that index; empty for one in memory.
Result<std::string> index_folder(const Config& config, const EmbeddingProvider* embedder);
Schema index_schema(const EmbeddingProvider* embedder);

Result<SearcherOptions> searcher_options(const Config& config);

}  // namespace cdx::app
