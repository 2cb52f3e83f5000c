#include "embed/bert_words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include "base/assert.h"

namespace cdx {
namespace {

constexpr bool is_ascii(UChar32 c) { return c < 0x80; }

bool is_blank(UChar32 c) {
  if (is_ascii(c)) return c == ' ' || (c >= '\t' && c <= '\r');
  return u_hasBinaryProperty(c, UCHAR_WHITE_SPACE) != 0;
}

// The general category as the reference knows it. Its tables are those of Unicode 8, so that a code point
// assigned later counts as unassigned there; six have changed their category since.
std::uint32_t category_mask(UChar32 c) {
  if (c == 0x166D || c == 0x111C9) return U_GC_PO_MASK;
  if (c == 0x1734) return U_GC_MN_MASK;
  if (c == 0x1885 || c == 0x1886) return U_GC_LO_MASK;
  if (c == 0xA9BD) return U_GC_MC_MASK;
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] > 8 ? U_GC_CN_MASK : U_GET_GC_MASK(c);
}

// Controls, format characters and private use. Unassigned code points stay, as in the reference.
bool is_dropped(UChar32 c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  if (is_ascii(c)) return c < ' ' || c == 0x7F;
  return c == 0xFFFD || (category_mask(c) & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK)) != 0;
}

bool is_accent(UChar32 c) { return !is_ascii(c) && (category_mask(c) & U_GC_MN_MASK) != 0; }

bool is_punctuation(UChar32 c) {
  if (is_ascii(c)) return c > ' ' && c < 0x7F && u_isalnum(c) == 0;
  return (category_mask(c) & U_GC_P_MASK) != 0;
}

bool is_ideograph(UChar32 c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

// Cleaned text with blanks around ideographs.
icu::UnicodeString cleaned(std::string_view text) {
  icu::UnicodeString out;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::size_t i = 0; i < text.size();) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, i, text.size(), c);
    if (is_dropped(c)) continue;
    if (is_blank(c)) {
      out.append(u' ');
    } else if (is_ideograph(c)) {
      out.append(u' ').append(c).append(u' ');
    } else {
      out.append(c);
    }
  }
  return out;
}

class WordSplitter {
 public:
  void take(UChar32 c) {
    if (is_blank(c)) {
      finish();
    } else if (is_punctuation(c)) {
      finish();
      add(c);
      finish();
    } else {
      add(c);
    }
  }
  std::vector<BertWord> words() && {
    finish();
    return std::move(words_);
  }

 private:
  void add(UChar32 c) {
    word_.append(c);
    ++code_points_;
  }
  void finish() {
    if (code_points_ == 0) return;
    BertWord& word = words_.emplace_back();
    word_.toUTF8String(word.text);
    word.code_points = code_points_;
    word_.remove();
    code_points_ = 0;
  }
  icu::UnicodeString word_;
  std::size_t code_points_ = 0;
  std::vector<BertWord> words_;
};

}  // namespace

std::vector<BertWord> bert_words(std::string_view text) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(code);
  CDX_ASSERT(U_SUCCESS(code));
  const icu::UnicodeString decomposed = nfd->normalize(cleaned(text), code);
  CDX_ASSERT(U_SUCCESS(code));
  WordSplitter splitter;
  for (std::int32_t i = 0; i < decomposed.length();) {
    const UChar32 c = decomposed.char32At(i);
    i += U16_LENGTH(c);
    if (is_accent(c)) continue;
    splitter.take(u_tolower(c));
  }
  return std::move(splitter).words();
}

}  // namespace cdx
