// What stands in an index's folder, looked at without changing anything.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/guard.h"
#include "index/folder.h"
#include "index/index.h"
#include "index/record.h"
#include "io/section_file.h"

namespace cdx {
namespace {

using engine::Folder;
using engine::Manifest;

class Doctor {
 public:
  Doctor(const Call& call, Disk& disk, std::string path, const IndexProgress& progress)
      : call_(call), disk_(disk), path_(std::move(path)), folder_(disk, path_), progress_(progress) {}

  Result<IndexReport> run() {
    CDX_TRY_LET(names_, disk_.list(path_));
    CDX_TRY_LET(const auto found, folder_.look(false));
    out_.faults = found.notes;
    if (!found.manifest) {
      if (!names_.empty() && found.notes.empty()) fault(path_ + ": has no readable manifest");
      return std::move(out_);
    }
    known_.insert("manifest");
    const auto& manifest = *found.manifest;
    out_.revision = manifest.revision;
    for (const auto& entry : manifest.segments) CDX_TRY(check_segment(entry));
    for (const auto log : found.logs)
      if (log >= manifest.first_log) CDX_TRY(check_log(log));
    for (const auto& name : names_) sort_out(name);
    return std::move(out_);
  }

 private:
  void fault(std::string what) { out_.faults.push_back(std::move(what)); }

  Status check_file(const std::string& path) {
    known_.insert(path.substr(path.rfind('/') + 1));
    const auto sections = open_section_file(disk_, path);
    if (!sections) {
      fault(sections.error().message);
      return {};
    }
    std::uint64_t size = 0;
    CDX_TRY(check_section_file(call_, **sections, [&](std::uint64_t done, std::uint64_t all) {
      size = all;
      if (progress_) progress_(path, done, all);
    }));
    out_.bytes += size;
    for (const auto& place : (*sections)->damage().places())
      fault(fmt::format("{}: section {}, the block at offset {} does not match its checksum", place.file,
                        place.section, place.offset));
    return {};
  }

  Status check_segment(const Manifest::Entry& entry) {
    ++out_.segments;
    out_.documents += entry.rows;
    CDX_TRY(check_file(folder_.segment_path(entry.segment)));
    return entry.tombstones == 0 ? Status{} : check_file(folder_.tombstones_path(entry.tombstones));
  }

  Status check_log(std::uint64_t number) {
    const auto path = folder_.log_path(number);
    known_.insert(path.substr(path.rfind('/') + 1));
    const auto read = LogFile::read(disk_, path, [&](std::span<const std::byte> bytes) -> Status {
      CDX_TRY_LET(const auto batch, engine::decode_record(bytes));
      out_.revision = batch.reached;
      return call_.check();
    });
    if (!read && read.error().kind != ErrorKind::corrupt) return tl::unexpected<Error>(read.error());
    if (!read) {
      fault(read.error().message);
      return {};
    }
    out_.bytes += read->bytes;
    out_.logged += read->records;
    return {};
  }

  void sort_out(const std::string& name) {
    if (known_.contains(name)) return;
    (name.starts_with("aside-") ? out_.set_aside : out_.strange).push_back(path_ + "/" + name);
  }

  const Call& call_;
  Disk& disk_;
  std::string path_;
  Folder folder_;
  const IndexProgress& progress_;
  std::vector<std::string> names_;
  std::set<std::string> known_;
  IndexReport out_;
};

}  // namespace

Result<IndexReport> check_index(const Call& call, Disk& disk, const std::string& folder,
                                const IndexProgress& progress) {
  return guard("index", ErrorKind::internal, [&] { return Doctor(call, disk, folder, progress).run(); });
}

}  // namespace cdx
