// The files of an index (docs/formats/index.md): manifest, segment-N, tombstones-N, log-N in one folder.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "index/manifest.h"
#include "index/segment.h"
#include "io/disk.h"
#include "io/log_file.h"

namespace cdx::engine {

class Folder {
 public:
  Folder(Disk& disk, std::string path) : disk_(&disk), path_(std::move(path)) {}

  Disk& disk() const { return *disk_; }
  std::string log_path(std::uint64_t number) const { return file("log", number); }
  std::string segment_path(std::uint64_t number) const { return file("segment", number); }
  std::string tombstones_path(std::uint64_t number) const { return file("tombstones", number); }

  // What a start finds.
  struct Found {
    std::optional<Manifest> manifest;  // none: a new folder, or one whose manifest had to be set aside
    std::vector<std::uint64_t> logs;   // ascending
    std::uint64_t next = 1;            // above the number of every file
    std::vector<std::string> notes;    // what was set aside, and why
  };
  // `unsupported` for a newer manifest. The owner makes the folder and sets a damaged manifest aside.
  Result<Found> look(bool owner) const;

  Result<std::shared_ptr<const Segment>> open_segment(const Schema& schema, std::uint64_t number) const;
  Result<Tombstones> read_tombstones(const Segment& segment, std::uint64_t number) const;
  Status write_tombstones(const Tombstones& tombstones, std::uint64_t number) const;
  // Durable on success, with the names of all files written before it.
  Status publish(const Manifest& manifest) const;
  // Removes the files of ours that no manifest needs; failures do not matter, the next start tries again.
  // `first_log` and `needed` (numbers of segments and tombstones) say what is still needed.
  void sweep(std::uint64_t first_log, const std::set<std::uint64_t>& needed) const;
  void set_aside(const std::string& path, std::string_view why, std::vector<std::string>& notes) const;

 private:
  std::string file(std::string_view kind, std::uint64_t number) const;

  Disk* disk_;
  std::string path_;
};

}  // namespace cdx::engine
