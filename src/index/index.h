// The embedded engine: postings with BM25F, exact vectors, filters, facets, name look-up. Knows documents,
// not creators.
//
// Promises: apply() is atomic: a snapshot sees all of a batch or nothing of it. Snapshots are immutable,
// cheap to take and to keep, and answer from any number of threads: equal snapshot and question give equal
// bytes. One writer at a time (apply serialises), readers never wait for it. Errors: `invalid` (a document or
// question that does not fit the schema; names the field), `cancelled`, `timed_out`. Never: files (yet),
// embeddings of its own, network.
//
// BM25F (Robertson, Zaragoza, Taylor 2004): for term t in document d
//   tf' = sum over fields f of weight_f * tf(t, f, d) / (1 + b_f * (length(f, d) / mean_length(f) - 1))
//   score = sum over t of w_t * idf(t) * tf' * (k1 + 1) / (k1 + tf'),  idf(t) = ln(1 + (N - n + 0.5) / (n +
//   0.5))
// with N documents alive, n of them holding t in any field, k1 = 1.2, and mean_length over the documents
// alive that have a word in f. A word no document holds is read as up to 8 near words (over all fields; 1
// edit weighs 0.7, 2 edits 0.5), of which a document's best counts; it is not when its surface is empty.
// Names: see name_search.h.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "model/model.h"

namespace cdx {

struct IndexBatch {
  std::vector<Document> upserts;        // replace the document of the same id; of several the last counts
  std::vector<std::uint64_t> removals;  // unknown ids are ignored; an id that is also upserted is removed
  Revision reached;                     // of the store, once this batch is in
};

struct IndexOptions {
  double k1 = 1.2;
  std::size_t segment_documents = 50'000;  // a segment this large is not merged any further
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
};

// `invalid` when the schema names a field twice (keywords and numbers share their names' space) or a name
// field that is not there, or when a weight or option is out of its bounds.
Result<std::unique_ptr<Index>> make_index(Schema schema, IndexOptions options = {});

}  // namespace cdx
