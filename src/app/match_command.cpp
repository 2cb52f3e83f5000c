#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/wiring.h"
#include "match/match.h"
#include "pipeline/follower.h"
#include "serve/briefs.h"

namespace cdx::app {
namespace {

struct MatchFlags {
  std::string file;
  std::optional<std::string> profile;  // absent: the one in use
  std::optional<double> plan;
  std::size_t limit = 10;
  bool explain = false, json = false, keep = false;
};

// Everything a match needs, in the order of what borrows what.
struct Parts {
  std::unique_ptr<Store> store;
  std::unique_ptr<EmbeddingProvider> embedder;
  Backend backend;
  SystemClock clock;
  std::unique_ptr<Searcher> searcher;
  Ledger ledger;
  std::unique_ptr<Matcher> matcher;
};

Status open(const Config& config, const Call& call, Parts& out) {
  CDX_TRY_LET(out.store, open_store(config));
  std::string note;
  CDX_TRY_LET(out.embedder, open_embedder(config, note));
  CDX_TRY_LET(const auto options, searcher_options(config));
  CDX_TRY_LET(out.backend, open_backend(config, out.embedder.get(), false));
  FollowerOptions following;
  following.embed = false;  // a match uses the vectors there are
  Follower follower(*out.store, *out.backend.search, out.embedder.get(), out.clock, following);
  CDX_TRY(follower.catch_up(call));
  out.searcher =
      std::make_unique<Searcher>(*out.backend.search, *out.store, out.embedder.get(), out.clock, options);
  CDX_TRY_LET(out.ledger, open_ledger(config));
  out.matcher = std::make_unique<Matcher>(*out.searcher, *out.store, out.ledger.campaigns.get(),
                                          out.embedder.get(), out.clock);
  return {};
}

void print(const MatchAnswer& answer, bool explain) {
  for (const auto& note : answer.degraded) fmt::print("note: {}\n", note);
  fmt::print("campaign {}: {} of {} creators that fit the bounds, by {}\n", answer.campaign.text(),
             answer.total, answer.matching, answer.profile);
  for (std::size_t i = 0; i < answer.hits.size(); ++i) {
    const auto& hit = answer.hits[i];
    fmt::print(
        "{:>3}. {:.3f}  {}  niche {:.2f}  audience {:.2f}  engagement {:.2f}  budget {:.2f}\n     {}\n",
        answer.first_rank + i, hit.score, hit.profile.creator.name, hit.niche, hit.audience, hit.engagement,
        hit.budget, hit.why);
    if (!explain) continue;
    for (const auto& part : hit.parts)
      fmt::print("     {:<11} {} x {:.3f} = {:.4f}  {}\n", part.name,
                 part.value ? fmt::format("{:.3f}", *part.value) : std::string("  ?  "), part.weight,
                 part.contribution, part.reason);
  }
}

void print(const PlanAnswer& plan, double budget) {
  for (const auto& note : plan.degraded) fmt::print("note: {}\n", note);
  fmt::print("{} creators for {:.0f} of {:.0f} USD reach {:.0f} people ({})\n", plan.chosen.size(),
             plan.cost_usd, budget, plan.reach, plan.method);
  for (const auto& one : plan.chosen)
    fmt::print("  {:>8.0f} USD{}  adds {:>9.0f}  {}\n", one.cost_usd,
               one.cost_estimated ? " (estimated)" : "", one.marginal, one.profile.creator.name);
  fmt::print("{} left out\n", plan.left_out.size());
}

Status run_match(const Context& context, const MatchFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto text, read_file(flags.file, 1'000'000));
  CDX_TRY_LET(const auto brief, serve::parse_brief(text, flags.file));
  const auto call = stoppable_call();
  Parts parts;
  CDX_TRY(open(config, call, parts));
  CDX_TRY_LET(auto chosen, choose_profile(call, *parts.ledger.usage, flags.profile));
  if (flags.plan) {
    PlanOptions options;
    options.budget_usd = *flags.plan;
    options.profile = chosen.name;
    options.custom = std::move(chosen.custom);
    CDX_TRY_LET(const auto plan, parts.matcher->plan(call, brief, options));
    print(plan, *flags.plan);
    return {};
  }
  MatchOptions options;
  options.profile = chosen.name;
  options.custom = std::move(chosen.custom);
  options.limit = flags.limit;
  options.explain = flags.explain;
  options.keep = flags.keep;
  const auto begin = std::chrono::steady_clock::now();
  CDX_TRY_LET(const auto answer, parts.matcher->match(call, brief, options));
  const double took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  if (flags.json)
    fmt::print("{}\n", serve::render_match(answer, {}, {parts.clock.now(), "cli", took_ms, flags.explain}));
  else
    print(answer, flags.explain);
  return {};
}

}  // namespace

void add_match(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("match", "creators for a campaign brief: creatordex match brief.json");
  auto flags = std::make_shared<MatchFlags>();
  command->add_option("brief", flags->file, "JSON file: product_name, target_audience, product_niche, …")
      ->required();
  command->add_option("--profile", flags->profile,
                      "balanced, seed-001, seed-002, seed-004 or one that is kept (default: the one in use)");
  command->add_option("--plan", flags->plan, "choose a set of creators for so many US dollars");
  command->add_option("--limit", flags->limit, "1 to 100 (default 10)");
  command->add_flag("--explain", flags->explain, "every part of every score, with its reason");
  command->add_flag("--json", flags->json, "the answer as the HTTP API gives it");
  command->add_flag("--keep", flags->keep, "keep campaign and scores");
  command->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_match(context, *flags); }; });
}

}  // namespace cdx::app
