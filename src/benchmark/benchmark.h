// Measures the engine on data of the asker's: nearest neighbours, with and without a filter, words, and both
// together.
//
// Every measurement builds what it asks (or opens it, when `index` names a folder that holds it already),
// asks every query once to warm up and three times for the clock, and tells the run in the middle. Recall and
// agreement are against an exhaustive answer computed here, by code the engine does not share. Queries run on
// `threads` threads, each query on one; the measurement itself is not thread-safe and meant for a process of
// its own, since memory is the process's.
//
// Files: .npy (float32 vectors, unit rows, C order; uint8 labels), creators and questions as
// docs/performance.md tells. Errors: `not_found`, `invalid` (names file, line or row, and reason),
// `cancelled`. Never: network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"

namespace cdx {
class Store;
}

namespace cdx::benchmark {

struct Speed {
  std::size_t queries = 0, threads = 1;
  double qps_wall = 0;                                    // all threads together
  double qps_cpu = 0;                                     // queries a second of CPU time
  double cpu_ms = 0;                                      // mean of a query
  double p50_ms = 0, p95_ms = 0, p99_ms = 0;              // wall time of a query
  double cpu_p50_ms = 0, cpu_p95_ms = 0, cpu_p99_ms = 0;  // CPU time of a query
};

struct Build {
  bool built = true;  // false: opened as an earlier run left it, the costs are those of opening
  std::size_t items = 0;
  double cpu_s = 0, wall_s = 0;
  double rss_mb = 0;   // of the process afterwards; what was mapped from input files is given back before
  double anon_mb = 0;  // the part of it that no file stands behind
  std::uint64_t disk_bytes = 0;  // of the index, or what it would take when it is kept in memory
};

struct Asking {
  std::size_t k = 10;
  std::size_t threads = 1;
  std::size_t first = 0;  // only so many queries; 0: all
  std::string index;      // folder that keeps the index for the next run; empty: memory
};

struct NearestOptions {
  Asking asking;
  std::string base, query;                 // .npy
  std::string labels;                      // .npy, one uint8 a row of the base; empty: no filter
  std::vector<unsigned> label = {1};       // question i may find rows with label[i % label.size()]
  std::string truth;                       // .npy of row numbers, best first; empty: computed
  std::string hits;                        // .npy to write: of the last effort asked for
  std::vector<std::size_t> efforts = {0};  // see ann::Question::effort
  std::size_t build_threads = 1;
};
struct NearestPoint {
  std::size_t effort = 0;
  double recall = 0;
  double compared = 0;  // rows looked at, mean of a query
  std::string way;      // "scan", "graph", "nothing"
  Speed speed;
};
struct NearestReport {
  std::size_t rows = 0, dimension = 0, passing = 0;  // passing: the mean of the filters
  Build build;
  std::vector<NearestPoint> points;  // one an effort
};
Result<NearestReport> measure_nearest(const Call& call, const NearestOptions& options);

// BM25 over name, bio and tags as one text (k1 1.2, b 0.75), any word of the question.
struct WordsOptions {
  Asking asking;
  std::string documents, questions;
  bool stems = false;  // as search does; libraries compared with do not
  bool count = false;  // count every match as well
};
struct WordsReport {
  Build build;
  double documents_per_cpu_s = 0;
  double recall =
      0;  // share of the answers that belong to the exhaustive best k; equal scores are equally good
  Speed speed;
};
Result<WordsReport> measure_words(const Call& call, const WordsOptions& options);

// Words, vectors and a filter through the index room, with facets and numbers gathered for every candidate;
// joined by ranks.
struct HybridOptions {
  Asking asking;
  std::string documents, questions, base, query;
  std::size_t vector_fields = 1;     // the same rows in each, shifted, so that fields differ
  std::vector<std::string> filters;  // FIELD=VALUE, all must hold: platform, niche, country, band
  std::optional<double> min_followers;
  std::size_t depth = 100;  // candidates of each leg
};
struct HybridReport {
  std::size_t documents = 0, passing = 0, segments = 0;
  Build build;
  double agreement = 0;   // share of the exhaustive best k that is found
  double candidates = 0;  // mean of a query
  std::string plan;       // of the last query
  Speed speed;
};
Result<HybridReport> measure_hybrid(const Call& call, const HybridOptions& options);

// An index in a folder that changes round after round: documents take the words and vectors of others, one in
// ten of them is removed instead and comes back in the next round. Segments are flushed and merged behind the
// changes, as in service; questions are asked right after them.
struct ChurnOptions {
  HybridOptions hybrid;  // its index is not used
  std::string folder;    // new or empty: what is there afterwards is the changed index
  double share = 0.1;    // of the documents changed in a round
  std::size_t rounds = 10;
  bool compact = false;  // make one segment of all after the last round's changes
};
struct ChurnRound {
  std::size_t round = 0;  // 0: as built
  std::size_t documents = 0, segments = 0;
  std::size_t changed = 0;  // documents replaced, removed or brought back in this round
  bool compacted = false;
  double apply_cpu_s = 0;                     // of all threads; round 0: of building
  double batch_p50_ms = 0, batch_p99_ms = 0;  // wall time until a batch of 1,000 was durable
  double agreement = 0;                       // as in HybridReport, with the documents as they are now
  double recall = 0;                          // of the nearest k in the first vector field
  double rss_mb = 0;
  std::uint64_t disk_bytes = 0;
  Speed speed;
};
Result<std::vector<ChurnRound>> measure_churn(const Call& call, const ChurnOptions& options);

// An index in a folder while creators arrive, prepared, with their vectors, and others ask: nothing arrives;
// a burst of new ones as fast as they are taken; nothing; so many a second for a while (6 of 10 changed, 3
// new, 1 removed); nothing. Flushing, merging and tidying go on behind, as in service.
struct ArrivalsOptions {
  HybridOptions hybrid;  // its index is not used
  std::string folder;  // new, empty, or kept by measure_hybrid; what is there afterwards is the changed index
  std::size_t burst = 100'000;
  double steady_a_second = 300, steady_s = 120;
  double window_s = 0;  // the steady part in windows of so long, each reported; 0: one
  double calm_s = 20;
  double asks_a_second = 50;  // on one thread, which never has two questions open
};
struct ArrivalsPhase {
  std::string name;  // "calm", "burst", "after the burst", "steady" (once a window), "after"
  double seconds = 0, cpu_s = 0;
  std::size_t arrived = 0;                                       // creators taken in this phase
  double busy_s = 0;                                             // spent in taking them
  double batch_p50_ms = 0, batch_p99_ms = 0, batch_most_ms = 0;  // until durable and to be found
  std::size_t documents = 0, segments = 0;                       // at its end
  double rss_mb = 0, anon_mb = 0;
  std::uint64_t disk_bytes = 0;
  Speed speed;  // of those who asked meanwhile
};
Result<std::vector<ArrivalsPhase>> measure_arrivals(const Call& call, const ArrivalsOptions& options,
                                                    const std::function<void(const ArrivalsPhase&)>& done);

// From a folder to the first answer, in this process; what the system needs to start a process comes on top.
struct ColdOptions {
  HybridOptions hybrid;  // questions, query, vector fields and filter; the rest is not used
  std::string folder;    // kept by measure_hybrid
  bool evict = false;    // ask the system to forget the files first
};
struct ColdReport {
  std::size_t documents = 0, segments = 0, found = 0;
  double open_ms = 0;                              // until the index is open
  double first_ms = 0;                             // until the first answer, opening included
  double again_ms = 0;                             // the same question once more
  double cpu_ms = 0;                               // until the first answer
  std::size_t faults_disk = 0, faults_memory = 0;  // page faults until then
  double rss_mb = 0;
  std::uint64_t disk_bytes = 0;
};
Result<ColdReport> measure_cold(const Call& call, const ColdOptions& options);

// Names of a sample set, asked as people ask for them: while they type, and with typing errors. Through the
// searcher, by words and names, without vectors; a creator has a name, handles and followers. `store` is
// empty before and takes the creators. 500 questions of each kind where `asking.first` does not say
// otherwise.
struct SuggestOptions {
  Asking asking;  // its k is not used
  std::uint64_t creators = 100'000, seed = 15;
  std::size_t segments = 1;  // in how many pieces the documents lie, at most
};
struct SuggestPoint {
  std::string kind;    // "prefix 1" to "prefix 6" (letters typed), "name", "typo", "two typos"
  double found = 0;    // share of the answers that have the creator whose name was asked, or its namesake
  double answers = 0;  // mean of a query
  Speed speed;
};
struct SuggestReport {
  std::size_t creators = 0, segments = 0;
  Build build;
  std::vector<SuggestPoint> points;
};
Result<SuggestReport> measure_suggest(const Call& call, const SuggestOptions& options, Store& store);

}  // namespace cdx::benchmark
