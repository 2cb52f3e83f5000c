#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "io/section_file.h"
#include "io/section_format.h"

namespace cdx {

using namespace section_format;

struct SectionFileWriter::Parts {
  std::unique_ptr<DiskFile> file;
  std::vector<Entry> entries;
  std::vector<std::string> names;
  std::vector<std::uint32_t> sums;
  std::vector<std::byte> block;  // of the open section, not written yet; never empty while bytes follow
  bool placed = false;           // whether the open section has its offset
  bool finished = false;
  Status broken;

  Status pad(std::size_t alignment);
  Status place(std::size_t alignment);
  Status write_blocks(std::span<const std::byte> bytes);
  Status end_section();
  Status take(std::span<const std::byte> bytes);
  Status write_end();
  std::vector<std::byte> table() const;
};

// Alignment is at most one block.
Status SectionFileWriter::Parts::pad(std::size_t alignment) {
  constexpr std::array<std::byte, section_block_bytes> zeros{};
  const auto over = file->size() % alignment;
  return over == 0 ? Status() : file->append(std::span(zeros).first(alignment - over));
}

Status SectionFileWriter::Parts::place(std::size_t alignment) {
  if (placed) return {};
  CDX_TRY(pad(alignment));
  entries.back().offset = file->size();
  placed = true;
  return {};
}

Status SectionFileWriter::Parts::write_blocks(std::span<const std::byte> bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += section_block_bytes)
    sums.push_back(block_sum(bytes.subspan(at, std::min(section_block_bytes, bytes.size() - at))));
  entries.back().size += bytes.size();
  return file->append(bytes);
}

Status SectionFileWriter::Parts::end_section() {
  if (entries.empty()) return {};
  CDX_TRY(place(section_alignment));
  const auto last = std::exchange(block, {});
  return last.empty() ? Status() : write_blocks(last);
}

// A block is held back until more bytes or the end follow: only then is it known whether the section is long.
Status SectionFileWriter::Parts::take(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (block.size() == section_block_bytes) {
      CDX_TRY(place(section_block_bytes));
      CDX_TRY(write_blocks(block));
      block.clear();
    }
    if (block.empty() && bytes.size() > section_block_bytes) {
      const auto whole = (bytes.size() - 1) / section_block_bytes * section_block_bytes;
      CDX_TRY(place(section_block_bytes));
      CDX_TRY(write_blocks(bytes.first(whole)));
      bytes = bytes.subspan(whole);
    }
    const auto taken = bytes.first(std::min(section_block_bytes - block.size(), bytes.size()));
    block.insert(block.end(), taken.begin(), taken.end());
    bytes = bytes.subspan(taken.size());
  }
  return {};
}

std::vector<std::byte> SectionFileWriter::Parts::table() const {
  std::vector<std::byte> out;
  const auto add = [&](std::span<const std::byte> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
  };
  add(std::as_bytes(std::span(entries)));
  for (const auto& name : names) add(std::as_bytes(std::span(name)));
  out.resize((out.size() + sizeof(std::uint32_t) - 1) / sizeof(std::uint32_t) * sizeof(std::uint32_t));
  add(std::as_bytes(std::span(sums)));
  return out;
}

Status SectionFileWriter::Parts::write_end() {
  CDX_TRY(end_section());
  CDX_TRY(pad(section_alignment));
  const auto all = table();
  Foot foot;
  foot.table_offset = file->size();
  foot.table_size = all.size();
  foot.table_sum = sum_of(all);
  foot.file_size = foot.table_offset + foot.table_size + sizeof foot;
  foot.sections = static_cast<std::uint32_t>(entries.size());
  foot.sum = foot_sum(foot);
  CDX_TRY(file->append(all));
  CDX_TRY(file->append(bytes_of(foot)));
  return file->sync();
}

SectionFileWriter::SectionFileWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SectionFileWriter::~SectionFileWriter() = default;

Result<std::unique_ptr<SectionFileWriter>> SectionFileWriter::create(Disk& disk, const std::string& path) {
  auto parts = std::make_unique<Parts>();
  CDX_TRY_LET(parts->file, disk.create(path));
  Head head;
  head.sum = head_sum(head);
  CDX_TRY(parts->file->append(bytes_of(head)));
  return std::unique_ptr<SectionFileWriter>(new SectionFileWriter(std::move(parts)));
}

Status SectionFileWriter::begin(std::string_view name) {
  CDX_ASSERT(!parts_->finished);
  CDX_ASSERT(!name.empty() && name.size() <= max_name_bytes);
  CDX_ASSERT(std::find(parts_->names.begin(), parts_->names.end(), name) == parts_->names.end());
  CDX_TRY(parts_->broken);
  parts_->broken = parts_->end_section();
  parts_->entries.push_back({parts_->file->size(), 0, name.size()});
  parts_->names.emplace_back(name);
  parts_->placed = false;
  return parts_->broken;
}

Status SectionFileWriter::write(std::span<const std::byte> bytes) {
  CDX_ASSERT(!parts_->finished && !parts_->entries.empty());
  CDX_TRY(parts_->broken);
  parts_->broken = parts_->take(bytes);
  return parts_->broken;
}

Status SectionFileWriter::finish() {
  CDX_ASSERT(!parts_->finished);
  CDX_TRY(parts_->broken);
  parts_->broken = parts_->write_end();
  parts_->finished = parts_->broken.has_value();
  return parts_->broken;
}

std::uint64_t SectionFileWriter::size_bytes() const { return parts_->file->size() + parts_->block.size(); }

}  // namespace cdx
