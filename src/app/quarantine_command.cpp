#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/wiring.h"
#include "base/json_text.h"
#include "text/text.h"

namespace cdx::app {
namespace {

struct QuarantineFlags {
  std::string source;
  std::size_t limit = 100;
  bool json = false;
};

void print(const Quarantined& row, bool json) {
  if (!json) {
    fmt::print("{} {}{}: {}\n", row.source, row.key, row.column.empty() ? "" : ", column " + row.column,
               row.reason);
    return;
  }
  JsonWriter out;
  out.object([&] {
    out.key("source").value(row.source).key("key").value(row.key).key("column").value(row.column);
    out.key("reason").value(row.reason).key("at").value(format_time(row.at)).key("body").value(row.body);
  });
  fmt::print("{}\n", out.text());
}

Status run_quarantine(const Context& context, const QuarantineFlags& flags) {
  CDX_TRY_LET(const auto config, context.config({}));
  CDX_TRY_LET(const auto store, open_store(config));
  CDX_TRY_LET(const auto rows, store->quarantine(stoppable_call(), flags.source, flags.limit));
  for (const auto& row : rows) print(row, flags.json);
  return {};
}

}  // namespace

void add_quarantine(CLI::App& app, const Context& context, Runner& runner) {
  auto* command =
      app.add_subcommand("quarantine", "rows that could not be taken, each with place and reason");
  auto flags = std::make_shared<QuarantineFlags>();
  command->add_option("--source", flags->source, "only rows of this source, such as file:list.csv");
  command->add_option("--limit", flags->limit, "at most so many (default 100)");
  command->add_flag("--json", flags->json, "one JSON object a line, with the row itself");
  command->callback([&runner, &context, flags] {
    runner.run = [&context, flags] { return run_quarantine(context, *flags); };
  });
}

}  // namespace cdx::app
