#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "index/index.h"
#include "normalize/normalize.h"
#include "pipeline/pipeline.h"
#include "store/sqlite/sqlite_store.h"
#include "vocab/vocab.h"

namespace cdx::app {

void add_version(CLI::App& app, const Context&, Runner& runner) {
  auto* command = app.add_subcommand("version", "the version of the program and of what it writes");
  auto formats = std::make_shared<bool>(false);
  command->add_flag("--formats", *formats, "also the versions of store, rules and vocabulary");
  command->callback([&runner, formats] {
    runner.run = [formats]() -> Status {
      fmt::print("creatordex {}\n", CDX_VERSION);
      if (*formats)
        fmt::print(
            "store schema {}\nindex format {}\nmapping {}\nderivation rules {}\nvocabulary {}\nHTTP API v1\n",
            sqlite_schema_version(), index_format_version(), normalize::mapping_version(),
            derivation_version(), vocab::version());
      return {};
    };
  });
}

}  // namespace cdx::app
