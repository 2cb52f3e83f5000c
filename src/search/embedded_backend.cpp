#include <utility>

#include "search/backend.h"

namespace cdx {
namespace {

class EmbeddedView final : public SearchView {
 public:
  explicit EmbeddedView(std::shared_ptr<const IndexSnapshot> snapshot) : snapshot_(std::move(snapshot)) {}
  const Schema& schema() const override { return snapshot_->schema(); }
  std::uint64_t generation() const override { return snapshot_->generation(); }
  Revision revision() const override { return snapshot_->revision(); }
  std::size_t size() const override { return snapshot_->size(); }
  Result<Retrieved> retrieve(const Call& call, const Retrieval& retrieval) const override {
    return snapshot_->retrieve(call, retrieval);
  }
  Result<std::vector<std::vector<WordPart>>> word_parts(
      const Call& call, const Retrieval& retrieval, std::span<const std::uint64_t> documents) const override {
    return snapshot_->word_parts(call, retrieval, documents);
  }
  std::vector<std::vector<float>> vectors_of(std::uint64_t document) const override {
    return snapshot_->vectors_of(document);
  }
  std::vector<Completion> complete(std::string_view prefix, std::string_view weight_field,
                                   std::size_t max) const override {
    return snapshot_->complete(prefix, weight_field, max);
  }

 private:
  std::shared_ptr<const IndexSnapshot> snapshot_;
};

class EmbeddedBackend final : public SearchBackend {
 public:
  explicit EmbeddedBackend(std::unique_ptr<Index> index) : index_(std::move(index)) {}
  Status apply(const Call& call, const IndexBatch& batch) override { return index_->apply(call, batch); }
  Result<Revision> applied(const Call&) const override { return index_->snapshot()->revision(); }
  std::shared_ptr<const SearchView> view() const override {
    return std::make_shared<EmbeddedView>(index_->snapshot());
  }

 private:
  std::unique_ptr<Index> index_;
};

}  // namespace

Result<std::unique_ptr<SearchBackend>> make_embedded_backend(Schema schema, IndexOptions options) {
  CDX_TRY_LET(auto index, make_index(std::move(schema), options));
  return std::make_unique<EmbeddedBackend>(std::move(index));
}

}  // namespace cdx
