#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/rebuild.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "io/disk.h"

namespace cdx::app {
namespace {

Status run_rebuild(const Context& context) {
  const auto call = stoppable_call();
  CDX_TRY_LET(const auto parts, open_index_parts(context));
  CDX_TRY_LET(const auto lock, begin_alone(parts));
  // In the picture space that serves; one that holds no pictures gets that of the configuration.
  CDX_TRY_LET(auto schema, schema_in_use(parts));
  if (!schema || !picture_field_of(*schema)) {
    CDX_TRY_LET(schema, first_schema(parts.config, parts.embedder.get()));
  }
  CDX_TRY(rebuild_index(call, parts, *schema));
  fmt::print("the new index is in use\n");
  return {};
}

Status run_compact(const Context& context) {
  CDX_TRY_LET(const auto parts, open_index_parts(context));
  CDX_TRY_LET(const auto backend, open_backend(parts.config, parts.embedder.get(), true));
  CDX_TRY(backend.search->compact(stoppable_call()));
  const auto health = backend.search->health();
  fmt::print("{} creators in {} segment{}\n", health.documents, health.segments,
             health.segments == 1 ? "" : "s");
  return {};
}

Status run_status(const Context& context, bool json) {
  CDX_TRY_LET(const auto parts, open_index_parts(context));
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
