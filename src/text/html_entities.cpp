#include "text/html_entities.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <unordered_map>

namespace cdx::text {
namespace {

constexpr std::string_view table =
#include "text/html_entities.inc"
    ;
constexpr std::size_t longest_name = 32;    // code points that are looked at
constexpr std::size_t longest_strict = 24;  // of ftfy's pattern

struct Named {
  std::u32string means;
  bool without_semicolon = false;
};
using Names = std::unordered_map<std::string_view, Named>;

Names read_names() {
  Names out;
  std::string_view rest = table;
  while (!rest.empty()) {
    std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(word.size() + 1);
    Named named;
    named.without_semicolon = word.front() == '*';
    if (named.without_semicolon) word.remove_prefix(1);
    const std::size_t equals = word.find('=');
    const char* at = word.data() + equals;
    const char* const end = word.data() + word.size();
    while (at < end) {  // stands on '=' or '+'
      std::uint32_t code = 0;
      at = std::from_chars(at + 1, end, code, 16).ptr;
      named.means.push_back(static_cast<char32_t>(code));
    }
    out.emplace(word.substr(0, equals), std::move(named));
  }
  return out;
}

const Names& names() {
  static const Names all = read_names();
  return all;
}

// Names are ASCII; others are not found.
const Named* find_name(std::u32string_view name) {
  std::string narrow;
  for (const char32_t c : name) {
    if (c > 0x7e) return nullptr;
    narrow.push_back(static_cast<char>(c));
  }
  const auto found = names().find(narrow);
  return found == names().end() ? nullptr : &found->second;
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_hex(char32_t c) { return is_digit(c) || (c >= U'a' && c <= U'f') || (c >= U'A' && c <= U'F'); }

// What Windows-1252 has at 0x80 to 0x9f; 0 where it has nothing.
constexpr std::array<char32_t, 32> windows_1252{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

bool is_dropped(char32_t c) {
  return (c >= 0x1 && c <= 0x8) || c == 0xb || (c >= 0xe && c <= 0x1f) || c == 0x7f ||
         (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffeU) == 0xfffe;
}

void append_number(std::u32string& out, char32_t code) {
  if (code == 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    out.push_back(0xfffd);
  } else if (code >= 0x80 && code <= 0x9f) {
    const char32_t meant = windows_1252[code - 0x80];
    out.push_back(meant == 0 ? code : meant);
  } else if (!is_dropped(code)) {
    out.push_back(code);
  }
}

// text[at] is '#'. Where the reference ends, or `at` where there is none.
std::size_t read_number(std::u32string_view text, std::size_t at, std::u32string& out) {
  std::size_t i = at + 1;
  const bool hex = i + 1 < text.size() && (text[i] == U'x' || text[i] == U'X') && is_hex(text[i + 1]);
  if (hex) ++i;
  const std::size_t first = i;
  char32_t code = 0;
  for (; i < text.size() && (hex ? is_hex(text[i]) : is_digit(text[i])); ++i) {
    const char32_t c = text[i] | 0x20U;  // a digit stays one
    const char32_t value = is_digit(text[i]) ? text[i] - U'0' : c - U'a' + 10;
    code = std::min<char32_t>(code * (hex ? 16 : 10) + value, 0x110000);
  }
  if (i == first) return at;
  append_number(out, code);
  return i < text.size() && text[i] == U';' ? i + 1 : i;
}

bool ends_name(char32_t c) {
  return c == U'\t' || c == U'\n' || c == U'\f' || c == U' ' || c == U'<' || c == U'&' || c == U'#' ||
         c == U';';
}

// text[at] is what follows '&'. Where the reference ends, or `at` where there is none.
std::size_t read_name(std::u32string_view text, std::size_t at, std::u32string& out) {
  std::size_t end = at;
  while (end < text.size() && end - at < longest_name && !ends_name(text[end])) ++end;
  if (end == at) return at;
  if (end < text.size() && text[end] == U';') {
    if (const Named* named = find_name(text.substr(at, end - at))) {
      out += named->means;
      return end + 1;
    }
  }
  for (std::size_t i = end; i > at + 1; --i) {
    const Named* named = find_name(text.substr(at, i - at));
    if (named != nullptr && named->without_semicolon) {
      out += named->means;
      return i;
    }
  }
  return at;
}

std::u32string upper(const std::u32string& text) {
  auto wide = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                            static_cast<std::int32_t>(text.size()));
  wide.toUpper(icu::Locale::getRoot());
  std::u32string out;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1))
    out.push_back(static_cast<char32_t>(wide.char32At(i)));
  return out;
}

// "EACUTE" of "&EACUTE;": the capital of what the same name in small letters means.
std::optional<std::u32string> in_capitals(std::u32string_view name) {
  std::u32string small;
  for (const char32_t c : name) {
    if (c >= U'a' && c <= U'z') return std::nullopt;
    small.push_back(c >= U'A' && c <= U'Z' ? c + 32 : c);
  }
  const Named* named = find_name(small);
  if (named == nullptr) return std::nullopt;
  const std::u32string whole = U"&" + std::u32string(name) + U";";
  if (unescape_html(whole) != whole) return std::nullopt;  // begins with a name that needs no semicolon
  return upper(named->means);
}

// text[at] is '&'. Where the reference ends, or `at` where there is none.
std::size_t read_strictly(std::u32string_view text, std::size_t at, std::u32string& out) {
  std::size_t i = at + 1;
  const bool number = i < text.size() && text[i] == U'#';
  if (number) ++i;
  const std::size_t first = i;
  const auto fits = [](char32_t c) {
    return is_digit(c) || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  };
  while (i < text.size() && i - first < longest_strict && fits(text[i])) ++i;
  if (i == first || i == text.size() || text[i] != U';') return at;
  if (number) {
    const auto meant = unescape_html(text.substr(at, i + 1 - at));
    if (meant.find(U';') != std::u32string::npos) return at;
    out += meant;
    return i + 1;
  }
  const auto name = text.substr(first, i - first);
  if (const Named* named = find_name(name)) {
    out += named->means;
    return i + 1;
  }
  const auto capital = in_capitals(name);
  if (!capital) return at;
  out += *capital;
  return i + 1;
}

}  // namespace

std::u32string unescape_html(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == U'&' && i + 1 < text.size()) {
      const std::size_t end =
          text[i + 1] == U'#' ? read_number(text, i + 1, out) : read_name(text, i + 1, out);
      if (end != i + 1) {
        i = end;
        continue;
      }
    }
    out.push_back(text[i++]);
  }
  return out;
}

std::u32string unescape_html_strictly(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == U'&') {
      const std::size_t end = read_strictly(text, i, out);
      if (end != i) {
        i = end;
        continue;
      }
    }
    out.push_back(text[i++]);
  }
  return out;
}

}  // namespace cdx::text
