// How the files of this room meet the operating system: one way to open, one way to tell what failed.
#pragma once

#include <fcntl.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "base/result.h"

namespace cdx {

// Names the path, what was tried and the system's reason.
inline tl::unexpected<Error> failed(const std::string& path, std::string_view doing, int code) {
  const auto kind = code == ENOENT || code == ENOTDIR ? ErrorKind::not_found : ErrorKind::unavailable;
  return fail(kind, path + ": cannot " + std::string(doing) + ": " + std::generic_category().message(code));
}

inline int open_retrying(const std::string& path, int flags) {
  int file = -1;
  do {
    file = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  } while (file < 0 && errno == EINTR);
  return file;
}

}  // namespace cdx
