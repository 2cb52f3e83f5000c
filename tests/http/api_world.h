// A small world behind a running server: a store, an index, a hashing embedder and thirty creators.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "embed/embed.h"
#include "match/match.h"
#include "search/search.h"
#include "serve/serve.h"
#include "store/store.h"

namespace cdx::test {

struct ApiWorld {
  explicit ApiWorld(ServeOptions options = {});

  std::uint16_t port() const { return server->port(); }

  ManualClock clock;
  std::unique_ptr<Store> store;
  std::unique_ptr<EmbeddingProvider> embedder;
  std::unique_ptr<SearchBackend> backend;
  std::unique_ptr<Searcher> searcher;
  std::unique_ptr<CampaignStore> campaigns;
  std::unique_ptr<UsageStore> usage;
  std::unique_ptr<Matcher> matcher;
  std::vector<CreatorId> ids;  // ids[0] is Ana, a dancer from Brazil
  std::atomic<bool> ready{true};
  std::unique_ptr<Server> server;  // last: ends first

 private:
  void fill();
};

}  // namespace cdx::test
