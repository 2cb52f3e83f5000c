// Entries of a zip archive from strangers, within limits. Private to the source room.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "source/byte_file.h"

namespace cdx::source {

struct ZipLimits {
  std::uint64_t unpacked_bytes = 100'000'000;  // of all entries read, together
  std::uint64_t ratio = 100;                   // unpacked to packed, for entries over 1 MB
  std::size_t entries = 1'000;
};

class ZipFile {
 public:
  static Result<ZipFile> open(const ByteFile& file, const ZipLimits& limits);
  ZipFile(ZipFile&&) noexcept;
  ~ZipFile();

  bool has(std::string_view name) const;
  bool any(const std::function<bool(std::string_view)>& wanted) const;
  // Gives the entry's bytes piece by piece; what the archive says about sizes is not believed.
  Status stream(std::string_view name, const std::function<Status(std::string_view)>& piece);
  Result<std::string> read(std::string_view name, std::size_t limit);

 private:
  struct Handle;
  explicit ZipFile(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace cdx::source
