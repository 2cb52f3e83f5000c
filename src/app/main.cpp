#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "app/command.h"
#include "app/stop.h"
#include "app/taxonomy.h"
#include "base/log.h"
#ifdef CDX_WITH_IMAGE
#include "image/sandbox/worker.h"
#endif

namespace {

using namespace cdx;

// Flags that stand for configuration keys, for every subcommand.
struct GlobalFlags {
  std::string config_file;
  std::map<std::string, std::string> values;  // by key
};

void add_flags(CLI::App& app, GlobalFlags& flags) {
  app.add_option("--config", flags.config_file,
                 "configuration file (default: creatordex.toml, if it exists)");
  const auto flag = [&](const char* names, const char* key, const char* help) {
    app.add_option_function<std::string>(
        names, [&flags, key](const std::string& value) { flags.values[key] = value; }, help);
  };
  flag("--data", "data", "folder that holds everything (default: creatordex-data)");
  flag("--store", "store", "sqlite:FILE or memory:");
  flag("--embed", "embed", "openvino, openvino:FOLDER, hashing:DIMENSION or none");
  flag("--log-level", "log.level", "debug, info, warning or error");
}

Result<app::Config> effective_config(const GlobalFlags& flags,
                                     const std::map<std::string, std::string>& more) {
  const auto environment = app::creatordex_environment();
  auto file = flags.config_file;
  if (file.empty() && environment.contains("CREATORDEX_CONFIG")) file = environment.at("CREATORDEX_CONFIG");
  const bool required = !file.empty();
  if (!required) file = "creatordex.toml";
  auto values = flags.values;
  values.insert(more.begin(), more.end());
  CDX_TRY_LET(auto config, app::load_config(file, required, environment, values));
  const auto& level = config.text("log.level");
  log::set_level(level == "debug"     ? log::Level::debug
                 : level == "warning" ? log::Level::warning
                 : level == "error"   ? log::Level::error
                                      : log::Level::info);
  // Once, and before anything reads the vocabulary.
  static const Status taxonomy = app::use_taxonomy(config);
  CDX_TRY(taxonomy);
  return config;
}

int report(const Error& error) {
  std::fprintf(stderr, "creatordex: %s\n", error.message.c_str());
  if (error.kind == ErrorKind::cancelled) return 130;
  return error.kind == ErrorKind::invalid ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef CDX_WITH_IMAGE
  // Before any thread exists: a worker of the picture sandbox is nothing else.
  if (argc == 2 && argv[1] == image::worker_flag) return image::worker_main();
#endif
  app::watch_stop_signals();
  CLI::App program("creatordex finds creators: by words, by meaning, by filters.");
  program.require_subcommand(1);
  program.fallthrough();
  GlobalFlags flags;
  add_flags(program, flags);
  const app::Context context{[&flags](const auto& more) { return effective_config(flags, more); }};
  app::Runner runner;
  app::add_import(program, context, runner);
  app::add_search(program, context, runner);
  app::add_serve(program, context, runner);
  app::add_match(program, context, runner);
  app::add_embed(program, context, runner);
  app::add_enrich(program, context, runner);
  app::add_sample(program, context, runner);
  app::add_eval(program, context, runner);
#ifdef CDX_WITH_BENCHMARK
  app::add_bench(program, context, runner);
#endif
  app::add_credibility(program, context, runner);
  app::add_doctor(program, context, runner);
  app::add_index(program, context, runner);
#ifdef CDX_WITH_IMAGE
  app::add_images(program, context, runner);
#endif
#ifdef CDX_WITH_HUB
  app::add_model(program, context, runner);
#endif
  app::add_profile(program, context, runner);
  app::add_quarantine(program, context, runner);
  app::add_config(program, context, runner);
  app::add_synonyms(program, context, runner);
  app::add_taxonomy(program, context, runner);
  app::add_train(program, context, runner);
  app::add_version(program, context, runner);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return program.exit(wrong) == 0 ? 0 : 2;
  }
  if (!runner.run) return 2;
  const auto done = runner.run();
  return done ? 0 : report(done.error());
}
