// For tests: the sections of a field as a mapped file has them, with checksums, bytes that may have changed
// since, and a record of what was asked for and touched.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/section.h"

namespace cdx::ann {

inline constexpr std::array section_names{"mean",  "upper",    "upper_factors", "lower", "both_factors",
                                          "full",  "owners",   "firsts",        "links", "rows",
                                          "slots", "sketches", "meta"};

class DiskSections final : public Sections, private ReadAhead {
 public:
  // Those of the field "v.".
  explicit DiskSections(const MemorySections& from);
  // Makes the sums fit the bytes as they are now: damage that no checksum sees.
  void sum();
  std::span<std::byte> bytes(std::string_view name);
  void cut(std::string_view name) { kept(name).size -= 1; }
  void drop(std::string_view name) { sections_.erase("v." + std::string(name)); }

  struct Blocks {
    std::size_t all = 0, touched = 0, asked_before = 0;  // asked_before: of those touched
  };
  Blocks blocks(std::string_view name) const;

  bool has(std::string_view name) const override { return sections_.contains(std::string(name)); }
  Section section(std::string_view name) const override;
  const Damage& damage() const override { return damage_; }

 private:
  struct Kept {
    std::vector<std::uint32_t> bytes;  // aligned for what is read from them
    std::size_t size = 0;
    std::vector<std::uint32_t> sums;
    mutable SectionChecks checks;
  };
  Kept& kept(std::string_view name) { return sections_.at("v." + std::string(name)); }
  void will_need(std::uint64_t, std::uint64_t) const override {}

  std::map<std::string, Kept> sections_;
  Damage damage_;
};

}  // namespace cdx::ann
