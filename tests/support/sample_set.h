// The sample set in a store, for tests that walk over realistic creators.
#pragma once

#include <fstream>
#include <stdexcept>

#include "normalize/normalize.h"
#include "pipeline/pipeline.h"
#include "sample/sample.h"
#include "support/scratch.h"

namespace cdx::test {

// Takes in a file of accounts as `creatordex import` does.
inline void import_file(Store& store, const Clock& clock, const std::string& path) {
  FileSourceOptions file;
  file.path = path;
  file.terms.fetched_at = clock.now();
  file.choose_mapping = [](const TableHead& head) -> Result<std::string> {
    CDX_TRY_LET(const auto mapping, normalize::map_columns(head.columns, head.samples, {}));
    return normalize::to_json(mapping);
  };
  const auto source = *open_file_source(file);
  ImportReport report;
  if (const auto done = import_source({}, *source, store, clock, report, {}); !done)
    throw std::runtime_error(done.error().message);
}

// The sample of so many creators, as of the clock's day.
inline void import_sample(Store& store, const Clock& clock, std::uint64_t creators, std::uint64_t seed) {
  const Scratch folder;
  SampleOptions options;
  options.creators = creators;
  options.seed = seed;
  options.out = folder.path() / "sample";
  options.today = clock.now();
  if (const auto written = write_sample(options); !written) throw std::runtime_error(written.error().message);
  import_file(store, clock, (options.out / "accounts.ndjson").string());
}

// One account from one line of JSON.
inline void import_line(Store& store, const Clock& clock, const std::string& json) {
  const Scratch folder;
  const auto path = (folder.path() / "line.ndjson").string();
  std::ofstream(path) << json << "\n";
  import_file(store, clock, path);
}

inline void catch_up(Store& store, SearchBackend& backend, EmbeddingProvider* embedder, const Clock& clock) {
  Follower follower(store, backend, embedder, clock);
  if (const auto done = follower.catch_up({}); !done) throw std::runtime_error(done.error().message);
}

}  // namespace cdx::test
