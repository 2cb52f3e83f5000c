#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "pipeline/enricher.h"

namespace cdx::app {
namespace {

Status run_enrich(const Context& context) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) std::fprintf(stderr, "%s\n", note.c_str());
  const SystemClock clock;
  CDX_TRY_LET(const auto judge, open_annotator(config, clock));
  Enricher enricher(*store, *judge.annotator, embedder.get(), clock);
  Progress progress("enrich", "creators");
  auto done = enricher.catch_up(stoppable_call(),
                                      [&](const EnricherProgress& now) { progress.show(now.looked_at, -1); });
  const auto now = enricher.progress();
  progress.finish(fmt::format("{} creators looked at, {} judged by {}, {} refused, in {}", now.looked_at,
                              now.judged, judge.annotator->version(), now.failed,
                              short_duration(progress.seconds())));
  return done;
}

}  // namespace

void add_enrich(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand(
      "enrich", "judge niche, style, language and risks of creators that are new or changed");
  command->callback([&runner, &context] { runner.run = [&context] { return run_enrich(context); }; });
}

}  // namespace cdx::app
