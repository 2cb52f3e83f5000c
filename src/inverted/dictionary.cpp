#include "inverted/dictionary.h"

#include <algorithm>
#include <cstddef>

#include "inverted/inverted.h"

namespace cdx::inverted {

Dictionary::Dictionary(const Sections& sections, const std::string& prefix, std::uint32_t size, bool wide)
    : bytes_(sections.section(prefix + ".bytes")),
      bases_(sections.section(prefix + ".bases")),
      offsets_(sections.section(prefix + ".offsets")),
      size_(size),
      wide_(wide) {}

bool Dictionary::fits() const {
  const auto bases = wide_ ? size_ : (size_ + strings_per_base - 1) / strings_per_base;
  return bases_.size() == bases * sizeof(std::uint64_t) &&
         offsets_.size() == (wide_ ? 0 : size_ * sizeof(std::uint16_t));
}

std::uint64_t Dictionary::start(std::uint32_t i) const {
  if (i >= size_) return bytes_.size();
  if (wide_) return bases_.value<std::uint64_t>(i);
  return bases_.value<std::uint64_t>(i / strings_per_base) + offsets_.value<std::uint16_t>(i);
}

std::string_view Dictionary::operator[](std::uint32_t i) const {
  if (i >= size_) return {};
  const auto from = start(i), to = start(i + 1);
  if (from >= to) return {};
  const auto bytes = bytes_.part(from, to - from);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::uint32_t Dictionary::first_from(std::uint32_t low, std::string_view text) const {
  for (auto high = size_; low < high;) {
    const auto middle = low + (high - low) / 2;
    if ((*this)[middle] < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::uint32_t Dictionary::find(std::string_view text) const {
  const auto i = first_from(0, text);
  return i < size_ && (*this)[i] == text ? i : nothing;
}

std::pair<std::uint32_t, std::uint32_t> Dictionary::starting_with(std::string_view prefix) const {
  const auto first = first_from(0, prefix);
  auto low = first, high = size_;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if ((*this)[middle].substr(0, prefix.size()) <= prefix) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return {first, low};
}

Result<bool> write_dictionary(const std::vector<std::string_view>& strings, SectionWriter& out,
                              const std::string& prefix) {
  bool wide = false;
  std::uint64_t at = 0, base = 0;
  std::vector<std::uint64_t> bases, places;
  std::vector<std::uint16_t> offsets;
  places.reserve(strings.size());
  CDX_TRY(out.begin(prefix + ".bytes"));
  std::string buffer;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    if (i % strings_per_base == 0) bases.push_back(base = at);
    wide = wide || at - base > 0xFFFF;
    offsets.push_back(static_cast<std::uint16_t>(at - base));
    places.push_back(at);
    at += strings[i].size();
    buffer += strings[i];
    if (buffer.size() < std::size_t{1} << 20U) continue;
    CDX_TRY(out.write_all(std::span<const char>(buffer)));
    buffer.clear();
  }
  CDX_TRY(out.write_all(std::span<const char>(buffer)));
  CDX_TRY(out.add(prefix + ".bases", wide ? places : bases));
  if (!wide) CDX_TRY(out.add(prefix + ".offsets", offsets));
  return wide;
}

}  // namespace cdx::inverted
