#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/command.h"
#include "app/progress.h"
#include "base/json_text.h"
#include "hub/hub.h"

namespace cdx::app {
namespace {

std::string folder_of(const Config& config, const std::string& model) {
  return (std::filesystem::path(config.text("data")) / "models" / model).string();
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
}

Status run_pull(const Context& context, const std::string& name) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto model, hub::find_model(name));
  hub::PullOptions options;
  options.folder = folder_of(config, name);
  if (!config.text("model_mirror").empty()) options.base = config.text("model_mirror");
  Progress progress("model pull " + name, "MB");
  CDX_TRY(hub::pull(stoppable_call(), model, options, [&](const hub::PullProgress& now) {
    progress.show(now.done / 1'000'000, static_cast<double>(now.done) / static_cast<double>(now.total));
  }));
  progress.finish(fmt::format("{}: {} files, {}, all as pinned, in {}", name, model.files.size(),
                              megabytes(model.bytes()), options.folder));
  return {};
}

// How a model stands: right when all files are, else the first state that is not.
Result<hub::FileState> state_of(const Call& call, const Config& config, const hub::PinnedModel& model) {
  for (const auto& file : model.files) {
    CDX_TRY_LET(const auto state, hub::check_file(call, folder_of(config, model.name), file, false));
    if (state != hub::FileState::right) return state;
  }
  return hub::FileState::right;
}

Status run_list(const Context& context, bool json) {
  CDX_TRY_LET(const auto config, context.config({}));
  for (const auto& model : hub::known_models()) {
    CDX_TRY_LET(const auto state, state_of(stoppable_call(), config, model));
    const std::string shown(state == hub::FileState::right ? "installed" : hub::name(state));
    if (!json) {
      fmt::print("{:<34} {:<10} {:>8}  {} ({})\n", model.name, shown, megabytes(model.bytes()), model.about,
                 model.terms);
      continue;
    }
    JsonWriter out;
    out.object([&] {
      out.key("model").value(model.name).key("status").value(shown).key("bytes").value(model.bytes());
      out.key("about").value(model.about).key("terms").value(model.terms);
    });
    fmt::print("{}\n", out.text());
  }
  return {};
}

Status run_verify(const Context& context, const std::string& name) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto model, hub::find_model(name));
  std::size_t wrong = 0;
  for (const auto& file : model.files) {
    CDX_TRY_LET(const auto state, hub::check_file(stoppable_call(), folder_of(config, name), file, true));
    wrong += state == hub::FileState::right ? 0 : 1;
    fmt::print("{:<11} {}/{}\n", hub::name(state), folder_of(config, name), file.name);
  }
  if (wrong == 0) return {};
  return fail(ErrorKind::corrupt,
              fmt::format("{} of {} files are not as pinned; `creatordex model pull {}` mends it", wrong,
                          model.files.size(), name));
}

}  // namespace

void add_model(CLI::App& app, const Context& context, Runner& runner) {
  auto* model = app.add_subcommand(
      "model", "models: fetched and checked against what is pinned; which one reads pictures");
  model->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto* pull = model->add_subcommand("pull", "fetch a model into the data folder, or go on with it");
  pull->add_option("NAME", *name, "as `model list` shows it")->required();
  pull->callback(
      [&runner, &context, name] { runner.run = [&context, name] { return run_pull(context, *name); }; });
  auto json = std::make_shared<bool>(false);
  auto* list = model->add_subcommand("list", "the models that are known, and which are installed");
  list->add_flag("--json", *json, "one JSON object a line");
  list->callback(
      [&runner, &context, json] { runner.run = [&context, json] { return run_list(context, *json); }; });
  auto* verify =
      model->add_subcommand("verify", "reads every byte of a model and compares it with what is pinned");
  verify->add_option("NAME", *name, "as `model list` shows it")->required();
  verify->callback(
      [&runner, &context, name] { runner.run = [&context, name] { return run_verify(context, *name); }; });
  add_model_use(*model, context, runner);
}

}  // namespace cdx::app
