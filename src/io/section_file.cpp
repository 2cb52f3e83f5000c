#include "io/section_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "io/section_format.h"

namespace cdx {
namespace {

using namespace section_format;
using Bytes = std::span<const std::byte>;

struct Part {
  Bytes bytes;
  std::unique_ptr<SectionChecks> checks;
};

class FileSections final : public Sections, private ReadAhead {
 public:
  FileSections(std::string path, std::unique_ptr<DiskBytes> file)
      : path_(std::move(path)), file_(std::move(file)), all_(file_->bytes()) {}

  Status read();
  bool has(std::string_view name) const override { return parts_.find(name) != parts_.end(); }
  Section section(std::string_view name) const override {
    const auto found = parts_.find(name);
    return found == parts_.end() ? Section() : Section(found->second.bytes, found->second.checks.get());
  }
  const Damage& damage() const override { return damage_; }
  void read_in_order(bool in_order) const override { file_->random_access(!in_order); }
  Status check(const Call& call, const std::function<void(std::uint64_t, std::uint64_t)>& progress) const;

 private:
  void will_need(std::uint64_t file_offset, std::uint64_t length) const override {
    file_->will_need(file_offset, length);
  }
  tl::unexpected<Error> corrupt(std::uint64_t offset, std::string_view what) const {
    return fail(ErrorKind::corrupt, fmt::format("{}: {}, at offset {}", path_, what, offset));
  }
  Status check_version(std::uint32_t found) const;
  Status read_head() const;
  Result<Foot> read_foot() const;
  Status read_table(const Foot& foot);
  bool add(const Entry& entry, std::string_view name, std::span<const std::uint32_t> sums);

