// The beginning of a staged file: how its records are parted and what its columns are called. Private to the
// room.
#pragma once

#include <memory>
#include <string>

#include "source/rows.h"
#include "source/source.h"
#include "source/stage.h"

namespace cdx::source {

struct Head {
  TableHead table;
  text::Dialect dialect;  // of delimited text
  Position first;         // of the first record
  std::unique_ptr<RowReader> rows;
};
Result<Head> read_head(Staged& staged, const FileSourceOptions& options);

// The JSON object that tells the normalize room how to read a record's body; docs/import.md describes it.
std::string layout_json(const Head& head, const Staged& staged, const std::string& mapping);

}  // namespace cdx::source
