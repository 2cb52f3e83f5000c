#include "text/encoding.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace cdx::text {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::uint8_t byte(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

// Length of the well-formed sequence at `i`, or 0. `bad` is then the length of the part to be replaced as
// one.
std::size_t sequence(std::string_view text, std::size_t i, std::size_t& bad) {
  const std::uint8_t first = byte(text, i);
  bad = 1;
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint8_t low = 0x80, high = 0xBF;
  if (first == 0xE0) low = 0xA0;
  if (first == 0xED) high = 0x9F;
  if (first == 0xF0) low = 0x90;
  if (first == 0xF4) high = 0x8F;
  for (std::size_t k = 1; k < size; ++k, low = 0x80, high = 0xBF) {
    if (i + k >= text.size() || byte(text, i + k) < low || byte(text, i + k) > high) {
      bad = k;
      return 0;
    }
  }
  return size;
}

// End of the run of ASCII bytes that begins at `i`, eight at a time.
std::size_t ascii_run(std::string_view text, std::size_t i) {
  while (i + 8 <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080U) != 0) break;
    i += 8;
  }
  while (i < text.size() && byte(text, i) < 0x80) ++i;
  return i;
}

void append(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

// Windows-1252 where it differs from Latin-1; 0 marks the five bytes that it leaves undefined.
constexpr std::array<std::uint16_t, 32> windows_c1 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string from_single_bytes(std::string_view bytes, bool windows) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t value = byte(bytes, i);
    if (windows && value >= 0x80 && value < 0xA0) {
      const std::uint16_t code = windows_c1[value - 0x80U];
      append(out, code == 0 ? 0xFFFD : code);
    } else {
      append(out, value);
    }
  }
  return out;
}

std::string from_utf16(std::string_view bytes, bool little) {
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const std::uint32_t a = byte(bytes, i), b = byte(bytes, i + 1);
    return little ? a | (b << 8) : (a << 8) | b;
  };
  std::string out;
  out.reserve(bytes.size());
  std::size_t i = 0;
  while (i + 1 < bytes.size()) {
    const std::uint32_t first = unit(i);
    i += 2;
    if (first < 0xD800 || first > 0xDFFF) {
      append(out, first);
      continue;
    }
    const std::uint32_t second = first < 0xDC00 && i + 1 < bytes.size() ? unit(i) : 0;
    if (second >= 0xDC00 && second <= 0xDFFF) {
      append(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
      i += 2;
    } else {
      out += replacement;
    }
  }
  if (i < bytes.size()) out += replacement;
  return out;
}

std::string repaired_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  std::size_t i = 0;
  while (i < bytes.size()) {
    const std::size_t end = ascii_run(bytes, i);
    out.append(bytes.substr(i, end - i));
    if ((i = end) == bytes.size()) break;
    std::size_t bad = 1;
    const std::size_t size = sequence(bytes, i, bad);
    out.append(size > 0 ? bytes.substr(i, size) : replacement);
    i += size > 0 ? size : bad;
  }
  return out;
}

// UTF-16 without a mark shows itself by zero bytes in one half of the positions only.
bool zeros_at(std::string_view sample, std::size_t parity) {
  std::size_t here = 0, there = 0;
  for (std::size_t i = 0; i < sample.size(); ++i)
    if (sample[i] == '\0') ++(i % 2 == parity ? here : there);
  return sample.size() >= 4 && here * 20 >= sample.size() / 2 && here > 1 && there * 10 <= here;
}

// Valid sequences of several bytes against bytes that fit none; a sequence cut by the sample's end counts for
// neither.
bool mostly_utf8(std::string_view sample) {
  std::size_t valid = 0, invalid = 0;
  for (std::size_t i = ascii_run(sample, 0); i < sample.size(); i = ascii_run(sample, i)) {
    std::size_t bad = 1;
    const std::size_t size = sequence(sample, i, bad);
    if (size > 0) {
      ++valid;
    } else if (i + bad < sample.size() || sample.size() - i > 3 || byte(sample, i) < 0xC2) {
      ++invalid;
    }
    i += size > 0 ? size : bad;
  }
  return invalid == 0 || valid >= invalid * 4;
}

}  // namespace

std::string_view name(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return "utf-8";
    case Encoding::utf16_le:
      return "utf-16le";
    case Encoding::utf16_be:
      return "utf-16be";
    case Encoding::latin1:
      return "latin-1";
    case Encoding::windows1252:
      return "windows-1252";
  }
  return "utf-8";
}

Result<Encoding> parse_encoding(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') plain.push_back(static_cast<char>(c - 'A' + 'a'));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain.push_back(c);
  }
  if (plain == "utf8" || plain == "ascii" || plain == "usascii") return Encoding::utf8;
  if (plain == "utf16le" || plain == "utf16") return Encoding::utf16_le;
  if (plain == "utf16be") return Encoding::utf16_be;
  if (plain == "latin1" || plain == "iso88591") return Encoding::latin1;
  if (plain == "windows1252" || plain == "cp1252") return Encoding::windows1252;
  return fail(ErrorKind::invalid,
              "encoding '" + std::string(text) +
                  "' is not known; use one of utf-8, utf-16le, utf-16be, latin-1, windows-1252");
}

Encoding sniff_encoding(std::string_view sample) {
  if (sample.starts_with("\xEF\xBB\xBF")) return Encoding::utf8;
  if (sample.starts_with("\xFF\xFE")) return Encoding::utf16_le;
  if (sample.starts_with("\xFE\xFF")) return Encoding::utf16_be;
  if (zeros_at(sample, 1)) return Encoding::utf16_le;
  if (zeros_at(sample, 0)) return Encoding::utf16_be;
  if (mostly_utf8(sample)) return Encoding::utf8;
  for (const char c : sample) {
    const auto value = static_cast<std::uint8_t>(c);
    if (value >= 0x80 && value < 0xA0) return Encoding::windows1252;
  }
  return Encoding::latin1;
}

std::size_t byte_order_mark(std::string_view bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    case Encoding::utf16_le:
      return bytes.starts_with("\xFF\xFE") ? 2 : 0;
    case Encoding::utf16_be:
      return bytes.starts_with("\xFE\xFF") ? 2 : 0;
    case Encoding::latin1:
    case Encoding::windows1252:
      return 0;
  }
  return 0;
}

bool valid_utf8(std::string_view text) {
  std::size_t bad = 1;
  for (std::size_t i = ascii_run(text, 0); i < text.size(); i = ascii_run(text, i)) {
    const std::size_t size = sequence(text, i, bad);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

std::string to_utf8(std::string_view bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return valid_utf8(bytes) ? std::string(bytes) : repaired_utf8(bytes);
    case Encoding::utf16_le:
      return from_utf16(bytes, true);
    case Encoding::utf16_be:
      return from_utf16(bytes, false);
    case Encoding::latin1:
      return from_single_bytes(bytes, false);
    case Encoding::windows1252:
      return from_single_bytes(bytes, true);
  }
  return {};
}

}  // namespace cdx::text
