// Disk: the seam to a file system, for those who must not lose what they acknowledged: logs, segments,
// manifests.
//
// Twins: PosixDisk (posix_disk()), SimulatedDisk (tests/support: loses power, tears and reorders what was not
// synced, fails the n-th call). Paths are those of the operating system; folders are made with make_folder.
// Every error names the path, the call and the system's reason: `unavailable` when trying again may help (no
// space, I/O error, permission), `not_found` for what is absent, `corrupt` for bytes that do not match.
//
// What survives a power loss: bytes of a file that were there at a successful sync() of it; names (create,
// rename, remove) as they were at a successful sync_folder(). After a failed sync nothing may be assumed of
// that file, and the writer must not try again but start another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx {

// Written from front to end by one thread at a time. Any error is final: every further call on the file gives
// it again, and nothing may be assumed of what was not synced before. Closing neither writes nor syncs: what
// was appended since the last sync() may be gone.
class DiskFile {
 public:
  virtual ~DiskFile() = default;
  // Seen by map() from the next successful sync() on, perhaps earlier. An error may come with a later call.
  virtual Status append(std::span<const std::byte> bytes) = 0;
  virtual Status sync() = 0;  // makes bytes and size durable; the name is sync_folder's matter
  // Cuts off what is behind `size`, which is at most size(); appends go there. Nobody may have those bytes
  // mapped and touch them afterwards.
  virtual Status truncate(std::uint64_t size) = 0;
  virtual std::uint64_t size() const = 0;
};

// Read-only bytes of a file as they were; valid until the owner goes, also after the file is removed, renamed
// or replaced. Begins at a page border. Thread-safe.
class DiskBytes {
 public:
  virtual ~DiskBytes() = default;
  virtual std::span<const std::byte> bytes() const = 0;
  // Hints: a run will be read soon; access will jump about, or go from front to end again.
  virtual void will_need(std::uint64_t offset, std::uint64_t length) const = 0;
  virtual void random_access(bool random = true) const = 0;
};

// Thread-safe; calls about one name from several threads take effect in some order.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual Status make_folder(const std::string& path) = 0;  // and its parents; durable, no error when there
  virtual Result<std::vector<std::string>> list(const std::string& folder) const = 0;  // file names, sorted
  // Empty. What had that name loses it and stays readable where it is mapped.
  virtual Result<std::unique_ptr<DiskFile>> create(const std::string& path) = 0;
  virtual Result<std::unique_ptr<DiskFile>> open_end(const std::string& path) = 0;  // to append to
  virtual Result<std::unique_ptr<DiskBytes>> map(const std::string& path) const = 0;
  // Takes the place of `to` at once: also after a crash `to` is the old file or the new one.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;  // no error when absent
  virtual Status sync_folder(const std::string& folder) = 0;
};

Disk& posix_disk();

std::string folder_of(const std::string& path);  // what to sync_folder() for a name to be durable

// Contents small enough to hold, replaced as a whole and durable on success: readers see the old file or the
// new one, also after an error or a crash. Writes `path`.new first; one writer of a path at a time.
Status replace_file(Disk& disk, const std::string& path, std::span<const std::byte> contents);

}  // namespace cdx
