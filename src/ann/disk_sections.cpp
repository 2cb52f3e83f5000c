#include "ann/disk_sections.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace cdx::ann {

DiskSections::DiskSections(const MemorySections& from) {
  for (const auto* name : section_names) {
    const auto section = from.section(std::string("v.") + name);
    if (!from.has(std::string("v.") + name)) continue;
    auto& kept = sections_[std::string("v.") + name];
    const auto bytes = section.part(0, section.size());
    kept.bytes.resize((bytes.size() + 3) / 4);
    kept.size = bytes.size();
    std::memcpy(kept.bytes.data(), bytes.data(), bytes.size());
  }
  sum();
}

void DiskSections::sum() {
  for (auto& [name, kept] : sections_) {
    const auto bytes = std::as_bytes(std::span(kept.bytes)).subspan(0, kept.size);
    kept.sums.clear();
    for (std::size_t at = 0; at < bytes.size(); at += section_block_bytes)
      kept.sums.push_back(block_sum(bytes.subspan(at, std::min(section_block_bytes, bytes.size() - at))));
    kept.checks.file = "file";
    kept.checks.section = name;
    kept.checks.sums = kept.sums;
    kept.checks.seen = std::vector<std::atomic<std::uint64_t>>(kept.sums.size() / 64 + 1);
    kept.checks.damage = &damage_;
    kept.checks.ahead = this;
    kept.checks.asked = std::vector<std::atomic<std::uint64_t>>(kept.checks.seen.size());
  }
}

std::span<std::byte> DiskSections::bytes(std::string_view name) {
  auto& one = kept(name);
  return std::as_writable_bytes(std::span(one.bytes)).subspan(0, one.size);
}

DiskSections::Blocks DiskSections::blocks(std::string_view name) const {
  const auto& checks = sections_.at("v." + std::string(name)).checks;
  Blocks out;
  out.all = checks.sums.size();
  for (std::size_t i = 0; i < checks.seen.size(); ++i) {
    const auto touched = checks.seen[i].load();
    out.touched += static_cast<std::size_t>(std::popcount(touched));
    out.asked_before += static_cast<std::size_t>(std::popcount(touched & checks.asked[i].load()));
  }
  return out;
}

Section DiskSections::section(std::string_view name) const {
  const auto found = sections_.find(std::string(name));
  if (found == sections_.end()) return {};
  auto& kept = found->second;
  return Section(std::as_bytes(std::span(kept.bytes)).subspan(0, kept.size), &kept.checks);
}

}  // namespace cdx::ann
