#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/command.h"
#include "app/page_files.h"
#include "app/picture_wiring.h"
#include "app/progress.h"
#include "app/wiring.h"
#include "base/log.h"
#include "pipeline/enricher.h"
#include "pipeline/follower.h"
#include "search/schema.h"
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
  out.log_candidates = static_cast<std::size_t>(config.whole("usage.candidates"));
  out.keep_usage = std::chrono::hours(24 * config.whole("usage.keep_days"));
  out.upload_bytes = static_cast<std::size_t>(config.whole("server.upload_mb")) << 20U;
  out.http.large_bodies_bytes = std::max(out.http.large_bodies_bytes, 4 * out.upload_bytes);
  std::string_view hosts = config.text("server.allowed_hosts");
  while (!hosts.empty()) {
    const auto end = std::min(hosts.find(','), hosts.size());
    if (end > 0) out.hosts.emplace_back(hosts.substr(0, end));
    hosts.remove_prefix(std::min(end + 1, hosts.size()));
  }
  return out;
}

// Who reaches a loopback address is at this machine; elsewhere writing has to be wanted.
bool takes_data(const Config& config) {
  const auto& wanted = config.text("server.allow_writes");
  if (wanted != "auto") return wanted == "true";
  const auto& address = config.text("server.address");
  return address.starts_with("127.") || address == "::1";
}

// Null, with a word to the operator, where this system cannot decode pictures safely.
std::unique_ptr<Pictures> try_pictures(const Config& config, Store& store, const Clock& clock) {
  auto opened = open_pictures(config, store, clock);
  if (opened) return std::make_unique<Pictures>(*std::move(opened));
  std::fprintf(stderr, "no pictures are shown or searched: %s\n", opened.error().message.c_str());
  return nullptr;
}

// Whether words reach into the space that the index holds its pictures in.
bool reads_words(const Call& call, const SearchBackend& backend, PictureSpaces* spaces) {
  const auto view = backend.view();
  const auto space = picture_space_of(view->schema());
  if (spaces == nullptr || space.empty()) return false;
  const auto reader = spaces->reader(call, space);
  return reader && (*reader)->space().reads_words;
}

ServiceState service_state(const Store& store, const Follower& follower, const EmbeddingProvider* embedder,
                           const SearchBackend& backend, PictureSpaces* spaces) {
  ServiceState out;
  out.ready = [&follower] { return follower.progress().caught_up; };
  out.figures = [&store, &follower, embedder, &backend, spaces](const Call& call) -> Result<ServiceFigures> {
    CDX_TRY_LET(const auto counts, store.counts(call));
    const auto now = follower.progress();
    ServiceFigures figures;
    figures.creators = counts.creators;
    figures.indexed = now.indexed;
    figures.embedded_done = now.passages_done;
    figures.embedded_total = now.passages;
    figures.model = embedder == nullptr ? "" : embedder->model().name;
    figures.model_ready = embedder != nullptr;
    figures.pictures = now.pictures;
    figures.pictures_done = now.pictures_done;
    figures.picture_words = reads_words(call, backend, spaces);
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
  const auto pictures = try_pictures(config, *store, clock);
  FollowerOptions following;
  following.embed = config.flag("server.embed");
  if (pictures != nullptr) {
    following.pictures = pictures->keeper.get();
    following.picture_spaces = pictures->spaces.get();
  }
  Follower follower(*store, *backend.search, model.get(), clock, following);
  const Searcher searcher(*backend.search, *store, cached.get(), clock, options);
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  Matcher matcher(searcher, *store, ledger.campaigns.get(), cached.get(), clock);
  CDX_TRY_LET(const auto judge, open_annotator(config, clock));
  Enricher enricher(*store, *judge.annotator, following.embed ? model.get() : nullptr, clock);
  ServerParts parts{searcher,
                    *store,
                    clock,
                    service_state(*store, follower, model.get(), *backend.search,
                                  pictures == nullptr ? nullptr : pictures->spaces.get()),
                    page_files(),
                    &matcher,
                    ledger.campaigns.get(),
                    ledger.usage.get()};
  std::optional<PictureDesk> desk;
  if (pictures != nullptr) desk.emplace(PictureDesk{*pictures->keeper, *pictures->spaces});
  parts.pictures = desk ? &*desk : nullptr;
  CDX_TRY_LET(const auto fakes, open_fake_model(config));
  IntakeDesk intake{*store, fakes.get(), {}};
  if (takes_data(config)) parts.intake = &intake;
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
