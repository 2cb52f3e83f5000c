#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/progress.h"
#include "base/time.h"
#include "sample/sample.h"

namespace cdx::app {
namespace {

struct SampleFlags {
  SampleOptions options;
  std::string out, today;
};

Status run_sample(SampleFlags& flags) {
  auto& options = flags.options;
  options.out = flags.out;
  options.call = stoppable_call();
  options.today = std::chrono::floor<std::chrono::days>(SystemClock().now());
  if (!flags.today.empty()) {
    const auto day = parse_time(flags.today);
    if (!day)
      return fail(ErrorKind::invalid,
                  fmt::format("--today is \"{}\", but must be a date like 2026-11-21", flags.today));
    options.today = *day;
  }
  Progress progress("sample", "creators");
  CDX_TRY(write_sample(options, [&](const SampleProgress& now) {
    progress.show(now.creators,
                  now.total == 0 ? 1 : static_cast<double>(now.creators) / static_cast<double>(now.total));
  }));
  progress.finish(fmt::format("{} creators in {} ({}); import {}/accounts.ndjson", options.creators,
                              flags.out, short_duration(progress.seconds()), flags.out));
  return {};
}

}  // namespace

void add_sample(CLI::App& app, const Context&, Runner& runner) {
  auto* command = app.add_subcommand("sample", "write a synthetic set of creators with known truth");
  auto flags = std::make_shared<SampleFlags>();
  command->add_option("--creators", flags->options.creators, "how many (default 1000)");
  command->add_option("--seed", flags->options.seed, "equal seeds give equal bytes (default 1)");
  command->add_option("--out", flags->out, "folder to write; empty or an older sample set")->required();
  command->add_option("--today", flags->today, "newest day of the set (default: today)");
  command->add_flag("--vectors", flags->options.vectors, "also ready-made clustered vectors");
  command->callback([&runner, flags] { runner.run = [flags] { return run_sample(*flags); }; });
}

}  // namespace cdx::app
