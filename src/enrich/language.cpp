#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>

#include "base/assert.h"
#include "enrich/enrich.h"
#include "text/text.h"

namespace cdx::embedded {
std::string_view enrich_function_words();
}

namespace cdx::enrich {
namespace {

constexpr std::size_t longest_sample = 16'000;  // bytes looked at

struct Letters {
  std::map<UScriptCode, std::size_t> scripts;
  std::map<UChar32, std::size_t> marked;  // letters beyond ASCII, lower case
  std::size_t total = 0;
};

Letters count_letters(std::string_view text) {
  Letters out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = text::next_code_point(text, at);
    if (c == 0xFFFD || !u_isalpha(c)) continue;
    UErrorCode status = U_ZERO_ERROR;
    const auto script = uscript_getScript(c, &status);
    if (U_FAILURE(status) || script == USCRIPT_COMMON || script == USCRIPT_INHERITED) continue;
    ++out.scripts[script];
    ++out.total;
    if (c >= 0x80) ++out.marked[u_tolower(c)];
  }
  return out;
}

std::size_t marks(const Letters& letters, std::initializer_list<UChar32> wanted) {
  std::size_t sum = 0;
  for (const auto c : wanted)
    if (const auto it = letters.marked.find(c); it != letters.marked.end()) sum += it->second;
  return sum;
}

struct ScriptLanguage {
  UScriptCode script;
  const char* language;
};
// Scripts that one language dominates.
constexpr std::array<ScriptLanguage, 20> single = {{
    {USCRIPT_BENGALI, "bn"},   {USCRIPT_TAMIL, "ta"},    {USCRIPT_TELUGU, "te"},   {USCRIPT_KANNADA, "kn"},
    {USCRIPT_MALAYALAM, "ml"}, {USCRIPT_GUJARATI, "gu"}, {USCRIPT_GURMUKHI, "pa"}, {USCRIPT_ORIYA, "or"},
    {USCRIPT_SINHALA, "si"},   {USCRIPT_THAI, "th"},     {USCRIPT_LAO, "lo"},      {USCRIPT_KHMER, "km"},
    {USCRIPT_MYANMAR, "my"},   {USCRIPT_GEORGIAN, "ka"}, {USCRIPT_ARMENIAN, "hy"}, {USCRIPT_HEBREW, "he"},
    {USCRIPT_ETHIOPIC, "am"},  {USCRIPT_HANGUL, "ko"},   {USCRIPT_GREEK, "el"},    {USCRIPT_THAANA, "dv"},
}};

std::string cyrillic(const Letters& letters) {
  const auto share = letters.total / 100 + 1;
  if (marks(letters, {0x049B, 0x0493, 0x04D9, 0x04A3}) >= share) return "kk";  // қ ғ ә ң
  if (marks(letters, {0x04E9, 0x04AF}) >= share) return "mn";                  // ө ү
  if (marks(letters, {0x0458, 0x045B, 0x0452, 0x045A, 0x0459}) >= share) return "sr";
  if (marks(letters, {0x045E}) >= share) return "be";                          // ў
  if (marks(letters, {0x0456, 0x0457, 0x0454, 0x0491}) >= share) return "uk";  // і ї є ґ
  if (marks(letters, {0x044B, 0x044D, 0x0451}) > 0) return "ru";               // ы э ё
  return marks(letters, {0x044A}) >= share ? "bg" : "ru";                      // ъ is rare in Russian
}

std::string arabic(const Letters& letters) {
  if (marks(letters, {0x0679, 0x0688, 0x0691, 0x06BA, 0x06D2, 0x06C1}) > letters.total / 50) return "ur";
  if (marks(letters, {0x067C, 0x0689, 0x06D0, 0x069A}) > letters.total / 50) return "ps";
  if (marks(letters, {0x067E, 0x0686, 0x0698, 0x06AF, 0x06A9, 0x06CC}) > letters.total / 50) return "fa";
  return "ar";
}

std::string devanagari(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  if (has("\xE0\xA4\x86\xE0\xA4\xB9\xE0\xA5\x87") || has("\xE0\xA4\x86\xE0\xA4\xA3\xE0\xA4\xBF"))
    return "mr";  // aahe, aani
  const bool nepali =
      has("\xE0\xA4\xA8\xE0\xA5\x87\xE0\xA4\xAA\xE0\xA4\xBE\xE0\xA4\xB2\xE0\xA5\x80") ||  // nepali
      has("\xE0\xA4\x9B\xE0\xA4\xA8\xE0\xA5\x8D") || has(" \xE0\xA4\x9B ");               // chhan, chha
  return nepali ? "ne" : "hi";
}

struct LatinLanguage {
  std::string code;
  std::set<UChar32> letters;
};
struct LatinTable {
  std::vector<LatinLanguage> languages;
  std::unordered_map<std::string, std::vector<std::size_t>> words;  // function word to languages

