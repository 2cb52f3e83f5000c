// Open files: bytes by position, and nameless temporary files. Private to the source room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace cdx::source {

// A readable file of known size. Reads go through one bounded window, so a file of any size costs the same
// memory.
class ByteFile {
 public:
  ByteFile() = default;
  ByteFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  ByteFile(ByteFile&& other) noexcept { swap(other); }
  ByteFile& operator=(ByteFile&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ByteFile();

  std::uint64_t size() const { return size_; }
  int descriptor() const { return descriptor_; }
  // At least `wanted` bytes from `offset`, or all that are left. Valid until the next call.
  Result<std::string_view> view(std::uint64_t offset, std::size_t wanted);
  // Straight from the file; less than asked for only at its end.
  Result<std::size_t> read(std::uint64_t offset, char* into, std::size_t size) const;

 private:
  void swap(ByteFile& other) noexcept;

  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t window_begin_ = 0;
  std::string window_;
};

struct OpenedFile {
  ByteFile file;
  bool regular = true;  // false: a pipe or device, to be copied before it can be read by position
};
Result<OpenedFile> open_path(const std::string& path);

// A file without a name, gone with its last descriptor. Written front to back, then read.
class TemporaryFile {
 public:
  static Result<TemporaryFile> make(const std::string& directory, std::uint64_t limit);
  TemporaryFile(TemporaryFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {
    size_ = other.size_;
    limit_ = other.limit_;
    buffer_ = std::move(other.buffer_);
  }
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  Status append(std::string_view bytes);  // `invalid` past the limit, `unavailable` when the disk is full
  std::uint64_t size() const { return size_; }
  Result<ByteFile> finish();

 private:
  TemporaryFile(int descriptor, std::uint64_t limit) : descriptor_(descriptor), limit_(limit) {}
  Status flush();

  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t limit_ = 0;
  std::string buffer_;
};

// Copies everything a pipe or device gives.
Result<ByteFile> spool(int descriptor, const std::string& directory, std::uint64_t limit);

}  // namespace cdx::source
