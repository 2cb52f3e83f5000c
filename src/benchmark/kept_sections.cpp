#include "benchmark/kept_sections.h"

#include <filesystem>

#include "io/section_file.h"

namespace cdx::benchmark {

Result<KeptSections> keep_sections(const std::string& folder, const std::string& name,
                                   const std::function<Status(SectionWriter&)>& write) {
  KeptSections out;
  if (folder.empty()) {
    auto memory = std::make_unique<MemorySections>();
    CDX_TRY(write(*memory));
    out.bytes = memory->size_bytes();
    out.sections = std::move(memory);
    return out;
  }
  auto& disk = posix_disk();
  const auto path = (std::filesystem::path(folder) / name).string();
  std::error_code ignored;
  out.built = !std::filesystem::exists(path, ignored);
  if (out.built) {
    CDX_TRY(disk.make_folder(folder));
    // Under its own name only when it is whole: a run that was stopped leaves nothing a later one would open.
    const auto draft = path + ".draft";
    CDX_TRY_LET(const auto file, SectionFileWriter::create(disk, draft));
    CDX_TRY(write(*file));
    CDX_TRY(file->finish());
    CDX_TRY(disk.rename(draft, path));
    CDX_TRY(disk.sync_folder(folder));
  }
  CDX_TRY_LET(out.sections, open_section_file(disk, path));
  out.bytes = std::filesystem::file_size(path, ignored);
  return out;
}

}  // namespace cdx::benchmark
