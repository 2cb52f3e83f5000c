#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "pipeline/follower.h"
#include "serve/render.h"

namespace cdx::app {
namespace {

struct SearchFlags {
  std::vector<std::string> words;
  std::map<std::string, std::vector<std::string>> keywords;  // filter values by field
  std::optional<double> min_followers, max_followers, min_engagement, max_price;
  std::string mode = "hybrid", cursor;
  std::vector<std::string> facets;
  std::size_t limit = 10;
  bool explain = false, json = false, plain = false;
};

Filter filter_of(const SearchFlags& flags) {
  std::vector<Filter> all;
  for (const auto& [field, values] : flags.keywords) all.push_back(Filter::keyword_in(field, values));
  if (flags.min_followers || flags.max_followers)
    all.push_back(Filter::number_in("followers", flags.min_followers, flags.max_followers));
  if (flags.min_engagement) all.push_back(Filter::number_in("engagement_rate", flags.min_engagement, {}));
  if (flags.max_price) all.push_back(Filter::number_in("price_usd", {}, flags.max_price));
  return Filter::all_of(std::move(all));
}

std::string handles(const Profile& profile) {
  std::string out;
  for (const auto& account : profile.accounts)
    out += fmt::format("{}{}:@{}", out.empty() ? "" : "  ", name(account.platform),
                       value_or(account.handle, account.user_id));
  return out;
}

void print_hit(const Hit& hit, std::size_t rank, bool explain) {
  const auto& creator = hit.profile.creator;
  fmt::print("{:>3}. {:.3f}  {}  {} followers{}{}  {}\n", rank, hit.score,
             creator.name.empty() ? creator.handle : creator.name,
             short_number(static_cast<double>(creator.total_followers)),
             creator.primary_niche.empty() ? "" : "  " + creator.primary_niche,
             creator.country.empty() ? "" : "  " + creator.country, handles(hit.profile));
  fmt::print("     {}\n", hit.why);
  if (!explain) return;
  for (const auto& part : hit.parts) {
    fmt::print("     {:<9} {:.4f} x {:.4f} = {:.4f}\n", part.name, part.value, part.weight,
               part.value * part.weight);
    for (const auto& [detail, value] : part.details) fmt::print("               {} {:.4f}\n", detail, value);
  }
}

void print_answer(const Answer& answer, const SearchFlags& flags) {
  for (const auto& chip : answer.understood.chips) fmt::print("understood: {}\n", chip.label);
  for (const auto& note : answer.degraded) fmt::print("note: {}\n", note);
  fmt::print("{}{} creators\n", answer.total_is_lower_bound ? "at least " : "", answer.total);
  for (std::size_t i = 0; i < answer.hits.size(); ++i) print_hit(answer.hits[i], i + 1, flags.explain);
  for (const auto& [field, counts] : answer.facets) {
    fmt::print("{}:", field);
    for (const auto& one : counts) fmt::print(" {} ({})", one.value, one.count);
    fmt::print("\n");
  }
}

Status run_search(const Context& context, const SearchFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  Query query;
  query.text = fmt::format("{}", fmt::join(flags.words, " "));
  query.filter = filter_of(flags);
  query.facets = flags.facets;
  query.limit = flags.limit;
  query.explain = flags.explain;
  query.understand = !flags.plain;
  CDX_TRY_LET(query.mode, parse_search_mode(flags.mode));

  CDX_TRY_LET(const auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(const auto embedder, open_embedder(config, note));
  CDX_TRY_LET(const auto options, searcher_options(config));
  CDX_TRY_LET(const auto backend, open_backend(config, embedder.get(), false));
  const SystemClock clock;
  FollowerOptions following;
  following.embed = false;  // a search uses the vectors there are; `serve` and `embed` make them
  const auto call = stoppable_call();
  Follower follower(*store, *backend.search, embedder.get(), clock, following);
  CDX_TRY(follower.catch_up(call));
  const Searcher searcher(*backend.search, *store, embedder.get(), clock, options);
  const auto begin = std::chrono::steady_clock::now();
  CDX_TRY_LET(const auto answer, searcher.search(call, query));
  const double took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  if (flags.json)
    fmt::print("{}\n", serve::render_answer(answer, {clock.now(), "cli", took_ms, flags.explain, true}));
  else
    print_answer(answer, flags);
  return {};
}

void add_filters(CLI::App& command, const std::shared_ptr<SearchFlags>& flags) {
  const auto keyword = [&](const char* name, const char* field, const char* help) {
    command.add_option_function<std::vector<std::string>>(
        name, [flags, field](const std::vector<std::string>& values) { flags->keywords[field] = values; },
        help);
  };
  keyword("--platform", "platform", "youtube, instagram, tiktok, x, twitch or other; several allowed");
  keyword("--niche", "niche", "primary niche, such as fitness");
  keyword("--secondary-niche", "secondary_niche", "secondary niche");
  keyword("--country", "country", "two-letter code, such as BR");
  keyword("--language", "language", "two-letter code, such as pt");
  keyword("--style", "style", "educational, entertainment, review, …");
  keyword("--activity", "activity", "active, semi_active, dormant or unknown");
  keyword("--band", "follower_band", "nano, micro, mid, macro or mega");
  keyword("--verified", "verified", "true or false");
  command.add_option("--min-followers", flags->min_followers, "at least so many");
  command.add_option("--max-followers", flags->max_followers, "at most so many");
  command.add_option("--min-engagement", flags->min_engagement, "as a fraction: 0.05 is 5 %");
  command.add_option("--max-price", flags->max_price, "US dollars a collaboration");
}

}  // namespace

void add_search(CLI::App& app, const Context& context, Runner& runner) {
  auto* command =
      app.add_subcommand("search", "find creators: creatordex search \"fitness creators in berlin\"");
  auto flags = std::make_shared<SearchFlags>();
  command->add_option("words", flags->words, "what to look for, in plain language");
  add_filters(*command, flags);
  command->add_option("--facet", flags->facets, "count the values of a field");
  command->add_option("--mode", flags->mode, "hybrid, keyword, semantic or rrf");
  command->add_option("--limit", flags->limit, "1 to 100 (default 10)");
  command->add_flag("--explain", flags->explain, "show every part of every score");
  command->add_flag("--json", flags->json, "the answer as the HTTP API gives it");
  command->add_flag("--plain", flags->plain, "do not read filters from the words");
  command->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_search(context, *flags); }; });
}

}  // namespace cdx::app
