#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <thread>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/disk.h"
#include "pipeline/follower.h"

namespace cdx::app {
namespace {

// The parts of an index that lies in a folder.
struct IndexParts {
  Config config;
  std::unique_ptr<Store> store;
  std::unique_ptr<EmbeddingProvider> embedder;
  std::string folder;
};

Result<IndexParts> open_parts(const Context& context) {
  CDX_TRY_LET(auto config, context.config({}));
  CDX_TRY_LET(auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(auto embedder, open_embedder(config, note));
  CDX_TRY_LET(auto folder, index_folder(config, embedder.get()));
  if (folder.empty())
    return fail(ErrorKind::invalid, "the index is kept in memory: there is nothing on disk to work on");
  return IndexParts{std::move(config), std::move(store), std::move(embedder), std::move(folder)};
}

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

Status run_rebuild(const Context& context) {
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto parts, open_parts(context));
  // Next to the one in use, which goes on serving; a server takes the new one over by itself.
  CDX_TRY(posix_disk().make_folder(parts.folder));
  CDX_TRY_LET(const auto lock, LockFile::acquire(parts.folder + "/rebuild-lock"));
  {
    IndexOptions options;
    options.merge = false;  // one segment is made at the end
    options.build_threads = std::max(1U, std::thread::hardware_concurrency());
    CDX_TRY_LET(const auto next,
                begin_rebuild(posix_disk(), parts.folder, index_schema(parts.embedder.get()), options));
    CDX_TRY(fill(call, parts, *next));
    fmt::print("making one segment of it\n");
    std::fflush(stdout);
    CDX_TRY(next->compact(call));
  }
  CDX_TRY(take_place(posix_disk(), parts.folder));
  fmt::print("the new index is in use\n");
  return {};
}

Status run_compact(const Context& context) {
  CDX_TRY_LET(const auto parts, open_parts(context));
  CDX_TRY_LET(const auto backend, open_backend(parts.config, parts.embedder.get(), true));
  CDX_TRY(backend.search->compact(stoppable_call()));
  const auto health = backend.search->health();
  fmt::print("{} creators in {} segment{}\n", health.documents, health.segments,
             health.segments == 1 ? "" : "s");
  return {};
}

Status run_status(const Context& context, bool json) {
  CDX_TRY_LET(const auto parts, open_parts(context));
  CDX_TRY_LET(const auto backend, open_backend(parts.config, parts.embedder.get(), false));
  const auto health = backend.search->health();
  const auto revision = backend.search->view()->revision().value;
  if (json) {
    JsonWriter out;
    out.object([&] {
      out.key("folder").value(parts.folder).key("creators").value(health.documents);
      out.key("segments").value(health.segments).key("in_memory").value(health.in_memory);
      out.key("revision").value(revision).key("incomplete").value(health.incomplete);
      out.key("faults").array([&] {
        for (const auto& fault : health.faults) out.value(fault);
      });
    });
    fmt::print("{}\n", out.text());
    return {};
  }
  fmt::print("{}\n{} creators in {} segment{}, {} of them only in the log; store revision {}\n", parts.folder,
             health.documents, health.segments, health.segments == 1 ? "" : "s", health.in_memory, revision);
  for (const auto& fault : health.faults) fmt::print("fault: {}\n", fault);
  return {};
}

}  // namespace

void add_index(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("index", "the index on disk: status, rebuild, compact");
  command->require_subcommand(1);
  auto json = std::make_shared<bool>(false);
  auto* status = command->add_subcommand("status", "what the index holds and how far it followed the store");
  status->add_flag("--json", *json, "as one JSON object");
  status->callback([&, json] { runner.run = [&context, json] { return run_status(context, *json); }; });
  command
      ->add_subcommand("rebuild",
                       "builds the index anew from the store while the old one serves, then takes its place")
      ->callback([&] { runner.run = [&context] { return run_rebuild(context); }; });
  command->add_subcommand("compact", "makes one segment of all, without what is dead")->callback([&] {
    runner.run = [&context] { return run_compact(context); };
  });
}

}  // namespace cdx::app
