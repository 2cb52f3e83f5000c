#include "text/clip_clean.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "text/code_point.h"
#include "text/html_entities.h"

namespace cdx::text {
namespace {

icu::UnicodeString wide_of(std::u32string_view text) {
  return icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                       static_cast<std::int32_t>(text.size()));
}

std::u32string narrow_of(const icu::UnicodeString& wide) {
  std::u32string out;
  out.reserve(static_cast<std::size_t>(wide.length()));
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1))
    out.push_back(static_cast<char32_t>(wide.char32At(i)));
  return out;
}

std::u32string normalized(const icu::Normalizer2& form, std::u32string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto out = form.normalize(wide_of(text), status);
  CDX_ASSERT(U_SUCCESS(status));
  return narrow_of(out);
}

const icu::Normalizer2& nfc() {
  UErrorCode status = U_ZERO_ERROR;
  const auto* made = icu::Normalizer2::getNFCInstance(status);
  CDX_ASSERT(U_SUCCESS(status));
  return *made;
}

const icu::Normalizer2& nfkc() {
  UErrorCode status = U_ZERO_ERROR;
  const auto* made = icu::Normalizer2::getNFKCInstance(status);
  CDX_ASSERT(U_SUCCESS(status));
  return *made;
}

// ftfy's LIGATURES: those that come from typesetting, not those of a language.
constexpr std::array<std::pair<char32_t, std::u32string_view>, 22> ligatures{
    {{0x132, U"IJ"},       {0x133, U"ij"},      {0x149, U"\u02bcn"}, {0x1f1, U"DZ"},      {0x1f2, U"Dz"},
     {0x1f3, U"dz"},       {0x1c4, U"D\u017d"}, {0x1c5, U"D\u017e"}, {0x1c6, U"d\u017e"}, {0x1c7, U"LJ"},
     {0x1c8, U"Lj"},       {0x1c9, U"lj"},      {0x1ca, U"NJ"},      {0x1cb, U"Nj"},      {0x1cc, U"nj"},
     {0xfb00, U"ff"},      {0xfb01, U"fi"},     {0xfb02, U"fl"},     {0xfb03, U"ffi"},    {0xfb04, U"ffl"},
     {0xfb05, U"\u017ft"}, {0xfb06, U"st"}}};

std::u32string fix_ligatures(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    const auto* found =
        std::find_if(ligatures.begin(), ligatures.end(), [c](auto& l) { return l.first == c; });
    if (found == ligatures.end()) {
      out.push_back(c);
    } else {
      out += found->second;
    }
  }
  return out;
}

// Half and full width forms to the ordinary ones; the ideographic space to a blank.
std::u32string fix_width(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (c == 0x3000) {
      out.push_back(U' ');
    } else if (c >= 0xff01 && c <= 0xffef) {
      out += normalized(nfkc(), std::u32string_view(&c, 1));
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// One code point to at most one other: C1 controls as Windows-1252 has them, curled quotes, line breaks.
char32_t straightened(char32_t c) {
  if (c == 0x2bc || (c >= 0x2018 && c <= 0x201b)) return U'\'';
  if (c >= 0x201c && c <= 0x201f) return U'"';
  if (c == U'\r' || c == 0x2028 || c == 0x2029 || c == 0x85) return U'\n';
  return c;
}

bool is_removed(char32_t c) {
  return c <= 0x8 || c == 0xb || (c >= 0xe && c <= 0x1f) || c == 0x7f || (c >= 0x206a && c <= 0x206f) ||
         c == 0xfeff || (c >= 0xfff9 && c <= 0xfffc);
}

// Colours and other commands of terminals: ESC [ digits and semicolons, a letter.
std::u32string without_terminal_escapes(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == 0x1b && i + 1 < text.size() && text[i + 1] == U'[') {
      std::size_t end = i + 2;
      while (end < text.size() && (text[end] == U';' || u_isdigit(static_cast<UChar32>(text[end])) != 0))
        ++end;
      const char32_t letter = end < text.size() ? text[end] | 0x20U : U' ';
      if (letter >= U'a' && letter <= U'z' && text[end] < 0x80) {
        i = end + 1;
        continue;
      }
    }
    out.push_back(text[i++]);
  }
  return out;
}

// 0x80 to 0x9f as &#128; to &#159; mean them.
std::u32string fix_c1_controls(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    if (c >= 0x80 && c <= 0x9f) {
      const std::u32string reference = {U'&', U'#', U'1', U'0' + (c / 10) % 10, U'0' + c % 10, U';'};
      out += unescape_html(reference);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// ftfy's fix_and_explain for one segment: again until nothing changes.
std::u32string fix_segment(std::u32string text, bool unescape) {
  for (;;) {
    const std::u32string before = text;
    if (unescape) text = unescape_html_strictly(text);
    text = fix_width(fix_ligatures(fix_c1_controls(text)));
    std::u32string straight;
    straight.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n') continue;
      straight.push_back(straightened(text[i]));
    }
    text = without_terminal_escapes(straight);
    std::erase_if(text, is_removed);
    text = normalized(nfc(), text);
    if (text == before) return text;
  }
}

// Each line by itself; from the first with a '<' on, references are left to the reading that follows.
std::u32string fix_text(std::u32string_view text) {
  std::u32string out;
  bool unescape = true;
  while (!text.empty()) {
    const std::size_t line = std::min(text.find(U'\n'), text.size() - 1) + 1;
    const auto segment = text.substr(0, line);
    text.remove_prefix(line);
    unescape = unescape && segment.find(U'<') == std::u32string_view::npos;
    out += fix_segment(std::u32string(segment), unescape);
  }
  return out;
}

// Python's str.isspace.
bool is_space(char32_t c) {
  return (c >= 0x9 && c <= 0xd) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

}  // namespace

std::u32string clip_clean(std::string_view text) {
  std::u32string read;
  read.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    read.push_back(static_cast<char32_t>(next_code_point(text, at)));
  const std::u32string fixed = unescape_html(unescape_html(fix_text(read)));
  std::u32string out;
  out.reserve(fixed.size());
  bool gap = false;
  for (const char32_t c : fixed) {
    if (is_space(c)) {
      gap = !out.empty();
      continue;
    }
    if (std::exchange(gap, false)) out.push_back(U' ');
    out.push_back(c);
  }
  auto wide = wide_of(out);
  wide.toLower(icu::Locale::getRoot());
  return narrow_of(wide);
}

}  // namespace cdx::text
