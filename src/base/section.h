// Sections: named runs of bytes, written once in order, read at random ever after. What an immutable segment
// is made of, in memory or in a mapped file; those who lay out bytes and those who keep them meet here.
//
// Every block of a section from a disk has a checksum that is looked at when the block is first touched, so
// opening costs nothing and a damaged byte is never handed out. Reading is thread-safe; a Section borrows
// from its Sections. Numbers in sections are little-endian, as in memory (checked at compile time).
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "base/result.h"

namespace cdx {

static_assert(std::endian::native == std::endian::little, "sections are read as they lie");

inline constexpr std::size_t section_block_bytes = 4096;
inline constexpr std::size_t section_alignment = 64;  // of a section's first byte, in memory and in its file

// What was found damaged while reading. Sticky: a reader that saw `any()` turn true throws its answer away.
class Damage {
 public:
  struct Place {
    std::string file, section;
    std::uint64_t offset = 0;  // of the block in the file
  };
  bool any() const { return any_.load(std::memory_order_relaxed); }
  void report(Place place);
  std::vector<Place> places() const;  // each block once, in the order of finding
  // `corrupt`, naming files and offsets; success when nothing was found.
  Status status() const;

 private:
  std::atomic<bool> any_{false};
  mutable std::mutex mutex_;
  std::vector<Place> places_;
  std::unordered_set<std::uint64_t> known_;  // hashes of places_
};

// Brings bytes of a file from the disk before they are read; a hint, which may do nothing.
class ReadAhead {
 public:
  virtual ~ReadAhead() = default;
  virtual void will_need(std::uint64_t file_offset, std::uint64_t length) const = 0;
};

// The checksums of the blocks of a section, and which were already compared.
struct SectionChecks {
  std::string file, section;
  std::uint64_t file_offset = 0;                 // of the section's first byte
  std::span<const std::uint32_t> sums;           // one a block of section_block_bytes; the last may be short
  std::vector<std::atomic<std::uint64_t>> seen;  // a bit a block
  Damage* damage = nullptr;
  const ReadAhead* ahead = nullptr;               // none: the bytes are there
  std::vector<std::atomic<std::uint64_t>> asked;  // with `ahead`: a bit a block that it was asked for
  std::atomic<std::uint64_t> requests{0};         // made of `ahead`
};
std::uint32_t block_sum(std::span<const std::byte> block);

class Section {
 public:
  Section() = default;  // empty
  explicit Section(std::span<const std::byte> bytes, SectionChecks* checks = nullptr)
      : bytes_(bytes), checks_(checks) {}

  std::size_t size() const { return bytes_.size(); }
  template <class T>
  std::size_t count() const {
    return size() / sizeof(T);
  }

