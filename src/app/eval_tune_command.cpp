#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "evaluate/tune.h"
#include "io/file.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace cdx::app {
namespace {

struct EvalTuneFlags {
  std::string docs, queries, qrels, cache, out, name = "tuned";
  bool use = false, keep = false;
  std::size_t folds = 5;
  std::uint64_t seed = 1;
};

Result<evaluate::TuneSet> judged_set(const Context& context, const EvalTuneFlags& flags,
                                     const SearcherOptions& searcher) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto documents, evaluate::read_documents(flags.docs));
  CDX_TRY_LET(const auto queries, evaluate::read_queries(flags.queries));
  CDX_TRY_LET(const auto judgements, evaluate::read_judgements(flags.qrels));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) return fail(ErrorKind::not_found, note);
  std::unique_ptr<Store> store = open_memory_store();
  if (!flags.cache.empty()) {
    SqliteStoreOptions options;
    options.path = flags.cache;
    CDX_TRY_LET(store, open_sqlite_store(options));
  }
  Progress progress("embedding", "documents");
  auto out = evaluate::tune_set(
      stoppable_call(), *store, embedder.get(), documents, queries, judgements, searcher,
      [&](std::size_t done, std::size_t total) {
        progress.show(done, total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total));
      });
  progress.finish(fmt::format("{} documents, {}", documents.size(), short_duration(progress.seconds())));
  return out;
}

// From what people chose in this data folder's searches.
Result<evaluate::TuneSet> used_set(const Ledger& ledger) {
  constexpr std::size_t page = 1'000;
  const Call call = stoppable_call();
  evaluate::TuneSet none;
  std::vector<LoggedQuestion> all;
  for (Time since{};;) {
    CDX_TRY_LET(auto some, ledger.usage->questions(call, since, page));
    const bool last = some.size() < page;
    if (!last) since = some.back().at + std::chrono::milliseconds(1);
    std::erase_if(some, [](const LoggedQuestion& one) { return one.kind != "search"; });
    all.insert(all.end(), some.begin(), some.end());
    if (last) break;
  }
  std::vector<QuestionId> ids;
  for (const auto& one : all) ids.push_back(one.id);
  CDX_TRY_LET(const auto choices, ledger.usage->choices(call, ids));
  return evaluate::tune_set_of_use(all, choices);
}

Status run_eval_tune(const Context& context, const EvalTuneFlags& flags) {
  if (!flags.use && (flags.docs.empty() || flags.queries.empty() || flags.qrels.empty()))
    return fail(ErrorKind::invalid, "eval tune needs --docs, --queries and --qrels, or --use");
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto searcher, searcher_options(config));
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  CDX_TRY_LET(const auto set, flags.use ? used_set(ledger) : judged_set(context, flags, searcher));
  evaluate::TuneOptions options;
  options.present = searcher.weights;
  options.folds = flags.folds;
  options.seed = flags.seed;
  CDX_TRY_LET(const auto result, evaluate::tune(stoppable_call(), set, options));
  const auto profile = evaluate::tuned_profile(
      flags.name, flags.use ? "choices in this data folder" : flags.qrels, result, SystemClock().now());
  fmt::print("present {:.4f}, tuned {:.4f} on held-out folds ({:.4f} where it was fitted)\n",
             result.present.value, result.tuned.value, result.fitted);
  fmt::print("{}\n", result.verdict);
  if (flags.keep) {
    CDX_TRY(ledger.usage->put_profile({}, profile,
                                      {profile.at, "cli", "profile.tune", profile.name, profile.evidence}));
    fmt::print("kept as {}; `creatordex profile use {}` puts it to use\n", profile.name, profile.name);
  }
  if (!flags.out.empty()) return replace_file(flags.out, evaluate::write_profile_file(profile) + "\n");
  if (!flags.keep) fmt::print("{}\n", evaluate::write_profile_file(profile));
  return {};
}

}  // namespace

void add_eval_tune(CLI::App& eval, const Context& context, Runner& runner) {
  auto* command =
      eval.add_subcommand("tune", "fit the ranking weights to judgements, and say whether that gains");
  auto flags = std::make_shared<EvalTuneFlags>();
  command->add_option("--docs", flags->docs, "documents, as for eval");
  command->add_option("--queries", flags->queries, "queries, as for eval");
  command->add_option("--qrels", flags->qrels, "judgements in TREC form");
  command->add_flag("--use", flags->use,
                    "instead of judgements: what was chosen from the searches of this data folder");
  command->add_flag("--keep", flags->keep, "keep the profile, ready for `creatordex profile use`");
  command->add_option("--cache", flags->cache, "file that keeps the vectors for the next run");
  command->add_option("--folds", flags->folds, "of the cross-validation (default 5)");
  command->add_option("--seed", flags->seed, "of folds and restarts (default 1)");
  command->add_option("--name", flags->name, "of the profile (default tuned)");
  command->add_option("--out", flags->out, "file for the profile with its evidence; without: printed");
  command->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_eval_tune(context, *flags); };
  });
}

}  // namespace cdx::app
