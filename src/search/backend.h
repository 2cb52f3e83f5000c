// The seam to a search engine. Part of search/search.h.
//
// Twins: EmbeddedBackend (over the index room), ExactBackend (brute force: the oracle of tests). Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "index/index.h"
#include "io/disk.h"
#include "model/model.h"

namespace cdx {

// What one moment's documents answer. Immutable: equal view and question give equal bytes.
class SearchView {
 public:
  virtual ~SearchView() = default;
  virtual const Schema& schema() const = 0;
  virtual std::uint64_t generation() const = 0;
  virtual Revision revision() const = 0;
  virtual std::size_t size() const = 0;
  // Both legs, the names, filter and facets in one trip. `invalid` when the question does not fit the schema.
  virtual Result<Retrieved> retrieve(const Call&, const Retrieval&) const = 0;
  virtual Result<std::vector<std::vector<WordPart>>> word_parts(
      const Call&, const Retrieval&, std::span<const std::uint64_t> documents) const = 0;
  virtual std::vector<std::vector<float>> vectors_of(std::uint64_t document) const = 0;
  virtual std::vector<Completion> complete(std::string_view prefix, std::string_view weight_field,
                                           std::size_t max) const = 0;
};

class SearchBackend {
 public:
  virtual ~SearchBackend() = default;
  // Upserts, removals and the revision reached, seen together or not at all.
  virtual Status apply(const Call&, const IndexBatch&) = 0;
  // Takes over another generation of the index where one has taken its place, whose schema may have another
  // picture space: for whoever applies, who then looks at view()->schema().
  virtual Result<Revision> applied(const Call&) const = 0;
  virtual std::shared_ptr<const SearchView> view() const = 0;
  virtual IndexHealth health() const = 0;
  // All in its most compact form, without what is dead. Readers and writers go on meanwhile.
  virtual Status compact(const Call&) = 0;
};

// In memory: gone with the process.
Result<std::unique_ptr<SearchBackend>> make_embedded_backend(Schema schema, IndexOptions options = {});

// In a folder (index/index.h says what is promised), which belongs to one writing backend at a time; the
// caller sees to that. The folder holds one generation of the index, `current` names it; another may be built
// beside it and take its place while this one serves: applied() looks for that. A generation keeps the spaces
// of its own (VectorField::space) that it was written for, whatever the schema says of them: view()->schema()
// tells.
Result<std::unique_ptr<SearchBackend>> open_embedded_backend(Disk& disk, const std::string& folder,
                                                             Schema schema, IndexOptions options = {});

// The schema of the generation in use, where it differs from the one asked for in such fields alone; absent
// where there is none that would go on.
Result<std::optional<Schema>> current_schema(Disk& disk, const std::string& folder, const Schema& asked);

// The next generation of such a folder, empty at first. take_place() makes it the one to use, also for
// backends that are open in other processes, once the last one using it here is closed.
Result<std::unique_ptr<SearchBackend>> begin_rebuild(Disk& disk, const std::string& folder, Schema schema,
                                                     IndexOptions options = {});
Status take_place(Disk& disk, const std::string& folder);

}  // namespace cdx
