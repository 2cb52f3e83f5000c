// The embedded engine: words with BM25F, vectors, filters, facets, name look-up. Knows documents, not
// creators.
//
// Promises: apply() is atomic and, with a folder, durable when it returns: a snapshot sees all of a batch or
// nothing of it, and so does the next start. Snapshots are immutable, cheap to take and to keep, and answer
// from any number of threads: equal snapshot and question give equal bytes. One writer at a time (apply
// serialises); readers never wait for it. What is found damaged on disk is left out of answers, told in their
// plan and in health(), and never served. Errors: `invalid` (a document or question that does not fit the
// schema; names the field), `unavailable` (the disk refuses: nothing of the batch is acknowledged),
// `cancelled`, `timed_out`. Never: embeddings, network.
//
// BM25F (Robertson, Zaragoza, Taylor 2004): for term t in document d
//   tf' = sum over fields f of weight_f * tf(t, f, d) / (1 + b_f * (length(f, d) / mean_length(f) - 1))
//   score = sum over t of w_t * idf(t) * tf' * (k1 + 1) / (k1 + tf'),  idf(t) = ln(1 + (N - n + 0.5) / (n +
//   0.5))
// with N documents alive, n of them holding t in any field, k1 = 1.2, and mean_length over the documents
// alive that have a word in f. A word no document holds is read as up to 8 near words (over all fields; 1
// edit weighs 0.7, 2 edits 0.5), of which a document's best counts; it is not when its surface is empty.
// Names: see name_search.h. Vectors: see ann/ann.h; with more than IndexOptions::graph_from of them in a
// segment the nearest are found by walking a graph, which may miss a few (docs/performance.md has the
// recall).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "io/disk.h"
#include "model/model.h"

namespace cdx {

struct IndexBatch {
  std::vector<Document> upserts;        // replace the document of the same id; of several the last counts
  std::vector<std::uint64_t> removals;  // unknown ids are ignored; an id that is also upserted is removed
  Revision reached;                     // of the store, once this batch is in
  // The revision this batch continues from: `conflict` when the index is elsewhere (it lost documents to
  // damage and went back), so that whoever follows the store looks again. None: taken as it comes.
  std::optional<Revision> follows = {};
};

struct IndexOptions {
  double k1 = 1.2;
  std::size_t segment_documents = 50'000;  // in memory only: a segment this large is not merged any further
  std::size_t graph_from = 30'000;         // vectors of a segment from which they get a graph
  std::size_t build_threads = 1;           // of one merge
  // With a folder: what lies in memory goes to a segment file at so many documents or bytes of log.
  std::size_t flush_documents = 20'000;
  std::size_t flush_log_bytes = std::size_t{256} << 20U;
  bool background = true;  // flush and merge on threads of its own; false: in apply()
  // After so long without a batch, all becomes one segment where at least a twentieth would gain by it.
  std::chrono::milliseconds tidy_after{60'000};
  bool merge = true;  // false while much is loaded at once: compact() then does it in one go
  // A reader beside the folder's owner: writes nothing there, what is applied stays in memory. It sees the
  // owner's acknowledged batches as they were when it was opened.
  bool read_only = false;
};

// What operators ask.
struct IndexHealth {
  std::size_t documents = 0, segments = 0, in_memory = 0;  // documents not yet in a segment file
  std::uint64_t log_bytes = 0;
  // Whether documents were lost that the store still has; the revision is then taken back to zero, so that
  // whoever follows the store brings them again.
  bool incomplete = false;
  std::vector<std::string> faults;  // damage, files set aside, failed merges: place and reason
};

struct Completion {
  std::uint64_t document = 0;
  std::string text;  // the value of the name field that matched, as stored
  double weight = 0;
};

class IndexSnapshot {
 public:
  virtual ~IndexSnapshot() = default;
  virtual const Schema& schema() const = 0;
  virtual std::uint64_t generation() const = 0;  // differs between any two snapshots that differ
  virtual Revision revision() const = 0;
  virtual std::size_t size() const = 0;  // documents alive

  // The best `word_depth` by words (Retrieved::words_cut tells when there were more), the best 1,000 by name
  // and the best `vector_depth` of each vector field; each cut by score, then id, and told in the plan. Every
  // candidate has its exact score of every leg, whichever leg brought it. bm25_limit counts a word that
  // nobody holds as the rarest.
  virtual Result<Retrieved> retrieve(const Call&, const Retrieval&) const = 0;
  // How the BM25 of these documents came about, for the words of the retrieval; one list a document, in their
  // order.
  virtual Result<std::vector<std::vector<WordPart>>> word_parts(
      const Call&, const Retrieval&, std::span<const std::uint64_t> documents) const = 0;
  // The vectors of one document, one a vector field; absent document: empty.
  virtual std::vector<std::vector<float>> vectors_of(std::uint64_t document) const = 0;
  // Documents one of whose name fields has a word starting with the folded prefix (or the whole, squashed,
  // does); best by the number field `weight_field`, ties by id.
  virtual std::vector<Completion> complete(std::string_view prefix, std::string_view weight_field,
                                           std::size_t max) const = 0;
};

class Index {
 public:
  virtual ~Index() = default;
  virtual Status apply(const Call&, const IndexBatch&) = 0;
  virtual std::shared_ptr<const IndexSnapshot> snapshot() const = 0;
  // What lies in memory becomes a segment file and the log starts anew. Nothing to do in memory only.
  virtual Status flush(const Call&) = 0;
  // All becomes one segment, without what is dead. Readers and writers go on meanwhile.
  virtual Status compact(const Call&) = 0;
  virtual IndexHealth health() const = 0;
};

// `invalid` when the schema names a field twice (keywords and numbers share their names' space) or a name
// field that is not there, or when a weight or option is out of its bounds.
Result<std::unique_ptr<Index>> make_index(Schema schema, IndexOptions options = {});

// The same, kept in a folder that belongs to one Index at a time (the caller sees to that). Continues where
// the last one stopped, however it ended: what was acknowledged is there, and the snapshot's revision tells
// how far it reached. Unknown files are left alone, half files and damaged ones set aside (renamed aside-...)
// and told in health(). An index written for another schema is started anew, at revision zero. `unsupported`
// when a newer program wrote it; `unavailable` when the disk refuses. The disk must outlive the index.
Result<std::unique_ptr<Index>> open_index(Disk& disk, const std::string& folder, Schema schema,
                                          IndexOptions options = {});

// What to open such a folder with so that its index goes on: the schema it was written for, where that
// differs from the one asked for only in the vector fields with a space of their own (VectorField::space).
// Absent where there is no index, or none that goes on. Errors as of open_index.
Result<std::optional<Schema>> schema_to_continue(Disk& disk, const std::string& folder, const Schema& asked);

// Of the files in a folder: docs/formats/index.md.
std::uint32_t index_format_version();

// For doctor: what stands in such a folder, every block of it compared with its checksum, nothing changed.
// Beside the owner a file may vanish while it is looked at; then its absence is told.
struct IndexReport {
  Revision revision;
  std::size_t segments = 0, documents = 0, logged = 0;  // documents: dead ones included; logged: batches
  std::uint64_t bytes = 0;
  std::vector<std::string> faults;              // damage and absence, with file and offset
  std::vector<std::string> set_aside, strange;  // files a start put aside; files nobody needs
};
using IndexProgress = std::function<void(std::string_view file, std::uint64_t done, std::uint64_t all)>;
Result<IndexReport> check_index(const Call& call, Disk& disk, const std::string& folder,
                                const IndexProgress& progress = {});

}  // namespace cdx
