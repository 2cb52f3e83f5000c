#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "evaluate/tune.h"
#include "match/match.h"

namespace cdx::app {
namespace {

struct ProfileFlags {
  std::string kind = "ranking", name, file;
};

Status check_kind(const std::string& kind) {
  if (kind == "ranking" || kind == "match") return {};
  return fail(ErrorKind::invalid, "--kind must be ranking or match");
}

std::string shown(const std::string& name) { return name.empty() ? "built in" : name; }

AuditEntry entry(const Clock& clock, std::string action, std::string subject, const std::string& from) {
  JsonWriter detail;
  detail.object([&] { detail.key("before").value(shown(from)); });
  return {clock.now(), "cli", std::move(action), std::move(subject), detail.take()};
}

Status run_list(const Context& context, const ProfileFlags& flags) {
  CDX_TRY(check_kind(flags.kind));
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  CDX_TRY_LET(const auto active, ledger.usage->active_profile({}, flags.kind));
  CDX_TRY_LET(const auto kept, ledger.usage->profiles({}, flags.kind));
  fmt::print("in use: {}; before: {}\n", shown(active.name), shown(active.previous));
  for (const auto& one : kept)
    fmt::print("{}  {}\n  settings {}\n  evidence {}\n", one.name, format_time(one.at), one.settings,
               one.evidence);
  return {};
}

// A file that `eval tune` wrote, or bare weights: read before they are kept.
Status run_add(const Context& context, const ProfileFlags& flags) {
  CDX_TRY(check_kind(flags.kind));
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto text, read_file(flags.file, 1'000'000));
  const SystemClock clock;
  CDX_TRY_LET(auto profile, evaluate::parse_profile(text, flags.file));
  profile.name = flags.name;
  profile.kind = flags.kind;
  profile.at = clock.now();
  CDX_TRY(read_profile(profile.name,
                       flags.kind == "match" ? profile.settings : "{\"ranking\":" + profile.settings + "}"));
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  CDX_TRY(ledger.usage->put_profile({}, profile, entry(clock, "profile.add", flags.name, "")));
  fmt::print("kept as {}; `creatordex profile --kind {} use {}` puts it to use\n", flags.name, flags.kind,
             flags.name);
  return {};
}

Status switch_to(const Config& config, const std::string& kind, const std::string& action,
                 const std::optional<std::string>& name) {
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  CDX_TRY_LET(const auto active, ledger.usage->active_profile({}, kind));
  const SystemClock clock;
  const auto to = name.value_or(active.previous);
  CDX_TRY(ledger.usage->switch_profile({}, kind, to, entry(clock, action, shown(to), active.name)));
  fmt::print("{}: {} is in use; before: {}\n", kind, shown(to), shown(active.name));
  return {};
}

Status run_history(const Context& context) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto ledger, open_ledger(config));
  CDX_TRY_LET(const auto entries, ledger.usage->audits({}, 100));
  for (const auto& one : entries)
    fmt::print("{}  {}  {}  {}  {}\n", format_time(one.at), one.actor, one.action, one.subject, one.detail);
  return {};
}

}  // namespace

void add_profile(CLI::App& app, const Context& context, Runner& runner) {
  auto* command = app.add_subcommand("profile", "ranking and scoring weights: kept, switched, rolled back");
  command->require_subcommand(1);
  auto flags = std::make_shared<ProfileFlags>();
  command->add_option("--kind", flags->kind, "ranking (default) or match");
  auto* list = command->add_subcommand("list", "those there are, with their evidence, and which is in use");
  list->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_list(context, *flags); }; });
  auto* add = command->add_subcommand("add", "keep the weights of a JSON file under a name");
  add->add_option("name", flags->name)->required();
  add->add_option("file", flags->file)->required();
  add->callback(
      [&runner, &context, flags] { runner.run = [&context, flags] { return run_add(context, *flags); }; });
  auto* use = command->add_subcommand("use", "put one to use; without a name the built-in one");
  use->add_option("name", flags->name);
  use->callback([&runner, &context, flags] {
    runner.run = [&context, flags]() -> Status {
      CDX_TRY(check_kind(flags->kind));
      CDX_TRY_LET(const auto config, context.config({}));
      return switch_to(config, flags->kind, "profile.switch", flags->name);
    };
  });
  auto* back = command->add_subcommand("rollback", "go back to the one before");
  back->callback([&runner, &context, flags] {
    runner.run = [&context, flags]() -> Status {
      CDX_TRY(check_kind(flags->kind));
      CDX_TRY_LET(const auto config, context.config({}));
      return switch_to(config, flags->kind, "profile.rollback", std::nullopt);
    };
  });
  auto* history = command->add_subcommand("history", "who changed which setting, the newest first");
  history->callback([&runner, &context] { runner.run = [&context] { return run_history(context); }; });
}

}  // namespace cdx::app
