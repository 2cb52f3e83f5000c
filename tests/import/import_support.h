// Imports one file without a store: pull, normalise, count. For tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "normalize/normalize.h"
#include "source/source.h"
#include "support/scratch.h"

namespace cdx::test {

// The folder with shared test data, or nothing.
inline std::filesystem::path shared_data() {
  const char* told = std::getenv("CREATORDEX_SHARED");
  const std::filesystem::path root =
      told != nullptr ? std::filesystem::path(told) : std::filesystem::path(CDX_SOURCE_DIR) / ".." / "shared";
  return std::filesystem::exists(root / "data") ? root / "data" : std::filesystem::path();
}

struct Imported {
  std::optional<Error> refused;
  normalize::Mapping mapping;
  std::string layout;
  std::size_t rows = 0, blank = 0;
  std::vector<normalize::Normalized> accounts;
  std::map<std::string, std::size_t> reasons;  // of quarantined rows
  std::size_t quarantined() const {
    std::size_t sum = 0;
    for (const auto& [reason, count] : reasons) sum += count;
    return sum;
  }
};

inline FileSourceOptions options_for(const std::filesystem::path& path, normalize::Mapping& mapping,
                                     const normalize::MapOptions& told = {}) {
  FileSourceOptions options;
  options.path = path.string();
  options.terms.basis = "test";
  options.terms.fetched_at = Time(std::chrono::seconds(1'700'000'000));
  options.choose_mapping = [&mapping, told](const TableHead& head) -> Result<std::string> {
    normalize::MapOptions map = told;
    map.file_name = head.path;
    CDX_TRY_LET(mapping, normalize::map_columns(head.columns, head.samples, map));
    return normalize::to_json(mapping);
  };
  return options;
}

inline Imported import_file(const std::filesystem::path& path, const normalize::MapOptions& told = {},
                            FileSourceOptions* base = nullptr) {
  Imported out;
  FileSourceOptions options = options_for(path, out.mapping, told);
  if (base != nullptr) {
    base->path = options.path;
    base->terms = options.terms;
    base->choose_mapping = options.choose_mapping;
    options = *base;
  }
  auto source = open_file_source(options);
  if (!source) {
    out.refused = source.error();
    return out;
  }
  out.layout = (*source)->card().layout;
  normalize::Normalizer normalizer;
  std::optional<Cursor> at;
  do {
    auto page = (*source)->pull(Call{}, at);
    if (!page) {
      out.refused = page.error();
      return out;
    }
    out.rows += page->records.size() + page->bad.size();
    out.blank += page->blank;
    for (const BadRecord& bad : page->bad)
      ++out.reasons[bad.column.empty() ? bad.reason : bad.column + ": " + bad.reason];
    for (const RawRecord& record : page->records) {
      auto done = normalizer.normalize(record);
      if (done) {
        out.accounts.push_back(std::move(*done));
      } else {
        ++out.reasons[done.error().message];
      }
    }
    at = page->next;
  } while (at);
  return out;
}

}  // namespace cdx::test
