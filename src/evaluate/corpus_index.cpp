#include "evaluate/corpus_index.h"

#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "normalize/normalize.h"
#include "pipeline/commit.h"
#include "pipeline/follower.h"
#include "pipeline/import.h"
#include "sample/sample.h"

namespace cdx::evaluate {
namespace {

constexpr std::size_t commit_batch = 2'000;

Account account_of(const JudgedDocument& document) {
  Account out;
  out.platform = document.channel ? Platform::youtube : Platform::other;
  out.user_id = document.id;
  out.id = account_id(out.platform, document.id);
  Provenance terms;
  terms.source = "evaluation";
  terms.basis = "test corpus";
  const auto origin = out.origin(terms);
  if (!document.title.empty()) out.name = {{document.title, origin}};
  if (!document.text.empty()) out.bio = {{document.text, origin}};
  if (!document.region.empty()) out.country = {{document.region, origin}};
  if (document.followers) out.followers = {{*document.followers, origin}};
  return out;
}

Status load(const Call& call, Store& store, const Clock& clock,
            const std::vector<JudgedDocument>& documents) {
  for (std::size_t at = 0; at < documents.size(); at += commit_batch) {
    std::vector<AccountUpdate> updates;
    for (std::size_t i = at; i < std::min(documents.size(), at + commit_batch); ++i)
      updates.push_back({account_of(documents[i]), {}, {}});
    CDX_TRY(commit_accounts(call, store, clock, updates, {}));
  }
  return {};
}

Status index_all(const Call& call, Follower& follower, const IndexProgress& progress) {
  for (;;) {
    CDX_TRY_LET(const bool worked, follower.step(call));
    if (!worked) return {};
    const auto now = follower.progress();
    if (progress) progress(now.passages_done, now.passages);
  }
}

// Gone with its owner.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(std::uint64_t tag)
      : path_(std::filesystem::temp_directory_path() / fmt::format("creatordex-eval-{}-{}", getpid(), tag)) {}
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

Result<std::unique_ptr<SearchBackend>> index_store(const Call& call, Store& store,
                                                   EmbeddingProvider* embedder, const Clock& clock,
                                                   const IndexProgress& progress) {
  const auto dimension = embedder == nullptr ? 1 : embedder->model().dimension;
  CDX_TRY_LET(auto backend, make_embedded_backend(creator_schema(dimension)));
  Follower follower(store, *backend, embedder, clock);
  CDX_TRY(index_all(call, follower, progress));
  return backend;
}

Result<CorpusIndex> index_corpus(const Call& call, Store& store, EmbeddingProvider* embedder,
                                 const Clock& clock, const std::vector<JudgedDocument>& documents,
                                 const IndexProgress& progress) {
  CDX_TRY(load(call, store, clock, documents));
  CorpusIndex out;
  CDX_TRY_LET(out.backend, index_store(call, store, embedder, clock, progress));
  for (const auto& document : documents) out.names[creator_id(account_of(document).id)] = document.id;
  return out;
}

Status import_sample(const Call& call, Store& store, const Clock& clock, std::uint64_t creators,
                     std::uint64_t seed) {
  const TemporaryFolder folder(seed);
  SampleOptions options;
  options.creators = creators;
  options.seed = seed;
  options.out = folder.path();
  options.today = *parse_time("2026-01-01");
  options.call = call;
  CDX_TRY(write_sample(options));
  FileSourceOptions file;
  file.path = (folder.path() / "accounts.ndjson").string();
  file.terms.source = "sample";
  file.terms.fetched_at = options.today;
  file.choose_mapping = [](const TableHead& head) -> Result<std::string> {
    CDX_TRY_LET(const auto mapping, normalize::map_columns(head.columns, head.samples, {}));
    return normalize::to_json(mapping);
  };
  CDX_TRY_LET(const auto source, open_file_source(file));
  ImportReport report;
  return import_source(call, *source, store, clock, report, {});
}

}  // namespace cdx::evaluate
