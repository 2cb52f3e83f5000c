// Lets an annotator judge creators: those never judged, those whose content drifted, and those whose
// judgement is old. Part of pipeline/pipeline.h.
//
// It follows the store's change feed from its own checkpoint, one for each version of the annotator, so that
// a new version looks at everybody again. Where an embedder is given, texts without a vector are embedded
// first. Drift is 1 - cosine between the centroid of the creator's vectors when it was judged and now; the
// centroid is kept in the store's vector cache. Without vectors a change of text waits `patience` since the
// last judgement.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

#include "base/call.h"
#include "base/time.h"
#include "embed/embed.h"
#include "enrich/enrich.h"
#include "store/store.h"

namespace cdx {

struct EnricherOptions {
  std::size_t change_batch = 256;  // creators looked at in a step
  std::size_t most_items = 20;     // newest content items that speak for a creator
  double drift = 0.12;             // content that moved further is judged again
  std::chrono::hours patience{24 * 7};
  std::chrono::hours oldest{24 * 90};  // changed content, however little, is judged again after this
  std::chrono::hours sweep{24};        // how often everybody's age is looked at
  std::chrono::milliseconds poll{500};
};

struct EnricherProgress {
  std::size_t looked_at = 0, judged = 0, failed = 0;
};

// Borrows everything. One thread calls step() or run().
class Enricher {
 public:
  Enricher(Store& store, enrich::Annotator& annotator, EmbeddingProvider* embedder, const Clock& clock,
           EnricherOptions options = {});
  ~Enricher();

  // Looks at the next page of changes and judges whom it must; false when there was none. Repeatable after
  // any error. A creator the annotator refuses (`invalid`) goes to quarantine with the reason and keeps what
  // it had.
  Result<bool> step(const Call& call);
  // Steps until nothing is left; `progress` after each.
  Status catch_up(const Call& call, const std::function<void(const EnricherProgress&)>& progress = {});
  // Steps until stopped, waiting when idle or told to wait; errors are logged and tried again.
  void run(std::stop_token stop);

  EnricherProgress progress() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdx
