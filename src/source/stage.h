// From a path to UTF-8 text that can be read by position, whatever the file was. Private to the source room.
#pragma once

#include <string>

#include "source/byte_file.h"
#include "source/source.h"

namespace cdx::source {

enum class Shape { delimited, cells, json };

struct Staged {
  ByteFile file;            // the file itself, or a nameless copy: unpacked, converted, or of a pipe
  std::uint64_t begin = 0;  // behind a byte order mark
  Shape shape = Shape::delimited;
  text::Encoding encoding = text::Encoding::utf8;  // that the file was in
  std::string sheet;                               // of a workbook
};

// Errors as open_file_source says; messages begin with a verb, for the caller puts the path before them.
Result<Staged> stage(const FileSourceOptions& options);

}  // namespace cdx::source
