#include "app/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "app/progress.h"
#include "app/wiring.h"
#include "io/disk.h"
#include "pipeline/follower.h"

namespace cdx::app {
namespace {

// Follows the store into `backend` until nothing is new, telling how far it is.
Status fill(const Call& call, const IndexParts& parts, SearchBackend& backend) {
  const SystemClock clock;
  FollowerOptions options;
  options.embed = false;  // with the vectors that are kept; `serve` and `embed` make the others
  Follower follower(*parts.store, backend, parts.embedder.get(), clock, options);
  CDX_TRY_LET(const auto counts, parts.store->counts(call));
  Progress progress("indexing", "creators");
  for (;;) {
    CDX_TRY_LET(const bool worked, follower.step(call));
    const auto done = backend.view()->size();
    if (!worked) {
      progress.finish(fmt::format("{} creators indexed in {}", done, short_duration(progress.seconds())));
      return {};
    }
    progress.show(
        done, static_cast<double>(done) / static_cast<double>(std::max<std::uint64_t>(counts.creators, 1)));
  }
}

}  // namespace

Result<IndexParts> open_index_parts(const Context& context) {
  CDX_TRY_LET(auto config, context.config({}));
  CDX_TRY_LET(auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(auto embedder, open_embedder(config, note));
  CDX_TRY_LET(auto folder, index_folder(config, embedder.get()));
  if (folder.empty())
    return fail(ErrorKind::invalid, "the index is kept in memory: there is nothing on disk to work on");
  return IndexParts{std::move(config), std::move(store), std::move(embedder), std::move(folder)};
}

Result<std::optional<Schema>> schema_in_use(const IndexParts& parts) {
  auto out = current_schema(posix_disk(), parts.folder, index_schema(parts.embedder.get(), nullptr));
  if (!out && out.error().kind == ErrorKind::unsupported) return std::nullopt;
  return out;
}

Result<LockFile> begin_alone(const IndexParts& parts) {
  CDX_TRY(posix_disk().make_folder(parts.folder));
  return LockFile::acquire(parts.folder + "/rebuild-lock");
}

Status rebuild_index(const Call& call, const IndexParts& parts, const Schema& schema) {
  {
    IndexOptions options;
    options.merge = false;  // one segment is made at the end
    options.build_threads = std::max(1U, std::thread::hardware_concurrency());
    CDX_TRY_LET(const auto next, begin_rebuild(posix_disk(), parts.folder, schema, options));
    CDX_TRY(fill(call, parts, *next));
    fmt::print("making one segment of it\n");
    std::fflush(stdout);
    CDX_TRY(next->compact(call));
  }
  return take_place(posix_disk(), parts.folder);
}

}  // namespace cdx::app
