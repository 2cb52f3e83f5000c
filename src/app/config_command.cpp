#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"

namespace cdx::app {
namespace {

Status show(const Context& context) {
  CDX_TRY_LET(const auto config, context.config({}));
  for (const auto& key : keys()) {
    const auto& setting = config.settings().at(key.name);
    fmt::print("{} = {}  # {}; {}\n", key.name,
               key.secret ? "(hidden)" : fmt::format("\"{}\"", setting.value), setting.origin, key.help);
  }
  return {};
}

}  // namespace

void add_config(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("config", "the effective configuration");
  command->require_subcommand(1);
  command->add_subcommand("show", "print every key with its value and where it comes from")->callback([&] {
    runner.run = [&] { return show(context); };
  });
}

}  // namespace cdx::app
