#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "evaluate/niche.h"
#include "io/file.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

namespace cdx::app {
namespace {

struct EvalNicheFlags {
  std::string shared, cache, head;
  std::uint64_t creators = 300;
  std::vector<std::uint64_t> seeds = {202, 303};
  bool json = false, risks = false;
};

Result<std::vector<evaluate::NicheCase>> cases_of(const Call& call, const EvalNicheFlags& flags) {
  std::vector<evaluate::NicheCase> out;
  if (!flags.shared.empty()) {
    CDX_TRY_LET(out, evaluate::real_niche_cases(flags.shared));
  }
  for (const auto seed : flags.seeds) {
    if (flags.creators == 0) break;
    const auto made = open_memory_store();
    CDX_TRY_LET(auto more, evaluate::sample_niche_cases(call, *made, flags.creators, seed));
    for (auto& one : more) out.push_back(std::move(one));
  }
  return out;
}

void print_json(const evaluate::NicheFigures& row) {
  JsonWriter out;
  out.object([&] {
    out.key("source").value(row.source).key("half").value(row.held_out ? "held out" : "tuning");
    out.key("model")
        .value(evaluate::name(row.model))
        .key("cases")
        .value(static_cast<std::uint64_t>(row.cases));
    out.key("top1").value(row.top1).key("main").value(row.main).key("top3").value(row.top3);
    out.key("answered").value(row.answered).key("answered_right").value(row.answered_right);
    out.key("right_at_60_percent").value(row.at_60_percent);
    out.key("creators_a_second").value(static_cast<std::uint64_t>(row.creators_a_second));
    out.key("reliability").array([&] {
      for (const auto& point : row.reliability)
        out.object([&] {
          out.key("confidence").value(point.confidence).key("share").value(point.share);
          out.key("right").value(point.right);
        });
    });
  });
  fmt::print("{}\n", out.text());
}

void print_row(const evaluate::NicheFigures& row) {
  fmt::print("{:<46} {:<8} {:<23} {:>5} {:>6.3f} {:>6.3f} {:>6.3f} {:>7.3f} {:>6.3f} {:>6.3f} {:>7}\n",
             row.source, row.held_out ? "held out" : "tuning", evaluate::name(row.model), row.cases, row.top1,
             row.main, row.top3, row.answered, row.answered_right, row.at_60_percent, row.creators_a_second);
}

void print_risks(const std::vector<evaluate::NicheCase>& cases) {
  for (const auto& one : evaluate::find_risks(cases))
    fmt::print("{:.2f} {:<16} {:<32} {}\n", one.confidence, one.risk, one.who, one.evidence);
}

Status run_eval_niche(const Context& context, const EvalNicheFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  const auto call = stoppable_call();
  CDX_TRY_LET(auto cases, cases_of(call, flags));
  if (flags.risks) {
    print_risks(cases);
    return {};
  }
  std::optional<enrich::NicheHead> own;
  if (!flags.head.empty()) {
    CDX_TRY_LET(const auto file, MappedFile::open(flags.head));
    CDX_TRY_LET(own, enrich::NicheHead::read(file.bytes()));
  }
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  if (embedder == nullptr) {
    fmt::print(stderr, "{}; measured by words alone\n", note);
  } else {
    std::unique_ptr<Store> cache = open_memory_store();
    if (!flags.cache.empty()) {
      SqliteStoreOptions options;
      options.path = flags.cache;
      CDX_TRY_LET(cache, open_sqlite_store(options));
    }
    Progress progress("embedding", "creators");
    CDX_TRY(evaluate::add_meanings(call, *cache, *embedder, cases, [&](std::size_t done, std::size_t total) {
      progress.show(done, static_cast<double>(done) / static_cast<double>(total));
    }));
    progress.finish(fmt::format("{} cases, {}", cases.size(), short_duration(progress.seconds())));
  }
  const auto rows = evaluate::measure_niches(cases, own ? &*own : enrich::built_in_head(),
                                             embedder == nullptr ? 0 : embedder->model().space());
  if (!flags.json)
    fmt::print("{:<46} {:<8} {:<23} {:>5} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6} {:>7}\n", "source", "half",
               "model", "cases", "top-1", "main", "top-3", "answers", "right", "at 60%", "each s");
  for (const auto& row : rows) flags.json ? print_json(row) : print_row(row);
  return {};
}

}  // namespace

void add_eval_niche(CLI::App& eval, const Context& context, Runner& runner) {
  auto* command = eval.add_subcommand("niche", "measure niches on real lists and on invented creators");
  auto flags = std::make_shared<EvalNicheFlags>();
  command->add_option("--shared", flags->shared,
                      "folder with creators/ and judged/; without: invented alone");
  command->add_option("--creators", flags->creators, "invented creators of each seed (default 300; 0: none)");
  command->add_option("--seeds", flags->seeds, "of the invented creators (default 202 303)");
  command->add_option("--head", flags->head, "file of another head than the built-in one");
  command->add_option("--cache", flags->cache, "file that keeps the vectors for the next run");
  command->add_flag("--json", flags->json, "one object a row");
  command->add_flag("--risks", flags->risks, "print the risks found instead, with what decided them");
  command->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_eval_niche(context, *flags); };
  });
}

}  // namespace cdx::app
