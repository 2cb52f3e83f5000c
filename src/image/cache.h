// PictureCache: what was made of pictures, kept on disk under what it was made of: thumbnails, CLIP inputs.
//
// A cache: it may forget anything, never the other way round. An entry is handed out as it was put, or not at
// all: files that are damaged, cut short by a kill or put there by others count as absent. Thread-safe;
// several processes may share a folder, each then keeps to the limit for what it knows of.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace cdx::image {

struct PictureCacheOptions {
  std::string folder;
  std::uint64_t max_bytes = std::uint64_t{2} << 30;
};

class PictureCache {
 public:
  struct Key {
    Digest original{};  // of the file that the picture came in
    std::string kind;   // what was made: "thumb-256", "clip"; letters, digits and hyphens
    int version = 1;    // of how it was made
  };

  // Makes the folder where it is missing, learns what is there, and makes it fit. `unavailable` with the
  // reason.
  static Result<std::unique_ptr<PictureCache>> open(PictureCacheOptions options);

  // Absent where it was never put, was thrown out, or is not as it was put.
  std::optional<std::string> get(const Key& key);
  // May throw out what was not asked for longest. An entry above a quarter of the limit is not kept, which is
  // no error. `unavailable` where the disk refuses: then the entry is as it was, or absent.
  Status put(const Key& key, std::string_view bytes);
  // Everything made of one original. For erasure: what other processes put meanwhile is found too.
  Status erase(const Digest& original);

  std::uint64_t bytes() const;  // on disk, as far as known

 private:
  struct Entry {
    std::uint64_t bytes = 0;
    std::list<std::string>::iterator place;  // in by_use_
  };
  explicit PictureCache(PictureCacheOptions options) : options_(std::move(options)) {}
  Status learn();
  void note(const std::string& name, std::uint64_t bytes);  // as used last
  void drop(const std::string& name);
  void make_fit();

  PictureCacheOptions options_;
  mutable std::mutex mutex_;  // over what follows, never held while a file is read or written
  std::map<std::string, Entry, std::less<>> entries_;
  std::list<std::string> by_use_;  // names, longest unused first
  std::uint64_t bytes_ = 0;
  std::uint64_t drafts_ = 0;
};

}  // namespace cdx::image
