#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <thread>

#include "app/command.h"
#ifdef CDX_WITH_IMAGE
#include "app/picture_wiring.h"
#endif
#include "app/progress.h"
#include "app/wiring.h"
#include "pipeline/embed_missing.h"

namespace cdx::app {
namespace {

Status embed_texts(const Call& call, Store& store, EmbeddingProvider& embedder, Revision& seen, bool follow) {
  Progress progress("embed", "texts");
  EmbedProgress last;
  CDX_TRY_LET(seen, embed_missing(call, store, embedder, seen, [&](const EmbedProgress& now) {
                last = now;
                progress.show(now.embedded, -1);
              }));
  if (last.embedded > 0 || !follow)
    progress.finish(fmt::format("{} texts embedded for {} creators in {}", last.embedded, last.creators,
                                short_duration(progress.seconds())));
  return {};
}

#ifdef CDX_WITH_IMAGE
Status embed_pictures_of(const Call& call, Store& store, const Pictures& parts, Revision& seen) {
  CDX_TRY_LET(const auto reader, parts.spaces->wanted(call));
  if (reader == nullptr) return {};
  Progress progress("embed", "pictures");
  std::size_t embedded = 0;
  CDX_TRY_LET(seen, embed_missing_pictures(call, store, *parts.keeper, *reader, seen, [&](std::size_t now) {
                embedded = now;
                progress.show(now, -1);
              }));
  if (embedded > 0)
    progress.finish(fmt::format("{} pictures embedded as {} in {}", embedded, reader->space().name,
                                short_duration(progress.seconds())));
  return {};
}
#endif

Status run_embed(const Context& context, bool follow) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) return fail(ErrorKind::not_found, note);
  const auto call = stoppable_call();
  Revision texts_seen;
#ifdef CDX_WITH_IMAGE
  const SystemClock clock;
  std::optional<Pictures> pictures;  // opened with the first picture
  Revision pictures_seen;
#endif
  do {
    CDX_TRY(embed_texts(call, *store, *embedder, texts_seen, follow));
#ifdef CDX_WITH_IMAGE
    if (!pictures) {
      CDX_TRY_LET(const auto counts, store->counts(call));
      if (counts.pictures > 0) {
        CDX_TRY_LET(pictures, open_pictures(config, *store, clock));
      }
    }
    if (pictures) CDX_TRY(embed_pictures_of(call, *store, *pictures, pictures_seen));
#endif
    if (follow) std::this_thread::sleep_for(std::chrono::milliseconds{500});
  } while (follow && !call.stop.stop_requested());
  return {};
}

}  // namespace

void add_embed(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("embed", "turn every text and picture that has no vector yet into one");
  auto follow = std::make_shared<bool>(false);
  command->add_flag("--follow", *follow, "go on with what changes, until stopped");
  command->callback([&runner, &context, follow] {
    runner.run = [&context, follow] { return run_embed(context, *follow); };
  });
}

}  // namespace cdx::app
