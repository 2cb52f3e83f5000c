// Sections (base/section.h) in a file: written once, then mapped.
//
// Layout (docs/formats/index.md): a head (magic, version), the sections, each from a multiple of 64 bytes on
// (of 4096 where it is longer than a block, so that a block is a page), then the table: for every section its
// name, place, size and the checksums of its 4 KiB blocks; a foot of fixed size at the very end says where
// the table is and its checksum. So a file without its end is recognised at once, and opening reads head,
// foot and table only. Blocks are checked when first touched; what decays on the disk after that is found by
// check_section_file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/call.h"
#include "base/section.h"
#include "io/disk.h"

namespace cdx {

// One thread at a time. Any error is final: every further call gives it again. A file that was not finished
// stays, and is `corrupt` when opened.
class SectionFileWriter final : public SectionWriter {
 public:
  static constexpr std::size_t max_name_bytes = 255;
  // Replaces a file of that name.
  static Result<std::unique_ptr<SectionFileWriter>> create(Disk& disk, const std::string& path);
  ~SectionFileWriter() override;
  Status begin(std::string_view name) override;  // 1 to max_name_bytes
  Status write(std::span<const std::byte> bytes) override;
  // Writes the table and syncs. Its name is durable only after sync_folder of its folder. Nothing may be
  // written afterwards.
  Status finish();
  std::uint64_t size_bytes() const;  // so far; after finish() that of the file

 private:
  struct Parts;
  explicit SectionFileWriter(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// `corrupt` with path and offset when head, foot or table do not match, so for a file cut at any place;
// `unsupported` for a newer version; `not_found`. Bytes are never read outside the file, whatever the table
// says. Reading them may stop the program when the disk fails or another cuts the file: it is mapped.
Result<std::unique_ptr<Sections>> open_section_file(const Disk& disk, const std::string& path);

// Compares every block with its checksum anew, for doctor: damage is told to the sections' Damage. Success
// when all were compared, sound or not; otherwise the reason of `call`. Progress in bytes. Sections that are
// not from a file have nothing to compare.
Status check_section_file(const Call& call, const Sections& sections,
                          const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

}  // namespace cdx
