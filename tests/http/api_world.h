// A small world behind a running server: a store, an index, a hashing embedder and thirty creators, every
// second of whom shows a picture.
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
#include "support/colour_reader.h"
#include "support/scratch.h"

namespace cdx::test {

struct ApiWorldOptions {
  ServeOptions serve;
  bool pictures = true;
  bool picture_words = true;  // words reach into the space of the pictures
  bool takes_data = true;
};

struct ApiWorld {
  explicit ApiWorld(ServeOptions options = {})
      : ApiWorld(ApiWorldOptions{std::move(options), true, true, true}) {}
  explicit ApiWorld(ApiWorldOptions options);

  std::uint16_t port() const { return server->port(); }

  ManualClock clock;
  std::unique_ptr<Store> store;
  std::unique_ptr<EmbeddingProvider> embedder;
  std::unique_ptr<SearchBackend> backend;
  std::unique_ptr<Searcher> searcher;
  std::unique_ptr<CampaignStore> campaigns;
  std::unique_ptr<UsageStore> usage;
  std::unique_ptr<Matcher> matcher;
  Scratch scratch;
  std::shared_ptr<ColourReader> reader;
  std::unique_ptr<image::Decoder> decoder;
  std::unique_ptr<image::PictureCache> cache;
  std::unique_ptr<PictureKeeper> keeper;
  std::unique_ptr<OneSpace> spaces;
  std::unique_ptr<PictureDesk> pictures;
  std::unique_ptr<IntakeDesk> intake;
  std::vector<CreatorId> ids;  // ids[0] is Ana, a dancer from Brazil
  // By creator, empty without: the file of its picture. Red, green and blue by number modulo 3; that of 6 is
  // a small copy of Ana's, that of 12 is Ana's very file.
  std::vector<std::string> files;
  std::atomic<bool> ready{true};
  std::unique_ptr<Server> server;  // last: ends first

 private:
  void fill();
  void open_pictures(const ApiWorldOptions& options);
  void add_picture(std::size_t number, const Profile& profile);
  Document document_of(std::size_t number, const Profile& profile);
};

}  // namespace cdx::test
