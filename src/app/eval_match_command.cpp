#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "evaluate/match_quality.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace cdx::app {
namespace {

struct EvalMatchFlags {
  std::string shared, cache;
  std::uint64_t creators = 1'000, seed = 11;
  std::size_t briefs = 100;
  bool json = false;
};

Result<std::unique_ptr<Store>> cache_store(const std::string& cache, std::string_view ending) {
  if (cache.empty()) return open_memory_store();
  SqliteStoreOptions options;
  options.path = cache + std::string(ending);
  return open_sqlite_store(options);
}

void print_json(const evaluate::MatchSet& set) {
  for (std::size_t i = 0; i < set.profiles.size(); ++i) {
    const auto& profile = set.profiles[i].first;
    const auto& result = set.profiles[i].second;
    JsonWriter out;
    out.object([&] {
      out.key("set").value(set.name).key("profile").value(profile);
      out.key("queries").value(static_cast<std::uint64_t>(result.queries));
      out.key("ndcg@10").value(result.ndcg_at_10.value);
      out.key("ndcg@10_95").array([&] { out.value(result.ndcg_at_10.low).value(result.ndcg_at_10.high); });
      out.key("mrr").value(result.mrr.value).key("recall@100").value(result.recall_at_100.value);
      if (i >= set.gains.size()) return;
      const auto& gain = set.gains[i].second;
      out.key("gain").value(gain.value).key("gain_95").array([&] { out.value(gain.low).value(gain.high); });
    });
    fmt::print("{}\n", out.text());
  }
}

void print_table(const evaluate::MatchSet& set) {
  fmt::print("{}, {} queries\n", set.name, set.profiles.empty() ? 0 : set.profiles.front().second.queries);
  fmt::print("  {:<10} {:<24} {:<26} {:<8} {}\n", "profile", "nDCG@10", "more than seed-004", "MRR",
             "Recall@100");
  for (std::size_t i = 0; i < set.profiles.size(); ++i) {
    const auto& profile = set.profiles[i].first;
    const auto& result = set.profiles[i].second;
    const auto gain = i < set.gains.size() ? set.gains[i].second : evaluate::Interval{};
    fmt::print("  {:<10} {:<24} {:<26} {:<8.3f} {:.3f}\n", profile,
               fmt::format("{:.4f} [{:.3f}, {:.3f}]", result.ndcg_at_10.value, result.ndcg_at_10.low,
                           result.ndcg_at_10.high),
               fmt::format("{:+.4f} [{:+.3f}, {:+.3f}]", gain.value, gain.low, gain.high), result.mrr.value,
               result.recall_at_100.value);
  }
}

void print_look_alikes(const evaluate::LookAlikeQuality& quality, bool json) {
  const auto& precision = quality.precision_at_10;
  if (!json) {
    fmt::print(
        "look-alikes of three, {} questions\n  same niche among the first ten: {:.3f} [{:.3f}, {:.3f}], by "
        "chance {:.3f}\n",
        quality.questions, precision.value, precision.low, precision.high, quality.by_chance);
    return;
  }
  JsonWriter out;
  out.object([&] {
    out.key("set").value("look-alikes").key("queries").value(static_cast<std::uint64_t>(quality.questions));
    out.key("precision@10").value(precision.value);
    out.key("precision@10_95").array([&] { out.value(precision.low).value(precision.high); });
    out.key("by_chance").value(quality.by_chance);
  });
  fmt::print("{}\n", out.text());
}

Status run_eval_match(const Context& context, const EvalMatchFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) return fail(ErrorKind::not_found, note);
  CDX_TRY_LET(const auto judged, cache_store(flags.cache, ".judged.db"));
  CDX_TRY_LET(const auto sample,
              cache_store(flags.cache, fmt::format(".sample-{}-{}.db", flags.creators, flags.seed)));
  evaluate::MatchQualityOptions options;
  if (!flags.shared.empty()) options.judged = flags.shared + "/judged";
  options.sample_creators = flags.creators;
  options.sample_seed = flags.seed;
  options.sample_briefs = flags.briefs;
  Progress progress("embedding", "passages");
  CDX_TRY_LET(const auto quality,
              evaluate::match_quality(stoppable_call(), *judged, *sample, embedder.get(), options,
                                      [&](std::size_t done, std::size_t total) {
                                        progress.show(done, total == 0 ? 1
                                                                       : static_cast<double>(done) /
                                                                             static_cast<double>(total));
                                      }));
  progress.finish(fmt::format("{} sets, {}", quality.sets.size(), short_duration(progress.seconds())));
  for (const auto& set : quality.sets) flags.json ? print_json(set) : print_table(set);
  if (quality.look_alikes.questions > 0) print_look_alikes(quality.look_alikes, flags.json);
  return {};
}

}  // namespace

void add_eval_match(CLI::App& eval, const Context& context, Runner& runner) {
  auto* command = eval.add_subcommand("match", "measure scoring profiles on judged and on invented briefs");
  auto flags = std::make_shared<EvalMatchFlags>();
  command->add_option("--shared", flags->shared, "folder with judged/; without: invented briefs alone");
  command->add_option("--creators", flags->creators, "invented creators (default 1000; 0: none)");
  command->add_option("--seed", flags->seed, "of the invented creators and briefs (default 11)");
  command->add_option("--briefs", flags->briefs, "invented briefs (default 100)");
  command->add_option("--cache", flags->cache,
                      "beginning of the names of files that keep vectors for the next run");
  command->add_flag("--json", flags->json, "one object a row");
  command->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_eval_match(context, *flags); };
  });
}

}  // namespace cdx::app
