// An XLSX workbook becomes JSON lines: one array of cell texts a row. Private to the source room.
#pragma once

#include <string>

#include "source/byte_file.h"
#include "source/zip_file.h"

namespace cdx::source {

struct WorkbookOptions {
  std::string sheet;  // empty: the first that is not empty
  std::string temporary_dir;
  ZipLimits zip;
  std::size_t shared_strings = 1'000'000;
};

struct WorkbookRows {
  ByteFile lines;     // line N is row N of the sheet; an empty row is "[]"
  std::string sheet;  // its name
};

// Cells come as a person sees them: dates in ISO form by their style, percents with their sign, TRUE and
// FALSE, errors as "#N/A". `unsupported` for other archives (OpenDocument, binary workbooks, plain zip),
// naming what it is.
Result<WorkbookRows> read_workbook(const ByteFile& file, const WorkbookOptions& options);

}  // namespace cdx::source
