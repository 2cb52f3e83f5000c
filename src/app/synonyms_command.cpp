#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/command.h"
#include "io/file.h"
#include "search/synonyms.h"

namespace cdx::app {
namespace {

std::string file_of(const Config& config) {
  return (std::filesystem::path(config.text("data")) / "synonyms.txt").string();
}

// What would be in force; reads nothing but the file.
Status check(const Context& context, const std::string& named) {
  CDX_TRY_LET(const auto config, context.config({}));
  const auto path = named.empty() ? file_of(config) : named;
  CDX_TRY_LET(const auto file, MappedFile::open(path));
  CDX_TRY_LET(const auto rules, Synonyms::read(file.bytes(), path));
  fmt::print("{}: right; {} words have synonyms with the built-in ones, version {}\n", path, rules.rules(),
             rules.version());
  return {};
}

Status show(const Context& context) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto book, open_synonyms(file_of(config)));
  const auto rules = book->current();
  fmt::print("# version {}; your own go into {}\n", rules->version(), file_of(config));
  for (const auto& line : rules->describe()) fmt::print("{}\n", line);
  return {};
}

}  // namespace

void add_synonyms(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("synonyms", "words that mean the same");
  command->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  auto* checking = command->add_subcommand("check", "say whether the file can be read, with the line if not");
  checking->add_option("file", *file, "default: synonyms.txt in the data folder");
  checking->callback(
      [&runner, &context, file] { runner.run = [&context, file] { return check(context, *file); }; });
  command->add_subcommand("show", "print what is in force, and its version")->callback([&runner, &context] {
    runner.run = [&context] { return show(context); };
  });
}

}  // namespace cdx::app