  // A part as it lies, its blocks checked; empty when it is damaged (told to Damage) or out of range. For
  // parts of any length; costs a look at one bit per 4 KiB.
  std::span<const std::byte> part(std::size_t offset, std::size_t length) const {
    if (offset > size() || length > size() - offset || !sound(offset, length)) return {};
    return bytes_.subspan(offset, length);
  }
  template <class T>
  std::span<const T> part_of(std::size_t first, std::size_t count) const {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = part(bytes_of<T>(first), bytes_of<T>(count));
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  template <class T>
  std::span<const T> all_of() const {
    return part_of<T>(0, count<T>());
  }

  // For inner loops: a pointer to `length` bytes (at most section_block_bytes) at `offset`, never null. Where
  // they are damaged or out of range, to zeros, and Damage knows: the reader need not stop, its answer will
  // be thrown away.
  const std::byte* at(std::size_t offset, std::size_t length) const {
    if (offset > size() || length > size() - offset || !sound(offset, length)) return zeros(offset, length);
    return bytes_.data() + offset;
  }
  template <class T>
  const T* row(std::size_t first, std::size_t count = 1) const {
    static_assert(std::is_trivially_copyable_v<T>);
    return reinterpret_cast<const T*>(at(bytes_of<T>(first), count * sizeof(T)));
  }
  template <class T>
  T value(std::size_t i) const {
    return *row<T>(i);
  }
  // A hint that these bytes will be read soon. Each block is asked for once, before it is first read: a disk
  // brings many blocks at once in the time of a few one by one. Where all were asked for it costs a look at a
  // bit.
  void will_need(std::size_t offset, std::size_t length) const {
    if (checks_ == nullptr || checks_->ahead == nullptr || length == 0) return;
    if (offset >= size() || length > size() - offset) return;
    const auto first = offset / section_block_bytes, last = (offset + length - 1) / section_block_bytes;
    for (auto block = first; block <= last; ++block)
      if (!asked_for(block)) return ask_for(block, last);
  }
  template <class T>
  void will_need_of(std::size_t first, std::size_t count = 1) const {
    will_need(bytes_of<T>(first), bytes_of<T>(count));
  }
  // How often will_need() found something to ask for.
  std::uint64_t requests() const {
    return checks_ == nullptr ? 0 : checks_->requests.load(std::memory_order_relaxed);
  }
  // Unchecked, for prefetching only.
  const std::byte* address(std::size_t offset) const { return bytes_.data() + offset; }

 private:
  // A number that was read must not come round to a place that exists.
  template <class T>
  static constexpr std::size_t bytes_of(std::size_t count) {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    return count > most / sizeof(T) ? most : count * sizeof(T);
  }
  bool sound(std::size_t offset, std::size_t length) const {
    if (checks_ == nullptr || length == 0) return true;
    const auto first = offset / section_block_bytes, last = (offset + length - 1) / section_block_bytes;
    for (auto block = first; block <= last; ++block)
      if ((checks_->seen[block / 64].load(std::memory_order_acquire) >> (block % 64) & 1U) == 0 &&
          !check(block, last))
        return false;
    return true;
  }
  bool asked_for(std::size_t block) const {
    return (checks_->asked[block / 64].load(std::memory_order_relaxed) >> (block % 64) & 1U) != 0;
  }
  bool check(std::size_t block, std::size_t last) const;    // `last`: of those that are about to be checked
  void ask_for(std::size_t block, std::size_t last) const;  // and those up to `last`
  const std::byte* zeros(std::size_t offset, std::size_t length) const;

  std::span<const std::byte> bytes_;
  SectionChecks* checks_ = nullptr;
};

// Takes sections in order. A name is used once.
class SectionWriter {
 public:
  virtual ~SectionWriter() = default;
  virtual Status begin(std::string_view name) = 0;  // and ends the one before
  virtual Status write(std::span<const std::byte> bytes) = 0;

  template <class T>
  Status write_all(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    return write(std::as_bytes(values));
  }
  template <class T>
  Status add(std::string_view name, const std::vector<T>& values) {
    if (auto begun = begin(name); !begun) return begun;
    return write_all(std::span<const T>(values));
  }
  Status add(std::string_view name, std::string_view bytes) {
    if (auto begun = begin(name); !begun) return begun;
    return write_all(std::span<const char>(bytes));
  }
};

// The finished sections of one segment.
class Sections {
 public:
  virtual ~Sections() = default;
  virtual bool has(std::string_view name) const = 0;
  virtual Section section(std::string_view name) const = 0;  // empty where there is none
  virtual const Damage& damage() const = 0;
  // A hint: from now on all is read from front to end, as a merge does; false: here and there, as at first.
  virtual void read_in_order(bool) const {}
};

// In memory, both sides in one; needs no checks.
class MemorySections final : public SectionWriter, public Sections {
 public:
  Status begin(std::string_view name) override;
  Status write(std::span<const std::byte> bytes) override;
  bool has(std::string_view name) const override;
  Section section(std::string_view name) const override;
  const Damage& damage() const override { return damage_; }
  std::size_t size_bytes() const;

 private:
  struct Line {
    alignas(section_alignment) std::array<std::byte, section_alignment> bytes;
  };
  struct Bytes {
    std::vector<Line> lines;  // aligned storage, grown by doubling
    std::size_t size = 0;
  };
  std::map<std::string, Bytes, std::less<>> sections_;
  Bytes* open_ = nullptr;
  Damage damage_;
};

}  // namespace cdx
