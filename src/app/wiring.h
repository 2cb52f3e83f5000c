// The only place that names concrete twins: from configuration to opened parts.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "embed/embed.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx::app {

// Creates the data folder where it is missing. Errors name the folder or the key that is wrong.
Result<std::unique_ptr<Store>> open_store(const Config& config);

// Null, with `note` saying why and what to do, when no model is installed or none is wanted.
Result<std::unique_ptr<EmbeddingProvider>> open_embedder(const Config& config, std::string& note);

Result<SearcherOptions> searcher_options(const Config& config);

}  // namespace cdx::app
