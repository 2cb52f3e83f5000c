// A small binary encoding: variable-length integers, lengths before text, doubles as their eight bytes.
// Described in docs/formats/store.md. The reader trusts nothing: past the end, everything is zero and ok() is
// false.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cdx {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  void count(std::uint64_t value);   // seven bits a byte, low ones first
  void integer(std::int64_t value);  // sign in the lowest bit, then as count
  void real(double value);
  void fixed(std::uint64_t value);  // eight bytes, low ones first
  void real32(float value);         // four bytes, low ones first
  void text(std::string_view value);

 private:
  std::string& out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t byte();
  std::uint64_t count();
  std::int64_t integer();
  double real();
  std::uint64_t fixed();
  float real32();
  std::string_view text();
  // A number of elements that follow, each at least one byte long: never more than the bytes that are left.
  std::size_t elements();
  // A count below `limit`.
  std::uint64_t below(std::uint64_t limit);

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  void refuse() {
    ok_ = false;
    rest_ = {};
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace cdx