  LatinTable() {
    const auto table = embedded::enrich_function_words();
    for (std::size_t begin = 0; begin < table.size();) {
      const auto end = std::min(table.find('\n', begin), table.size());
      add(table.substr(begin, end - begin));
      begin = end + 1;
    }
  }

 private:
  void add(std::string_view line) {
    if (line.empty() || line.front() == '#') return;
    const auto first = line.find('\t'), second = line.rfind('\t');
    CDX_ASSERT(first != std::string_view::npos && second > first);
    LatinLanguage language{std::string(line.substr(0, first)), {}};
    for (auto& token : text::tokens(line.substr(first + 1, second - first - 1)))
      words[token.term].push_back(languages.size());
    const auto letters = line.substr(second + 1);
    for (std::size_t at = 0; at < letters.size();)
      language.letters.insert(u_tolower(text::next_code_point(letters, at)));
    languages.push_back(std::move(language));
  }
};
const LatinTable& latin_table() {
  static const LatinTable table;
  return table;
}

// Function words found, a word of several languages counting for each; letters of a language's own add a
// little.
std::string latin(std::string_view text, const Letters& letters) {
  const auto& table = latin_table();
  std::vector<double> hits(table.languages.size(), 0);
  std::vector<std::set<std::string>> distinct(table.languages.size());
  std::size_t tokens = 0;
  for (const auto& token : text::tokens(text)) {
    ++tokens;
    const auto it = table.words.find(token.term);
    if (it == table.words.end()) continue;
    const double weight = 1.0 / std::sqrt(static_cast<double>(it->second.size()));
    for (const auto language : it->second) {
      hits[language] += weight;
      distinct[language].insert(token.term);
    }
  }
  for (std::size_t i = 0; i < hits.size(); ++i) {
    std::size_t own = 0;
    for (const auto c : table.languages[i].letters)
      if (const auto it = letters.marked.find(c); it != letters.marked.end()) own += it->second;
    if (distinct[i].size() >= 2)
      hits[i] += std::min(static_cast<double>(own), 0.1 * static_cast<double>(tokens) + 1);
  }
  const auto best = static_cast<std::size_t>(std::max_element(hits.begin(), hits.end()) - hits.begin());
  double second = 0;
  for (std::size_t i = 0; i < hits.size(); ++i)
    if (i != best) second = std::max(second, hits[i]);
  const bool enough =
      distinct[best].size() >= 3 && hits[best] >= 2.5 && hits[best] >= 0.1 * static_cast<double>(tokens);
  return enough && hits[best] >= 1.2 * second ? table.languages[best].code : std::string();
}

// Links, handles, hashtags and addresses are in no language.
std::string prose(std::string_view text) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(" \n\t\r", begin), text.size());
    const auto word = text.substr(begin, end - begin);
    const bool skip = word.starts_with("http") || word.starts_with("www.") || word.starts_with('@') ||
                      word.starts_with('#') || word.find("@") != std::string_view::npos ||
                      word.find(".com") != std::string_view::npos;
    if (!skip) out.append(word).push_back(' ');
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string detect_language(std::string_view whole) {
  const auto text = prose(text::clip(whole, longest_sample));
  const auto letters = count_letters(text);
  if (letters.scripts.empty()) return {};
  const auto count = [&](UScriptCode script) {
    const auto it = letters.scripts.find(script);
    return it == letters.scripts.end() ? std::size_t{0} : it->second;
  };
  const auto japanese = count(USCRIPT_HIRAGANA) + count(USCRIPT_KATAKANA), han = count(USCRIPT_HAN);
  if (japanese + han >= 4 && 10 * (japanese + han) >= 6 * letters.total)
    return 10 * japanese >= japanese + han ? "ja" : "zh";
  const auto top = std::max_element(letters.scripts.begin(), letters.scripts.end(),
                                    [](const auto& a, const auto& b) { return a.second < b.second; });
  if (10 * top->second < 6 * letters.total) return {};
  if (top->first == USCRIPT_LATIN) return latin(text, letters);
  if (top->second < 6) return {};
  if (top->first == USCRIPT_CYRILLIC) return cyrillic(letters);
  if (top->first == USCRIPT_ARABIC) return arabic(letters);
  if (top->first == USCRIPT_DEVANAGARI) return devanagari(text);
  for (const auto& [script, language] : single)
    if (script == top->first) return language;
  return {};
}

}  // namespace cdx::enrich
