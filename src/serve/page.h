// The embedded web page as answers. Private to serve.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/http/http_message.h"
#include "serve/serve.h"

namespace cdx::serve {

class Page {
 public:
  // `invalid` when a path is named twice or does not begin with "/".
  static Result<Page> of(const std::vector<PageFile>& files);

  // The file of this path; "/index.html" for "/" and for paths whose last part has no dot. Absent: no such
  // file. Paths are matched as they stand, after decoding: there is no file system behind them.
  std::optional<http::Response> answer(const http::Request& request) const;

 private:
  struct File {
    std::string_view bytes;
    std::string media_type;
    std::string etag;
    bool lasting = false;  // its name changes with its bytes
  };
  std::map<std::string, File, std::less<>> files_;
};

// Whether an If-None-Match, a list of tags or "*" (RFC 9110, 13.1.2), names this tag; a weak tag of ours
// still names the same bytes.
bool etag_matches(std::string_view list, std::string_view etag);
std::string_view media_type_of(std::string_view path);

}  // namespace cdx::serve
