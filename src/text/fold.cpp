#include "text/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <vector>

#include "base/assert.h"
#include "text/code_point.h"

namespace cdx::text {
namespace {

const icu::Normalizer2& nfkc_casefold() {
  static const auto* instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const auto* made = icu::Normalizer2::getNFKCCasefoldInstance(status);
    CDX_ASSERT(U_SUCCESS(status));
    return made;
  }();
  return *instance;
}

const icu::Normalizer2& nfd() {
  static const auto* instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const auto* made = icu::Normalizer2::getNFDInstance(status);
    CDX_ASSERT(U_SUCCESS(status));
    return made;
  }();
  return *instance;
}

const icu::Normalizer2& nfc() {
  static const auto* instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const auto* made = icu::Normalizer2::getNFCInstance(status);
    CDX_ASSERT(U_SUCCESS(status));
    return made;
  }();
  return *instance;
}

bool loses_marks(UChar32 base) {
  const auto block = ublock_getCode(base);
  return block == UBLOCK_BASIC_LATIN || block == UBLOCK_LATIN_1_SUPPLEMENT ||
         block == UBLOCK_LATIN_EXTENDED_A || block == UBLOCK_LATIN_EXTENDED_B ||
         block == UBLOCK_LATIN_EXTENDED_ADDITIONAL || block == UBLOCK_GREEK ||
         block == UBLOCK_GREEK_EXTENDED || block == UBLOCK_CYRILLIC;
}

// Letters that look Latin but do not decompose.
UChar32 plain_letter(UChar32 c) {
  switch (c) {
    case 0x0142:
      return 'l';  // ł
    case 0x00F8:
      return 'o';  // ø
    case 0x0111:
      return 'd';  // đ
    case 0x0131:
      return 'i';  // dotless i
    case 0x0127:
      return 'h';  // ħ
    case 0x2019:
      return '\'';  // typographic apostrophe
    default:
      return c;
  }
}

icu::UnicodeString without_marks(const icu::UnicodeString& decomposed) {
  icu::UnicodeString out;
  bool strip = false;
  for (int32_t i = 0; i < decomposed.length();) {
    const UChar32 c = decomposed.char32At(i);
    i += U16_LENGTH(c);
    if (u_getCombiningClass(c) != 0 && strip) continue;
    strip = loses_marks(c);
    out.append(plain_letter(c));
  }
  return out;
}

std::string tidy_blanks(const icu::UnicodeString& text) {
  icu::UnicodeString out;
  bool blank = false;
  for (int32_t i = 0; i < text.length();) {
    const UChar32 c = text.char32At(i);
    i += U16_LENGTH(c);
    if (u_isUWhiteSpace(c) || u_iscntrl(c)) {
      blank = !out.isEmpty();
      continue;
    }
    if (blank) out.append(u' ');
    blank = false;
    out.append(c);
  }
  std::string utf8;
  out.toUTF8String(utf8);
  return utf8;
}

bool all_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string fold_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool blank = false;
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (c <= 0x20 || c == 0x7F) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return out;
}

std::vector<UChar32> code_points(std::string_view text) {
  std::vector<UChar32> out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) out.push_back(next_code_point(text, i));
  return out;
}

}  // namespace

std::string fold(std::string_view text) {
  if (all_ascii(text)) return fold_ascii(text);
  UErrorCode status = U_ZERO_ERROR;
  auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  wide = nfkc_casefold().normalize(wide, status);
  wide = nfd().normalize(wide, status);
  wide = nfc().normalize(without_marks(wide), status);
  CDX_ASSERT(U_SUCCESS(status));
  return tidy_blanks(wide);
}

std::string squash(std::string_view text) {
  const auto folded = fold(text);
  std::string out;
  out.reserve(folded.size());
  for (std::size_t i = 0; i < folded.size();) {
    const auto begin = i;
    const auto mask = U_GET_GC_MASK(next_code_point(folded, i));
    if ((mask & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0) out.append(folded, begin, i - begin);
  }
  return out;
}

std::size_t edits(std::string_view a, std::string_view b, std::size_t limit) {
  auto left = code_points(a);
  auto right = code_points(b);
  if (left.size() > right.size()) left.swap(right);
  const auto n = left.size(), m = right.size();
  if (m - n > limit) return limit + 1;
  std::vector<std::size_t> before(n + 1), above(n + 1), row(n + 1);  // rows j-2, j-1 and j
  for (std::size_t i = 0; i <= n; ++i) above[i] = i;
  for (std::size_t j = 1; j <= m; ++j) {
    row[0] = j;
    std::size_t best = j;
    for (std::size_t i = 1; i <= n; ++i) {
      const std::size_t change = left[i - 1] == right[j - 1] ? 0 : 1;
      row[i] = std::min({row[i - 1] + 1, above[i] + 1, above[i - 1] + change});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        row[i] = std::min(row[i], before[i - 2] + 1);
      best = std::min(best, row[i]);
    }
    if (best > limit) return limit + 1;
    before.swap(above);
    above.swap(row);
  }
  return std::min(above[n], limit + 1);
}

std::size_t typos_forgiven(std::size_t length) { return length >= 8 ? 2 : length >= 4 ? 1 : 0; }

std::size_t length(std::string_view text) { return code_points(text).size(); }

std::string_view clip(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

}  // namespace cdx::text
