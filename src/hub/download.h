// One file over HTTP into a part that grows. Part of the hub room.
#pragma once

#include "hub/hub.h"

namespace cdx::hub {

// What one attempt came to.
struct Attempt {
  bool may_pass = false;  // trying again may help; the part keeps what came
  bool restart = false;   // the part does not fit what the server has
  Error error = {};       // when it did not end with all bytes
};

class Downloader {
 public:
  Downloader();
  ~Downloader();
  Downloader(const Downloader&) = delete;
  Downloader& operator=(const Downloader&) = delete;

  // Brings the part at `path` from its present size to `file.bytes`, or says why not. Never beyond that size.
  // `grown` gets the part's size as it grows.
  Result<void> run(const Call& call, const PullOptions& options, const PinnedFile& file,
                   const std::string& path, const std::function<void(std::uint64_t)>& grown,
                   Attempt& attempt);

 private:
  void* easy_;
};

}  // namespace cdx::hub
