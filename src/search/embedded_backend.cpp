#include <fmt/format.h>

#include <charconv>
#include <mutex>
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

// One index, in memory or in a folder.
class EmbeddedBackend final : public SearchBackend {
 public:
  explicit EmbeddedBackend(std::unique_ptr<Index> index) : index_(std::move(index)) {}
  Status apply(const Call& call, const IndexBatch& batch) override { return index_->apply(call, batch); }
  Result<Revision> applied(const Call&) const override { return index_->snapshot()->revision(); }
  std::shared_ptr<const SearchView> view() const override {
    return std::make_shared<EmbeddedView>(index_->snapshot());
  }
  IndexHealth health() const override { return index_->health(); }
  Status compact(const Call& call) override { return index_->compact(call); }

 private:
  std::unique_ptr<Index> index_;
};

std::string generation_folder(const std::string& folder, std::uint64_t number) {
  return fmt::format("{}/generation-{:04}", folder, number);
}

// What `current` says; 0 where there is no index yet.
Result<std::uint64_t> current_generation(const Disk& disk, const std::string& folder) {
  const auto path = folder + "/current";
  const auto mapped = disk.map(path);
  if (!mapped && mapped.error().kind == ErrorKind::not_found) return 0;
  if (!mapped) return tl::unexpected<Error>(mapped.error());
  const auto bytes = (*mapped)->bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::uint64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  const auto rest = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
  if (read.ec != std::errc() || rest != "\n" || out == 0)
    return fail(ErrorKind::corrupt, fmt::format("{}: does not hold the number of a generation", path));
  return out;
}

Status set_current(Disk& disk, const std::string& folder, std::uint64_t number) {
  const auto text = fmt::format("{}\n", number);
  return replace_file(disk, folder + "/current", std::as_bytes(std::span(text)));
}

// Best effort: what stays is swept by the next rebuild.
void empty_folder(Disk& disk, const std::string& folder) {
  if (const auto names = disk.list(folder))
    for (const auto& name : *names) static_cast<void>(disk.remove(folder + "/" + name));
}

// A generation goes on with the spaces it was written for, whichever are asked for now: another space takes
// its place as another generation, when that is whole.
Result<std::unique_ptr<Index>> open_generation(Disk& disk, const std::string& folder, const Schema& asked,
                                               const IndexOptions& options) {
  CDX_TRY_LET(auto written, schema_to_continue(disk, folder, asked));
  return open_index(disk, folder, written ? std::move(*written) : asked, options);
}

// Follows `current` from one generation to the next.
class FolderBackend final : public SearchBackend {
 public:
  FolderBackend(Disk& disk, std::string folder, Schema schema, IndexOptions options)
      : disk_(disk), folder_(std::move(folder)), schema_(std::move(schema)), options_(options) {}

  Status open() {
    CDX_TRY(options_.read_only ? Status{} : disk_.make_folder(folder_));
    CDX_TRY_LET(number_, current_generation(disk_, folder_));
    const bool fresh = number_ == 0;
    if (fresh) number_ = 1;
    CDX_TRY_LET(index_, open_generation(disk_, generation_folder(folder_, number_), schema_, options_));
    if (options_.read_only) return {};
    // What a rebuild left while nobody was here to take it over.
    if (number_ > 1) empty_folder(disk_, generation_folder(folder_, number_ - 1));
    return fresh ? set_current(disk_, folder_, number_) : Status{};
  }

  Status apply(const Call& call, const IndexBatch& batch) override { return index()->apply(call, batch); }
  Result<Revision> applied(const Call&) const override {
    CDX_TRY(follow());
    return index()->snapshot()->revision();
  }
  std::shared_ptr<const SearchView> view() const override {
    return std::make_shared<EmbeddedView>(index()->snapshot());
  }
  IndexHealth health() const override { return index()->health(); }
  Status compact(const Call& call) override { return index()->compact(call); }

 private:
  std::shared_ptr<Index> index() const {
    const std::lock_guard lock(mutex_);
    return index_;
  }

  Status follow() const {
    const std::lock_guard following(following_);
    if (options_.read_only) return {};
    CDX_TRY_LET(const auto wanted, current_generation(disk_, folder_));
    if (wanted == number_ || wanted == 0) return {};
    CDX_TRY_LET(std::shared_ptr<Index> next,
                open_generation(disk_, generation_folder(folder_, wanted), schema_, options_));
    {
      const std::lock_guard lock(mutex_);
      index_.swap(next);
    }
    next.reset();  // the last user closes the old one; its files live on in the snapshots that still read
                   // them
    empty_folder(disk_, generation_folder(folder_, number_));
    number_ = wanted;
    return {};
  }

  Disk& disk_;
  std::string folder_;
  Schema schema_;
  IndexOptions options_;
  mutable std::mutex following_;  // guards number_
  mutable std::uint64_t number_ = 0;
  mutable std::mutex mutex_;  // held for a copy of the pointer only
  mutable std::shared_ptr<Index> index_;
};

}  // namespace

Result<std::unique_ptr<SearchBackend>> make_embedded_backend(Schema schema, IndexOptions options) {
  CDX_TRY_LET(auto index, make_index(std::move(schema), options));
  return std::make_unique<EmbeddedBackend>(std::move(index));
}

Result<std::unique_ptr<SearchBackend>> open_embedded_backend(Disk& disk, const std::string& folder,
                                                             Schema schema, IndexOptions options) {
  auto out = std::make_unique<FolderBackend>(disk, folder, std::move(schema), options);
  CDX_TRY(out->open());
  return std::unique_ptr<SearchBackend>(std::move(out));
}

Result<std::unique_ptr<SearchBackend>> begin_rebuild(Disk& disk, const std::string& folder, Schema schema,
                                                     IndexOptions options) {
  CDX_TRY(disk.make_folder(folder));
  CDX_TRY_LET(const auto number, current_generation(disk, folder));
  const auto next = generation_folder(folder, number + 1);
  CDX_TRY(disk.make_folder(next));
  empty_folder(disk, next);
  CDX_TRY_LET(auto index, open_index(disk, next, std::move(schema), options));
  return std::make_unique<EmbeddedBackend>(std::move(index));
}

Result<std::optional<Schema>> current_schema(Disk& disk, const std::string& folder, const Schema& asked) {
  auto number = current_generation(disk, folder);
  if (!number) return tl::unexpected<Error>(number.error());
  if (*number == 0) return std::nullopt;
  return schema_to_continue(disk, generation_folder(folder, *number), asked);
}

Status take_place(Disk& disk, const std::string& folder) {
  CDX_TRY_LET(const auto number, current_generation(disk, folder));
  return set_current(disk, folder, number + 1);
}

}  // namespace cdx
