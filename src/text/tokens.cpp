#include "text/tokens.h"

#include <libstemmer.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <memory>

#include "base/assert.h"
#include "text/code_point.h"
#include "text/fold.h"

namespace cdx::text {
namespace {

enum class Kind : std::uint8_t { other, word, single, apostrophe };

// One code point of the text: where it ends, and what it is to a tokeniser.
struct Point {
  UChar32 c = 0;
  std::uint32_t end = 0;
  Kind kind = Kind::other;
};

// Scripts written without blanks: each character is a token.
bool stands_alone(UChar32 c) {
  if (c < 0x0E00) return false;
  UErrorCode status = U_ZERO_ERROR;
  const auto script = uscript_getScript(c, &status);
  return U_SUCCESS(status) && (script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
                               script == USCRIPT_KATAKANA || script == USCRIPT_THAI ||
                               script == USCRIPT_LAO || script == USCRIPT_KHMER || script == USCRIPT_MYANMAR);
}

Kind kind_of(UChar32 c) {
  if (c < 0x80) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter ? Kind::word : c == '\'' ? Kind::apostrophe : Kind::other;
  }
  if (c == 0x2019) return Kind::apostrophe;
  if ((U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) == 0) return Kind::other;
  return stands_alone(c) ? Kind::single : Kind::word;
}

Point point_at(std::string_view text, std::uint32_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, at + 1, kind_of(first)};
  std::size_t i = at;
  const auto c = next_code_point(text, i);
  return {c, static_cast<std::uint32_t>(i), kind_of(c)};
}

void push(std::vector<Token>& out, std::string_view text, std::uint32_t begin, std::uint32_t end) {
  auto term = fold(text.substr(begin, end - begin));
  std::erase(term, '\'');
  std::erase(term, ' ');
  if (!term.empty()) out.push_back({std::move(term), begin, end});
}

// End of the word that starts at `begin`; an apostrophe belongs to it when a letter follows.
std::uint32_t word_end(std::string_view text, std::uint32_t begin) {
  auto end = begin;
  while (end < text.size()) {
    const auto point = point_at(text, end);
    if (point.kind == Kind::word) {
      end = point.end;
    } else if (point.kind == Kind::apostrophe && point.end < text.size() &&
               point_at(text, point.end).kind == Kind::word) {
      end = point.end;
    } else {
      break;
    }
  }
  return end;
}

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }

// Parts of an ASCII camel-case hashtag: MachineLearning, AITools, learnPython.
void push_camel_parts(std::vector<Token>& out, std::string_view text, std::uint32_t begin,
                      std::uint32_t end) {
  std::uint32_t start = begin;
  std::vector<Token> parts;
  for (auto i = begin + 1; i < end; ++i) {
    const bool rises = lower(text[i - 1]) && upper(text[i]);
    const bool acronym_ends = upper(text[i - 1]) && upper(text[i]) && i + 1 < end && lower(text[i + 1]);
    if (!rises && !acronym_ends) continue;
    push(parts, text, start, i);
    start = i;
  }
  if (start == begin) return;
  push(parts, text, start, end);
  for (auto& part : parts) out.push_back(std::move(part));
}

bool latin_letters(std::string_view term) {
  for (const char c : term)
    if (!lower(c)) return false;
  return true;
}

struct Stemmer {
  sb_stemmer* handle = sb_stemmer_new("english", nullptr);
  Stemmer() { CDX_ASSERT(handle != nullptr); }
  ~Stemmer() { sb_stemmer_delete(handle); }
  Stemmer(const Stemmer&) = delete;
  Stemmer& operator=(const Stemmer&) = delete;
};

}  // namespace

std::vector<Token> tokens(std::string_view text) {
  std::vector<Token> out;
  out.reserve(text.size() / 6 + 1);
  char before = ' ';
  for (std::uint32_t i = 0; i < text.size();) {
    const auto point = point_at(text, i);
    if (point.kind == Kind::word) {
      const auto end = word_end(text, i);
      push(out, text, i, end);
      if (before == '#') push_camel_parts(out, text, i, end);
      i = end;
    } else {
      if (point.kind == Kind::single) push(out, text, i, point.end);
      i = point.end;
    }
    before = text[i - 1];
  }
  return out;
}

std::string stem(std::string_view folded_word) {
  if (folded_word.size() < 3 || folded_word.size() > 64 || !latin_letters(folded_word))
    return std::string(folded_word);
  thread_local const Stemmer stemmer;  // a Snowball stemmer keeps state while it works
  const auto* stemmed =
      sb_stemmer_stem(stemmer.handle, reinterpret_cast<const sb_symbol*>(folded_word.data()),
                      static_cast<int>(folded_word.size()));
  if (stemmed == nullptr) return std::string(folded_word);  // out of memory inside the library
  return {reinterpret_cast<const char*>(stemmed),
          static_cast<std::size_t>(sb_stemmer_length(stemmer.handle))};
}

std::vector<Token> analyse(std::string_view text) {
  auto out = tokens(text);
  for (auto& token : out) token.term = stem(token.term);
  return out;
}

}  // namespace cdx::text
