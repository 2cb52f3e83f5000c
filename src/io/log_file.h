// A write-ahead log: records appended, each durable when append returns, read back at the next start.
//
// Layout (docs/formats/index.md): a 16-byte head, then records at multiples of 8 bytes, each with a checksum
// over its length and place and one over its bytes. A torn end (a record incomplete or not matching, nothing
// sound at any multiple of 8 behind it) is what a crash leaves: it was never acknowledged, and is cut off.
// Damage before a sound record is `corrupt`: nothing is cut, the caller decides. What cannot be told apart
// from a torn end, and is cut as one, is later damage to the last record or to all records from one on;
// Replay::torn_bytes tells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "io/disk.h"

namespace cdx {

// One thread at a time, one owner of a path at a time.
class LogFile {
 public:
  static constexpr std::size_t max_record_bytes = std::size_t{1} << 30U;
  struct Replay {
    std::size_t records = 0;
    std::uint64_t bytes = 0;       // sound, head included
    std::uint64_t torn_bytes = 0;  // cut off behind them
  };
  // A new, empty log, durable with its name. Replaces a file of that name.
  static Result<LogFile> create(Disk& disk, const std::string& path);
  // Reads all records in order (borrowed for the visit), cuts a torn end off, makes durable what it read, and
  // is ready to append. A file shorter than its head, or with a torn head and zeros behind it, is an empty
  // log. `corrupt` with path and offset for damage in the middle or a strange head; `unsupported` for a newer
  // version; `not_found`. An error of `visit` ends the reading and is returned; nothing is changed then.
  // Repeating it after an error or a crash at any point is safe; the file never grows beyond a head.
  static Result<LogFile> open(Disk& disk, const std::string& path,
                              const std::function<Status(std::span<const std::byte>)>& visit,
                              Replay* told = nullptr);
  // The same without writing: for a reader beside the log's owner. What is being appended looks like a torn
  // end.
  static Result<Replay> read(const Disk& disk, const std::string& path,
                             const std::function<Status(std::span<const std::byte>)>& visit);
  LogFile(LogFile&&) noexcept;
  LogFile& operator=(LogFile&&) noexcept;
  ~LogFile();

  // Durable on success. `invalid` for more than max_record_bytes: nothing was written, the log goes on. After
  // any other error the log is closed for good: further appends fail with the same error. Whether that record
  // is found at the next open is not known (an attempt was made to cut it off); those before it are.
  Status append(std::span<const std::byte> record);
  std::uint64_t size_bytes() const;  // acknowledged, head included

 private:
  LogFile(Disk& disk, std::string path, std::unique_ptr<DiskFile> file);
  Status write(std::span<const std::byte> record);

  Disk* disk_;
  std::string path_;
  std::unique_ptr<DiskFile> file_;
  std::uint64_t size_bytes_ = 0;
  Status broken_;
};

}  // namespace cdx
