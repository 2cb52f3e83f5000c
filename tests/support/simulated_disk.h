// SimulatedDisk: a disk in memory that does everything a real one may do to those who trust it too far.
//
// Deterministic: the same calls and seeds give the same bytes. Keeps for every file what is durable and which
// writes and cuts are not yet, and the same for names. What is durable at a call of lose_power() is kept; of
// the rest each sector and each name is old or new by chance. Thread-safe; files opened outlive the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "io/disk.h"

namespace cdx {

// A fault that does not fit the call it meets is an io_error.
enum class Fault {
  no_space,      // ENOSPC; of an append, a beginning may be there
  io_error,      // EIO
  short_write,   // EIO after a beginning of the append
  sync_fails,    // EIO; what was unsynced is seen on, but is never written any more, as Linux does it
  map_fails,     // ENOMEM
  rename_fails,  // EIO, nothing renamed
};

class SimulatedDisk final : public Disk {
 public:
  static constexpr std::size_t sector_bytes = 512;  // written whole or not at all
  static constexpr auto never = std::numeric_limits<std::uint64_t>::max();

  explicit SimulatedDisk(std::uint64_t seed = 1);  // of partial writes and failing syncs
  ~SimulatedDisk() override;

  Status make_folder(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& folder) const override;
  Result<std::unique_ptr<DiskFile>> create(const std::string& path) override;
  Result<std::unique_ptr<DiskFile>> open_end(const std::string& path) override;
  Result<std::unique_ptr<DiskBytes>> map(const std::string& path) const override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status sync_folder(const std::string& folder) override;

  // What is found after the machine lost its power now: a disk without faults or open files. Each sector has
  // the bytes after some of the unsynced writes, zeros where those grew the file; sizes lie between the old
  // and the new ones; unsynced creates, renames and removes happened or not, each by chance, in their order.
  // This disk stays as it is, so that many seeds can be tried.
  std::unique_ptr<SimulatedDisk> lose_power(std::uint64_t seed) const;
  // What is found after the process alone ended: everything written, synced or not, and no faults.
  std::unique_ptr<SimulatedDisk> end_process() const;

  // Every call of the disk and of its files is numbered from 0, failing ones too; size() and hints are none.
  std::uint64_t calls() const;
  void fail_call(std::uint64_t number, Fault fault);
  // From this call on all fail with `unavailable`, "the machine is off", and change nothing.
  void stop_after(std::uint64_t number);

  // Past the faults, and no calls. CDX_ASSERT that the path and offset exist.
  void flip_byte(const std::string& path, std::uint64_t offset, unsigned mask = 0xFF);  // on the disk itself
  void put(const std::string& path, std::vector<std::byte> bytes);  // durable; makes or replaces
  std::vector<std::byte> bytes(const std::string& path) const;      // as seen
  std::vector<std::string> files() const;                           // all paths, sorted

 private:
  struct State;
  class File;
  explicit SimulatedDisk(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace cdx
