#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <thread>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "pipeline/embed_missing.h"

namespace cdx::app {
namespace {

Status run_embed(const Context& context, bool follow) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) return fail(ErrorKind::not_found, note);
  const auto call = stoppable_call();
  Revision seen;
  do {
    Progress progress("embed", "texts");
    EmbedProgress last;
    CDX_TRY_LET(seen, embed_missing(call, *store, *embedder, seen, [&](const EmbedProgress& now) {
                  last = now;
                  progress.show(now.embedded, -1);
                }));
    if (last.embedded > 0 || !follow)
      progress.finish(fmt::format("{} texts embedded for {} creators in {}", last.embedded, last.creators,
                                  short_duration(progress.seconds())));
    if (follow) std::this_thread::sleep_for(std::chrono::milliseconds{500});
  } while (follow && !call.stop.stop_requested());
  return {};
}

}  // namespace

void add_embed(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("embed", "turn every text that has no vector yet into one");
  auto follow = std::make_shared<bool>(false);
  command->add_flag("--follow", *follow, "go on with what changes, until stopped");
  command->callback([&runner, &context, follow] {
    runner.run = [&context, follow] { return run_embed(context, *follow); };
  });
}

}  // namespace cdx::app
