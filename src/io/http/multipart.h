// Bodies of forms with files (multipart/form-data, RFC 7578) taken apart, strictly. Part of
// io/http/http_server.h; no foreign type shows.
//
// Promises: nothing is copied but file names; every part is where its borders say or the whole body is
// refused with the place and the reason; what other readers could read otherwise is refused, not guessed: a
// preamble, an epilogue, bare line feeds, folded headers, borders inside of parts, parts inside of parts,
// transfer encodings. Never: looks at what a part holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx::http {

struct MultipartLimits {
  std::size_t parts = 256;
  std::size_t header_bytes = 4 * 1024;  // of one part, with its empty line
  std::size_t header_lines = 16;        // of one part
  std::size_t name_bytes = 200;         // of a field's name
  std::size_t file_name_bytes = 1'000;
};

struct Part {
  std::string_view name;        // of the form's field; never empty
  bool is_file = false;         // it came with a file name, perhaps an empty one
  std::string file_name;        // last step of the path, as sent by a stranger: to be shown, never opened
  std::string_view media_type;  // as sent; empty: none
  std::string_view bytes;       // borrowed from the body
};

bool is_multipart(std::string_view content_type);  // multipart/form-data, with whatever parameters

// `content_type` is the request's. At least one part. `invalid` says which part, at which byte, and why.
Result<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body,
                                         const MultipartLimits& limits = {});

}  // namespace cdx::http
