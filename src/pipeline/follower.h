// Keeps an index in step with the store: applies what changed, embeds what has no vector yet. Part of
// pipeline/pipeline.h.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include "base/call.h"
#include "base/time.h"
#include "embed/embed.h"
#include "pipeline/pictures.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx {

struct FollowerOptions {
  std::size_t change_batch = 2'000;  // creators a step
  std::size_t embed_batch = 64;      // texts a step: small enough that new changes are seen within a second
  std::size_t most_items = 20;       // newest content items that speak for a creator
  std::chrono::milliseconds poll{300};
  bool embed = true;  // false: another process embeds, and its vectors are picked up
  // Where the index has a place for pictures: who reads their files, and who makes their vectors. Without
  // them kept vectors are picked up.
  PictureKeeper* pictures = nullptr;
  PictureSpaces* picture_spaces = nullptr;
  std::size_t picture_batch = 32;  // pictures a step
};

struct FollowerProgress {
  std::size_t indexed = 0;        // creators in the index
  std::size_t passages = 0;       // vector fields that have a text
  std::size_t passages_done = 0;  // those with their vector in the index
  std::size_t pictures = 0;       // known of these creators, the newest of each (Profile::pictures)
  std::size_t pictures_done = 0;  // those with their vector in the index
  bool caught_up = false;         // nothing changed that is not in the index
  Revision revision;
};

// Borrows everything. One thread calls step() or run(); progress() may come from any.
class Follower {
 public:
  Follower(Store& store, SearchBackend& backend, EmbeddingProvider* embedder, const Clock& clock,
           FollowerOptions options = {});
  ~Follower();

  // Applies the next batch of changes, or, where there is none, embeds the next batch of texts (bios before
  // content), then of pictures. False when there was nothing to do. Repeatable after any error.
  Result<bool> step(const Call& call);
  // Steps until there is nothing to do.
  Status catch_up(const Call& call);
  // Steps until stopped, waiting `poll` when idle; errors are logged and tried again. Ends when `stop` is
  // requested.
  void run(std::stop_token stop);

  FollowerProgress progress() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdx
