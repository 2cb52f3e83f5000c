// The folder of a sample set: what may be in it, and files that appear only when whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cdx::sample {

// Makes the folder, or empties it of an older sample set. `invalid` when it holds anything else.
Status prepare_folder(const std::filesystem::path& folder, std::string_view readme);

// Appends to `path` + ".partial"; finish() gives the file its name. Errors name the file and the system's
// reason.
class OutFile {
 public:
  OutFile() = default;
  OutFile(OutFile&& other) noexcept;
  OutFile& operator=(OutFile&& other) noexcept;
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;
  ~OutFile();

  static Result<OutFile> open(const std::filesystem::path& path);
  Status write(std::string_view bytes);
  Status write_at(std::uint64_t offset, std::string_view bytes);
  Status finish();
  std::uint64_t size() const { return size_; }

 private:
  Status put(std::string_view bytes);
  void close();

  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace cdx::sample
