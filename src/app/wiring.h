// The only place that names concrete twins: from configuration to opened parts.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "embed/embed.h"
#include "enrich/chat/annotation_file.h"
#include "figures/fake_model.h"
#include "figures/labelled_accounts.h"
#include "io/file.h"
#include "search/search.h"
#ifdef CDX_WITH_IMAGE
#include "image/image.h"
#endif
#include "store/store.h"

namespace cdx::app {

// Creates the data folder where it is missing. Errors name the folder or the key that is wrong.
Result<std::unique_ptr<Store>> open_store(const Config& config);

// Campaigns and usage, beside the creators of the store.
struct Ledger {
  std::unique_ptr<CampaignStore> campaigns;
  std::unique_ptr<UsageStore> usage;
};
Result<Ledger> open_ledger(const Config& config);

// Null, with `note` saying why and what to do, when no model is installed or none is wanted.
Result<std::unique_ptr<EmbeddingProvider>> open_embedder(const Config& config, std::string& note);

// Asks other machines (remote_wiring.cpp): `embed` as an address. Keys come from the environment.
bool is_endpoint(std::string_view value);
Result<std::unique_ptr<EmbeddingProvider>> open_remote_embeddings(const Config& config);

// What judges creators. A chat model comes with the day's budget and with what it said before, kept in
// annotations.db in the data folder; whoever erases creators tells `kept` to forget them.
struct AnnotatorParts {
  std::unique_ptr<enrich::AnnotationFile> kept;  // null for words; before what borrows it
  std::unique_ptr<enrich::Annotator> annotator;
};
Result<AnnotatorParts> open_annotator(const Config& config, const Clock& clock);

// The search backend of the configuration, for vectors of this embedder (null: words only). Each embedding
// space has its own index, so that trying another model costs nothing of the first. With `writing` it belongs
// to this process: `unavailable`, naming the other process, when it is in use; otherwise it is read beside
// its owner. An index keeps the picture space it was begun with (`model switch` gives it another); a new one
// begins with that of the configuration, and the manifest of embeddings says so.
struct Backend {
  std::unique_ptr<LockFile> lock;  // before what it guards
  std::unique_ptr<SearchBackend> search;
};
Result<Backend> open_backend(const Config& config, const EmbeddingProvider* embedder, bool writing);
// The folder of that index; empty for one in memory.
Result<std::string> index_folder(const Config& config, const EmbeddingProvider* embedder);
// For vectors of this embedder, and of pictures in this space; null: none.
Schema index_schema(const EmbeddingProvider* embedder, const PictureSpace* pictures);
// That of an index that begins: with the picture space of the configuration, which the manifest of embeddings
// is told to be in use.
Result<Schema> first_schema(const Config& config, const EmbeddingProvider* embedder);

Result<SearcherOptions> searcher_options(const Config& config);

// The model of fake accounts: models/fake-accounts.json in the data folder. Null where there is none, or the
// program was built without XGBoost.
std::string fake_model_file(const Config& config);
Result<std::unique_ptr<figures::FakeModel>> open_fake_model(const Config& config);
// `unsupported` in a program built without XGBoost.
Result<figures::TrainedFakeModel> train_fake_model(const Call& call,
                                                   std::span<const figures::LabelledAccount> rows);

#ifdef CDX_WITH_IMAGE
// Decodes in processes of its own, so many at once; 0: one a processor.
Result<std::unique_ptr<image::Decoder>> open_decoder(unsigned workers);
#endif

}  // namespace cdx::app
