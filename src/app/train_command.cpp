#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "evaluate/niche.h"
#include "io/file.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace cdx::app {
namespace {

struct TrainFlags {
  std::string out, cache;
  std::uint64_t creators = 600, seed = 101;
  enrich::HeadOptions head = evaluate::niche_head_options();
};

Result<std::unique_ptr<Store>> vector_cache(const std::string& path) {
  if (path.empty()) return open_memory_store();
  SqliteStoreOptions options;
  options.path = path;
  return open_sqlite_store(options);
}

Status write_file(const std::string& path, std::string_view bytes) {
  CDX_TRY_LET(auto file, ReplacingFile::open(path));
  CDX_TRY(file.append(bytes));
  return file.commit();
}

Status run_train_niche(const Context& context, const TrainFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) return fail(ErrorKind::not_found, note);
  const auto call = stoppable_call();
  const auto made = open_memory_store();
  CDX_TRY_LET(const auto cache, vector_cache(flags.cache));
  CDX_TRY_LET(auto cases, evaluate::sample_niche_cases(call, *made, flags.creators, flags.seed));
  for (auto& one : evaluate::example_niche_cases()) cases.push_back(std::move(one));
  Progress progress("embedding", "creators");
  CDX_TRY(evaluate::add_meanings(call, *cache, *embedder, cases, [&](std::size_t done, std::size_t total) {
    progress.show(done, static_cast<double>(done) / static_cast<double>(total));
  }));
  auto options = flags.head;
  options.space = embedder->model().space();
  options.dimension = embedder->model().dimension;
  CDX_TRY_LET(const auto head, evaluate::train_niche_head(call, cases, options));
  const auto bytes = head.bytes();
  CDX_TRY(write_file(flags.out, bytes));
  progress.finish(fmt::format("{}: {} niches from {} cases, {} bytes, head {:08x}, {}", flags.out,
                              head.classes().size(), cases.size(), bytes.size(), head.hash(),
                              short_duration(progress.seconds())));
  return {};
}

}  // namespace

void add_train(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("train", "train a model from data that was made for it");
  command->require_subcommand(1);
  auto flags = std::make_shared<TrainFlags>();
  auto* niche = command->add_subcommand(
      "niche", "the head that tells niches, from invented creators, examples and the vocabulary");
  niche->add_option("--out", flags->out, "file to write; src/enrich/data/niche_head.bin is built in")
      ->required();
  niche->add_option("--creators", flags->creators, "invented creators (default 600)");
  niche->add_option("--seed", flags->seed, "of the invented creators (default 101)");
  niche->add_option("--cache", flags->cache, "file that keeps the vectors for the next run");
  niche->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_train_niche(context, *flags); };
  });
}

}  // namespace cdx::app
