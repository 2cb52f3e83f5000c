#include "base/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "base/hash.h"

namespace cdx {

void Damage::report(Place place) {
  const std::lock_guard lock(mutex_);
  const auto key = hash64(place.file, hash64(place.section, place.offset));
  if (known_.insert(key).second) places_.push_back(std::move(place));
  any_.store(true, std::memory_order_relaxed);
}

std::vector<Damage::Place> Damage::places() const {
  const std::lock_guard lock(mutex_);
  return places_;
}

Status Damage::status() const {
  if (!any()) return {};
  constexpr std::size_t named = 8;
  const auto all = places();
  std::string out;
  for (std::size_t i = 0; i < std::min(named, all.size()); ++i)
    out += fmt::format("{}{}: section {}, the block at offset {} does not match its checksum",
                       i == 0 ? "" : "; ", all[i].file, all[i].section, all[i].offset);
  if (all.size() > named) out += fmt::format("; and {} more", all.size() - named);
  return fail(ErrorKind::corrupt, std::move(out));
}

std::uint32_t block_sum(std::span<const std::byte> block) {
  return static_cast<std::uint32_t>(hash64({reinterpret_cast<const char*>(block.data()), block.size()}));
}

bool Section::check(std::size_t block, std::size_t last) const {
  constexpr std::size_t most_ahead = 512;  // blocks of a long run that are asked for at once
  if (block < last && checks_->ahead != nullptr && !asked_for(block))
    ask_for(block, std::min(last, block + most_ahead));
  const auto offset = block * section_block_bytes;
  const auto bytes = bytes_.subspan(offset, std::min(section_block_bytes, size() - offset));
  if (block >= checks_->sums.size() || block_sum(bytes) != checks_->sums[block]) {
    checks_->damage->report({checks_->file, checks_->section, checks_->file_offset + offset});
    return false;
  }
  checks_->seen[block / 64].fetch_or(std::uint64_t{1} << (block % 64), std::memory_order_release);
  return true;
}

// Blocks side by side in one request.
void Section::ask_for(std::size_t block, std::size_t last) const {
  const auto ask = [&](std::size_t begin, std::size_t end) {
    checks_->requests.fetch_add(1, std::memory_order_relaxed);
    checks_->ahead->will_need(checks_->file_offset + begin * section_block_bytes,
                              std::min(end * section_block_bytes, size()) - begin * section_block_bytes);
  };
  std::size_t run = 0;
  for (; block <= last; ++block) {
    const auto bit = std::uint64_t{1} << (block % 64);
    auto& word = checks_->asked[block / 64];
    const bool fresh = (word.load(std::memory_order_relaxed) & bit) == 0;
    if (fresh) word.fetch_or(bit, std::memory_order_relaxed);
    if (fresh) ++run;
    if (!fresh && run > 0) ask(block - run, block);
    if (!fresh) run = 0;
  }
  if (run > 0) ask(block - run, block);
}

const std::byte* Section::zeros(std::size_t offset, std::size_t length) const {
  alignas(section_alignment) static const std::array<std::byte, section_block_bytes + section_alignment>
      nothing{};
  CDX_ASSERT(length <= section_block_bytes);
  // In memory nothing can be damaged: reading past the end is our own mistake.
  CDX_ASSERT(checks_ != nullptr);
  if (offset > size() || length > size() - offset)
    checks_->damage->report({checks_->file, checks_->section, checks_->file_offset + offset});
  return nothing.data();
}

Status MemorySections::begin(std::string_view name) {
  const auto [at, fresh] = sections_.try_emplace(std::string(name));
  CDX_ASSERT(fresh);
  open_ = &at->second;
  return {};
}

Status MemorySections::write(std::span<const std::byte> bytes) {
  CDX_ASSERT(open_ != nullptr);
  const auto size = open_->size + bytes.size();
  const auto lines = (size + section_alignment - 1) / section_alignment;
  if (lines > open_->lines.capacity()) open_->lines.reserve(std::max(lines, 2 * open_->lines.capacity()));
  open_->lines.resize(lines);
  if (!bytes.empty())
    std::memcpy(reinterpret_cast<std::byte*>(open_->lines.data()) + open_->size, bytes.data(), bytes.size());
  open_->size = size;
  return {};
}

bool MemorySections::has(std::string_view name) const { return sections_.find(name) != sections_.end(); }

Section MemorySections::section(std::string_view name) const {
  const auto found = sections_.find(name);
  if (found == sections_.end()) return {};
  return Section({reinterpret_cast<const std::byte*>(found->second.lines.data()), found->second.size});
}

std::size_t MemorySections::size_bytes() const {
  std::size_t out = 0;
  for (const auto& [name, bytes] : sections_) out += bytes.size;
  return out;
}

}  // namespace cdx
