// What the subcommands share: the loaded configuration, how an error is said, and how each adds itself to the
// program.
#pragma once

#include <functional>
#include <string>

#include "app/config.h"
#include "base/call.h"
#include "base/result.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the name is not ours
class App;
}

namespace cdx::app {

// What every subcommand may ask for once the command line has been read.
struct Context {
  // With what a subcommand's own flags say about keys.
  std::function<Result<Config>(const std::map<std::string, std::string>&)> config;
};

// A subcommand adds its options to `app` and leaves its work in `run`, which main calls afterwards.
struct Runner {
  std::function<Status()> run;
};
void add_bench(CLI::App& app, const Context& context, Runner& runner);
void add_config(CLI::App& app, const Context& context, Runner& runner);
void add_credibility(CLI::App& app, const Context& context, Runner& runner);
void add_doctor(CLI::App& app, const Context& context, Runner& runner);
void add_embed(CLI::App& app, const Context& context, Runner& runner);
void add_enrich(CLI::App& app, const Context& context, Runner& runner);
void add_eval(CLI::App& app, const Context& context, Runner& runner);
void add_eval_niche(CLI::App& eval, const Context& context, Runner& runner);
void add_eval_match(CLI::App& eval, const Context& context, Runner& runner);
void add_eval_tune(CLI::App& eval, const Context& context, Runner& runner);
void add_images(CLI::App& app, const Context& context, Runner& runner);
void add_import(CLI::App& app, const Context& context, Runner& runner);
void add_index(CLI::App& app, const Context& context, Runner& runner);
void add_match(CLI::App& app, const Context& context, Runner& runner);
void add_model(CLI::App& app, const Context& context, Runner& runner);
void add_model_use(CLI::App& model, const Context& context, Runner& runner);
void add_profile(CLI::App& app, const Context& context, Runner& runner);
void add_quarantine(CLI::App& app, const Context& context, Runner& runner);
void add_sample(CLI::App& app, const Context& context, Runner& runner);
void add_search(CLI::App& app, const Context& context, Runner& runner);
void add_serve(CLI::App& app, const Context& context, Runner& runner);
void add_synonyms(CLI::App& app, const Context& context, Runner& runner);
void add_taxonomy(CLI::App& app, const Context& context, Runner& runner);
void add_train(CLI::App& app, const Context& context, Runner& runner);
void add_version(CLI::App& app, const Context& context, Runner& runner);

// A call that ends when the user asks the program to stop.
Call stoppable_call();

}  // namespace cdx::app
