#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "evaluate/evaluate.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace cdx::app {
namespace {

struct EvalFlags {
  std::string docs, queries, qrels, mode, cache, details;
  bool json = false, plain = false;
};

void write_interval(JsonWriter& out, const char* name, const evaluate::Interval& interval) {
  out.key(name).value(interval.value);
  out.key(fmt::format("{}_95", name)).array([&] { out.value(interval.low).value(interval.high); });
}

std::string as_json(const std::map<SearchMode, evaluate::ModeResult>& results) {
  JsonWriter out;
  out.object([&] {
    out.key("modes").object([&] {
      for (const auto& [mode, measured] : results) {
        const auto& result = measured;
        out.key(name(mode)).object([&] {
          write_interval(out, "ndcg@10", result.ndcg_at_10);
          write_interval(out, "recall@100", result.recall_at_100);
          write_interval(out, "mrr", result.mrr);
          out.key("queries").value(static_cast<std::uint64_t>(result.queries));
        });
      }
    });
  });
  return out.take();
}

void print_table(const std::map<SearchMode, evaluate::ModeResult>& results) {
  const auto shown = [](const evaluate::Interval& one) {
    return fmt::format("{:.4f} [{:.3f}, {:.3f}]", one.value, one.low, one.high);
  };
  fmt::print("{:<9} {:<24} {:<24} {:<24} queries\n", "mode", "nDCG@10", "Recall@100", "MRR");
  for (const auto& [mode, result] : results)
    fmt::print("{:<9} {:<24} {:<24} {:<24} {}\n", name(mode), shown(result.ndcg_at_10),
               shown(result.recall_at_100), shown(result.mrr), result.queries);
}

void print_details(const std::map<SearchMode, evaluate::ModeResult>& results) {
  for (const auto& [mode, result] : results)
    for (const auto& one : result.each) {
      JsonWriter out;
      out.object([&, in_words = name(mode)] {
        out.key("mode").value(in_words).key("query").value(one.id).key("judged").value(one.judged);
        out.key("ndcg@10")
            .value(one.ndcg)
            .key("recall@100")
            .value(one.recall)
            .key("rr")
            .value(one.reciprocal_rank);
        out.key("found").value(static_cast<std::uint64_t>(one.found));
        out.key("top").array([&] {
          for (const auto& hit : one.top) out.array([&] { out.value(hit.first).value(hit.second); });
        });
      });
      fmt::print("{}\n", out.text());
    }
}

Result<std::unique_ptr<Store>> eval_store(const std::string& cache) {
  if (cache.empty()) return open_memory_store();
  SqliteStoreOptions options;
  options.path = cache;
  return open_sqlite_store(options);
}

Status run_eval(const Context& context, const EvalFlags& flags) {
  if (flags.docs.empty() || flags.queries.empty() || flags.qrels.empty())
    return fail(ErrorKind::invalid, "--docs, --queries and --qrels are needed");
  CDX_TRY_LET(const auto config, context.config({}));
  evaluate::EvaluateOptions options;
  options.modes = {SearchMode::keyword, SearchMode::semantic, SearchMode::hybrid, SearchMode::rrf};
  if (!flags.mode.empty()) {
    CDX_TRY_LET(const auto mode, parse_search_mode(flags.mode));
    options.modes = {mode};
  }
  options.understand = !flags.plain;
  CDX_TRY_LET(options.searcher, searcher_options(config));
  CDX_TRY_LET(const auto documents, evaluate::read_documents(flags.docs));
  CDX_TRY_LET(const auto queries, evaluate::read_queries(flags.queries));
  CDX_TRY_LET(const auto judgements, evaluate::read_judgements(flags.qrels));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr && flags.mode != "keyword") return fail(ErrorKind::not_found, note);
  CDX_TRY_LET(const auto store, eval_store(flags.cache));
  const bool meaning = options.modes.size() > 1 || options.modes.front() != SearchMode::keyword;
  Progress progress("embedding", "documents");
  CDX_TRY_LET(const auto results,
              evaluate::run(stoppable_call(), *store, meaning ? embedder.get() : nullptr, documents, queries,
                            judgements, options, [&](std::size_t done, std::size_t total) {
                              progress.show(
                                  done,
                                  total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total));
                            }));
  progress.finish(fmt::format("{} documents, {} queries, {}", documents.size(), queries.size(),
                              short_duration(progress.seconds())));
  if (flags.details == "yes") print_details(results);
  if (flags.json)
    fmt::print("{}\n", as_json(results));
  else
    print_table(results);
  return {};
}

}  // namespace

void add_eval(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("eval", "measure search quality over a judged corpus");
  auto flags = std::make_shared<EvalFlags>();
  command->add_option("--docs", flags->docs, "documents: JSON lines, Cranfield XML or CACM");
  command->add_option("--queries", flags->queries, "queries: JSON lines, Cranfield XML or CACM");
  command->add_option("--qrels", flags->qrels, "judgements in TREC form");
  command->add_option("--mode", flags->mode, "keyword, semantic, hybrid or rrf; all four without");
  command->add_option("--cache", flags->cache, "file that keeps the vectors for the next run");
  command->add_flag("--json", flags->json, "one JSON object");
  command->add_flag("--plain", flags->plain, "do not read filters from the words");
  command->add_flag_callback(
      "--details", [flags] { flags->details = "yes"; }, "one line a query as well");
  add_eval_match(*command, context, runner);
  add_eval_niche(*command, context, runner);
  add_eval_tune(*command, context, runner);
  command->callback([&runner, &context, flags, command] {
    if (!command->get_subcommands().empty()) return;  // which has said already what to run
    runner.run = [&context, flags] { return run_eval(context, *flags); };
  });
}

}  // namespace cdx::app
