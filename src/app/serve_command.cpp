#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/command.h"
#include "app/page_files.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/log.h"
#include "pipeline/enricher.h"
#include "pipeline/follower.h"
#include "serve/serve.h"

namespace cdx::app {
namespace {

ServeOptions serve_options(const Config& config, const SearcherOptions& searcher) {
  ServeOptions out;
  out.http.address = config.text("server.address");
  out.http.port = static_cast<std::uint16_t>(config.whole("server.port"));
  out.http.workers = static_cast<unsigned>(config.whole("server.workers"));
  out.version = CDX_VERSION;
  out.weights = searcher.weights;
  out.log_usage = config.flag("usage.log");
  out.keep_usage = std::chrono::hours(24 * config.whole("usage.keep_days"));
  std::string_view hosts = config.text("server.allowed_hosts");
  while (!hosts.empty()) {
    const auto end = std::min(hosts.find(','), hosts.size());
    if (end > 0) out.hosts.emplace_back(hosts.substr(0, end));
    hosts.remove_prefix(std::min(end + 1, hosts.size()));
  }
  return out;
}

ServiceState service_state(const Store& store, const Follower& follower, const EmbeddingProvider* embedder) {
  ServiceState out;
  out.ready = [&follower] { return follower.progress().caught_up; };
  out.figures = [&store, &follower, embedder](const Call& call) -> Result<ServiceFigures> {
    CDX_TRY_LET(const auto counts, store.counts(call));
    const auto now = follower.progress();
    ServiceFigures figures;
    figures.creators = counts.creators;
    figures.indexed = now.indexed;
    figures.embedded_done = now.passages_done;
    figures.embedded_total = now.passages;
    figures.model = embedder == nullptr ? "" : embedder->model().name;
    figures.model_ready = embedder != nullptr;
    return figures;
  };
  return out;
}

// On a terminal: how far the meaning is, until all of it is there.
void show_meaning(const Follower& follower, std::stop_token stop) {
  Progress progress("understanding texts", "passages");
  for (bool begun = false; !stop.stop_requested();) {
    const auto now = follower.progress();
    const bool done = now.caught_up && now.passages_done >= now.passages;
    if (!done) begun = true;
    if (now.passages > 0 && !done)
      progress.show(now.passages_done,
                    static_cast<double>(now.passages_done) / static_cast<double>(now.passages));
    if (begun && done && now.passages > 0)
      return progress.finish(
          fmt::format("{} passages understood in {}", now.passages, short_duration(progress.seconds())));
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
}

// Judging waits until everything can be found, so that it never holds up the first searches.
void enrich_behind(const Follower& follower, Enricher& enricher, std::stop_token stop) {
  const auto ready = [&] {
    const auto now = follower.progress();
    return now.caught_up && now.passages_done >= now.passages;
  };
  while (!stop.stop_requested() && !ready()) std::this_thread::sleep_for(std::chrono::milliseconds{200});
  enricher.run(stop);
}

void wait_for(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any waiting;
  std::unique_lock lock(mutex);
  waiting.wait(lock, stop, [] { return false; });
}

Status run_serve(const Config& config) {
  CDX_TRY_LET(const auto store, open_store(config));
  std::string note;
  CDX_TRY_LET(const auto model, open_embedder(config, note));
  if (model == nullptr) std::fprintf(stderr, "%s\n", note.c_str());
  const auto cached = model == nullptr ? nullptr : make_caching_embedder(*model, 10'000);
  CDX_TRY_LET(const auto options, searcher_options(config));
  CDX_TRY_LET(const auto backend, open_backend(config, model.get(), true));
  const SystemClock clock;
  FollowerOptions following;
  following.embed = config.flag("server.embed");
  Follower follower(*store, *backend.search, model.get(), clock, following);
  const Searcher searcher(*backend.search, *store, cached.get(), clock, options);
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  Matcher matcher(searcher, *store, ledger.campaigns.get(), cached.get(), clock);
  CDX_TRY_LET(const auto judge, open_annotator(config, clock));
  Enricher enricher(*store, *judge.annotator, following.embed ? model.get() : nullptr, clock);
  ServerParts parts{searcher,
                    *store,
                    clock,
                    service_state(*store, follower, model.get()),
                    page_files(),
                    &matcher,
                    ledger.campaigns.get(),
                    ledger.usage.get()};
  if (parts.page.empty()) std::fprintf(stderr, "the page was not built into this program; the API answers\n");
  CDX_TRY_LET(const auto server, Server::open(std::move(parts), serve_options(config, options)));

  const auto call = stoppable_call();
  fmt::print("creatordex listens on http://{}:{}\n", config.text("server.address"), server->port());
  std::fflush(stdout);
  std::jthread follows;
  if (config.flag("server.index")) follows = std::jthread([&](std::stop_token stop) { follower.run(stop); });
  std::jthread judges;
  if (config.flag("server.enrich"))
    judges = std::jthread([&](std::stop_token stop) { enrich_behind(follower, enricher, stop); });
  std::jthread shows([&](std::stop_token stop) { show_meaning(follower, stop); });
  wait_for(call.stop);
  log::info("stopping");
  server->stop();
  return {};
}

}  // namespace

void add_serve(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("serve", "answer searches over HTTP, with the page");
  auto flags = std::make_shared<std::map<std::string, std::string>>();
  command->add_option_function<std::string>(
      "--port", [flags](const std::string& value) { (*flags)["server.port"] = value; },
      "port to listen on (default 8000)");
  command->add_option_function<std::string>(
      "--address", [flags](const std::string& value) { (*flags)["server.address"] = value; },
      "address to listen on (default 127.0.0.1)");
  command->add_flag_callback(
      "--no-embed", [flags] { (*flags)["server.embed"] = "false"; },
      "leave embedding to a separate `creatordex embed`");
  command->callback([&runner, &context, flags] {
    runner.run = [&context, flags]() -> Status {
      CDX_TRY_LET(const auto config, context.config(*flags));
      return run_serve(config);
    };
  });
}

}  // namespace cdx::app
