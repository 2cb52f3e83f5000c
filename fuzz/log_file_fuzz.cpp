// Logs of hostile bytes: opening never crashes, never lets the file grow beyond a head, and what it once
// accepted it gives back the same, with a record appended behind it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "io/log_file.h"
#include "support/simulated_disk.h"

namespace {

using namespace cdx;

void require(bool fine) {
  if (!fine) std::abort();
}

using Records = std::vector<std::vector<std::byte>>;

Result<LogFile> open(Disk& disk, Records& records) {
  return LogFile::open(disk, "/log", [&](std::span<const std::byte> record) {
    records.emplace_back(record.begin(), record.end());
    return Status();
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t head_bytes = 16;
  const auto bytes = std::as_bytes(std::span(data, size));
  SimulatedDisk disk;
  disk.put("/log", {bytes.begin(), bytes.end()});
  Records first, second;
  auto log = open(disk, first);
  if (!log) {
    require(log.error().kind == ErrorKind::corrupt || log.error().kind == ErrorKind::unsupported);
    require(disk.bytes("/log").size() == size);
    return 0;
  }
  require(disk.bytes("/log").size() <= std::max(size, head_bytes));
  require(log->append(bytes).has_value());
  first.emplace_back(bytes.begin(), bytes.end());
  require(open(disk, second).has_value());
  require(first == second);
  return 0;
}
