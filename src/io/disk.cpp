#include "io/disk.h"

namespace cdx {
namespace {

Status write_synced(Disk& disk, const std::string& path, std::span<const std::byte> contents) {
  CDX_TRY_LET(const auto file, disk.create(path));
  CDX_TRY(file->append(contents));
  return file->sync();
}

}  // namespace

std::string folder_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status replace_file(Disk& disk, const std::string& path, std::span<const std::byte> contents) {
  const auto draft = path + ".new";
  auto done = write_synced(disk, draft, contents);
  if (done) done = disk.rename(draft, path);
  if (!done) {
    // The first error is the one to tell; a draft that stays is overwritten by the next attempt.
    (void)disk.remove(draft);
    return done;
  }
  return disk.sync_folder(folder_of(path));
}

}  // namespace cdx
