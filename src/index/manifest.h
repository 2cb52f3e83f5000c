// Which files make up an index: a small text, published whole (docs/formats/index.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/segment.h"
#include "model/document.h"
#include "model/ids.h"

namespace cdx::engine {

struct Manifest {
  struct Entry {
    std::uint64_t segment = 0;
    std::uint64_t rows = 0;
    std::uint64_t tombstones = 0;  // number of their file; 0: none
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::uint32_t layout = segment_layout;  // of the program that wrote it
  std::string schema;                     // schema_mark() of what the segments were written for
  std::vector<VectorField> spaces;        // the vector fields of that schema that have a space of their own
  Revision revision;                      // reached by the segments alone
  std::uint64_t first_log = 1;            // what came after stands in the logs from this number on
  std::uint64_t next = 1;                 // number of the next file
  std::vector<Entry> segments;
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// The part of a schema that decides whether segments fit: names, kinds, dimensions and spaces, not weights.
std::string schema_mark(const Schema& schema);

std::string print(const Manifest& manifest);
// `corrupt` (with the line) for a text that is not whole or does not match its checksum; `unsupported` for a
// newer one.
Result<Manifest> parse_manifest(std::string_view text);

}  // namespace cdx::engine
