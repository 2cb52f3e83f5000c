// Files with an owner: mapped for reading, replaced as a whole, and a lock that keeps a second process out.
//
// Every error names the path. `not_found` for what is absent, `unavailable` for what the system refuses now
// (no space, no permission, in use). Nothing here interprets contents.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx {

// The bytes of a file, read-only. They stay valid until the owner goes, also when the file is replaced or
// deleted meanwhile; a file that is cut short by others while mapped is not protected against.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept { swap(other); }
  MappedFile& operator=(MappedFile&& other) noexcept {
    swap(other);
    return *this;
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::string_view bytes() const { return {static_cast<const char*>(address_), size_}; }

 private:
  void swap(MappedFile& other) noexcept;

  void* address_ = nullptr;
  std::size_t size_ = 0;
};

// Writes beside the target and takes its place only at commit(): readers see the old file or the new one,
// whole, also after a crash. Without commit() nothing remains.
class ReplacingFile {
 public:
  static Result<ReplacingFile> open(std::string target);
  ReplacingFile(ReplacingFile&& other) noexcept;
  ReplacingFile& operator=(ReplacingFile&&) = delete;
  ReplacingFile(const ReplacingFile&) = delete;
  ReplacingFile& operator=(const ReplacingFile&) = delete;
  ~ReplacingFile();

  Status append(std::string_view bytes);
  // Durable on return. Nothing may be appended afterwards.
  Status commit();

 private:
  ReplacingFile(std::string target, std::string draft, int file);
  Status flush();
  void discard();

  std::string target_, draft_, pending_;
  int file_ = -1;
};

Status replace_file(const std::string& path, std::string_view contents);
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);  // `invalid` above max_bytes

// Held by one process at a time, and released by the system when that process ends in any way.
class LockFile {
 public:
  // `unavailable`, naming the holder's process, when somebody else has it. Does not wait.
  static Result<LockFile> acquire(const std::string& path);
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&&) = delete;
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;
  ~LockFile();

 private:
  explicit LockFile(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace cdx
