#include "store/sqlite/bytes.h"

#include <bit>

namespace cdx {

void ByteWriter::count(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  out_ += static_cast<char>(value);
}

void ByteWriter::integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  count((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::real(double value) { fixed(std::bit_cast<std::uint64_t>(value)); }

void ByteWriter::fixed(std::uint64_t value) {
  for (unsigned shift = 0; shift < 64; shift += 8) out_ += static_cast<char>((value >> shift) & 0xFFU);
}

void ByteWriter::real32(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  for (unsigned shift = 0; shift < 32; shift += 8) out_ += static_cast<char>((bits >> shift) & 0xFFU);
}

void ByteWriter::text(std::string_view value) {
  count(value.size());
  out_ += value;
}

std::uint8_t ByteReader::byte() {
  if (rest_.empty()) {
    refuse();
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::uint64_t ByteReader::count() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t next = byte();
    if (shift == 63 && next > 1) break;  // more than 64 bits
    value |= (next & 0x7FU) << shift;
    if (next < 0x80) return value;
  }
  refuse();
  return 0;
}

std::int64_t ByteReader::integer() {
  const auto bits = count();
  return static_cast<std::int64_t>((bits >> 1U) ^ ((bits & 1U) != 0 ? ~std::uint64_t{0} : 0));
}

double ByteReader::real() { return std::bit_cast<double>(fixed()); }

std::uint64_t ByteReader::fixed() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 8) value |= std::uint64_t{byte()} << shift;
  return ok_ ? value : 0;
}

float ByteReader::real32() {
  std::uint32_t bits = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) bits |= std::uint32_t{byte()} << shift;
  return ok_ ? std::bit_cast<float>(bits) : 0;
}

std::string_view ByteReader::text() {
  const auto size = count();
  if (size > rest_.size()) {
    refuse();
    return {};
  }
  const auto value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return value;
}

std::size_t ByteReader::elements() {
  const auto size = count();
  if (size > rest_.size()) {
    refuse();
    return 0;
  }
  return size;
}

std::uint64_t ByteReader::below(std::uint64_t limit) {
  const auto value = count();
  if (value < limit) return value;
  refuse();
  return 0;
}

}  // namespace cdx
