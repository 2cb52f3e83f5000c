// The bytes of a section file, shared by its writer and its reader (docs/formats/index.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/hash.h"

namespace cdx::section_format {

inline constexpr std::uint32_t version = 1;
inline constexpr std::array<char, 8> head_magic = {'c', 'd', 'x', '-', 's', 'e', 'c', '\n'};
inline constexpr std::array<char, 8> foot_magic = {'c', 'd', 'x', '-', 'e', 'n', 'd', '\n'};

struct Head {
  std::array<char, 8> magic = head_magic;
  std::uint32_t version = section_format::version;
  std::uint32_t sum = 0;  // of the fields before it
};

// The table: entries in the order of their places, their names one after the other, zeros up to a multiple of
// 4, then the checksums of the blocks of all of them one after the other.
struct Entry {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t size = 0;
  std::uint64_t name_size = 0;
};

struct Foot {
  std::uint64_t table_offset = 0;
  std::uint64_t table_size = 0;  // up to the foot
  std::uint64_t table_sum = 0;
  std::uint64_t file_size = 0;  // foot included
  std::uint32_t sections = 0;
  std::uint32_t version = section_format::version;
  std::array<char, 8> magic = foot_magic;
  std::uint64_t reserved = 0;
  std::uint64_t sum = 0;  // of the fields before it
};

static_assert(sizeof(Head) == 16 && sizeof(Entry) == 24 && sizeof(Foot) == 64);

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

inline std::uint64_t sum_of(std::span<const std::byte> bytes) {
  return hash64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}
inline std::uint32_t head_sum(const Head& head) {
  return static_cast<std::uint32_t>(sum_of(bytes_of(head).first(offsetof(Head, sum))));
}
inline std::uint64_t foot_sum(const Foot& foot) { return sum_of(bytes_of(foot).first(offsetof(Foot, sum))); }

}  // namespace cdx::section_format