  std::string path_;
  std::unique_ptr<DiskBytes> file_;
  Bytes all_;
  std::map<std::string, Part, std::less<>> parts_;
  mutable Damage damage_;
};

Status FileSections::check_version(std::uint32_t found) const {
  if (found == version) return {};
  return fail(
      ErrorKind::unsupported,
      fmt::format("{}: is a section file of version {}, this program reads version {}: use a newer release",
                  path_, found, version));
}

Status FileSections::read_head() const {
  Head head;
  if (all_.size() < sizeof head) return corrupt(0, "the head is not there");
  std::memcpy(&head, all_.data(), sizeof head);
  if (head.magic != head_magic || head.sum != head_sum(head))
    return corrupt(0, "the head is not that of a section file");
  return check_version(head.version);
}

Result<Foot> FileSections::read_foot() const {
  Foot foot;
  if (all_.size() < sizeof(Head) + sizeof foot) return corrupt(all_.size(), "the end is missing");
  const auto at = all_.size() - sizeof foot;
  std::memcpy(&foot, all_.data() + at, sizeof foot);
  if (foot.magic != foot_magic && foot.sum != foot_sum(foot)) return corrupt(at, "the end is missing");
  if (foot.magic != foot_magic || foot.sum != foot_sum(foot) || foot.file_size != all_.size())
    return corrupt(at, "the foot does not match its checksum");
  CDX_TRY(check_version(foot.version));
  // Compared so that nothing can overflow.
  if (foot.table_offset < sizeof(Head) || foot.table_offset > at ||
      foot.table_offset % section_alignment != 0 || foot.table_size != at - foot.table_offset ||
      foot.sections > foot.table_size / sizeof(Entry))
    return corrupt(at, "the foot names a table that is not there");
  return foot;
}

std::uint64_t blocks_of(std::uint64_t size) {
  return size / section_block_bytes + (size % section_block_bytes != 0 ? 1 : 0);
}

Status FileSections::read_table(const Foot& foot) {
  const auto table = all_.subspan(foot.table_offset, foot.table_size);
  // Questions touch single pages all over the file; what the system would read ahead is not wanted: the first
  // answer from a file of 5 GB on the disk takes a third of the time.
  file_->random_access();
  file_->will_need(foot.table_offset, foot.table_size);
  if (sum_of(table) != foot.table_sum)
    return corrupt(foot.table_offset, "the table does not match its checksum");
  const auto wrong = [&] { return corrupt(foot.table_offset, "the table names sections that cannot be"); };

  // The mapping begins at a page, the table at a multiple of 64.
  const std::span entries(reinterpret_cast<const Entry*>(table.data()), foot.sections);
  std::uint64_t names_at = entries.size_bytes(), sums_at = names_at, end = sizeof(Head), blocks = 0;
  for (const auto& entry : entries) {
    if (entry.name_size == 0 || entry.name_size > SectionFileWriter::max_name_bytes) return wrong();
    if (entry.offset < end || entry.offset > foot.table_offset || entry.offset % section_alignment != 0)
      return wrong();
    if (entry.size > foot.table_offset - entry.offset) return wrong();
    end = entry.offset + entry.size;
    sums_at += entry.name_size;
    blocks += blocks_of(entry.size);
  }
  sums_at = (sums_at + sizeof(std::uint32_t) - 1) / sizeof(std::uint32_t) * sizeof(std::uint32_t);
  if (sums_at > table.size() || table.size() - sums_at != blocks * sizeof(std::uint32_t)) return wrong();

  std::span sums(reinterpret_cast<const std::uint32_t*>(table.data() + sums_at), blocks);
  for (const auto& entry : entries) {
    const auto own = blocks_of(entry.size);
    const std::string_view name(reinterpret_cast<const char*>(table.data()) + names_at, entry.name_size);
    if (!add(entry, name, sums.first(own))) return wrong();
    names_at += entry.name_size;
    sums = sums.subspan(own);
  }
  return {};
}

bool FileSections::add(const Entry& entry, std::string_view name, std::span<const std::uint32_t> sums) {
  auto checks = std::make_unique<SectionChecks>();
  checks->file = path_;
  checks->section = name;
  checks->file_offset = entry.offset;
  checks->sums = sums;
  checks->seen = std::vector<std::atomic<std::uint64_t>>((sums.size() + 63) / 64);
  checks->damage = &damage_;
  checks->ahead = this;
  checks->asked = std::vector<std::atomic<std::uint64_t>>(checks->seen.size());
  const auto bytes = all_.subspan(entry.offset, entry.size);
  return parts_.try_emplace(std::string(name), Part{bytes, std::move(checks)}).second;
}

Status FileSections::read() {
  CDX_TRY(read_head());
  CDX_TRY_LET(const Foot foot, read_foot());
  return read_table(foot);
}

Status FileSections::check(const Call& call,
                           const std::function<void(std::uint64_t, std::uint64_t)>& progress) const {
  constexpr std::size_t step = 256;  // blocks between looks at the call
  std::uint64_t all = 0, done = 0;
  for (const auto& [name, part] : parts_) all += part.bytes.size();
  for (const auto& [name, part] : parts_) {
    for (std::size_t block = 0; block < part.checks->sums.size(); ++block) {
      const auto offset = block * section_block_bytes;
      if (block % step == 0) {
        CDX_TRY(call.check());
        file_->will_need(part.checks->file_offset + offset, 2 * step * section_block_bytes);
        if (progress) progress(done + offset, all);
      }
      const auto bytes =
          part.bytes.subspan(offset, std::min(section_block_bytes, part.bytes.size() - offset));
      if (block_sum(bytes) != part.checks->sums[block])
        damage_.report({path_, name, part.checks->file_offset + offset});
    }
    done += part.bytes.size();
  }
  if (progress) progress(done, all);
  return {};
}

}  // namespace

Result<std::unique_ptr<Sections>> open_section_file(const Disk& disk, const std::string& path) {
  CDX_TRY_LET(auto file, disk.map(path));
  auto sections = std::make_unique<FileSections>(path, std::move(file));
  CDX_TRY(sections->read());
  return sections;
}

Status check_section_file(const Call& call, const Sections& sections,
                          const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  const auto* file = dynamic_cast<const FileSections*>(&sections);
  return file == nullptr ? Status() : file->check(call, progress);
}

}  // namespace cdx
