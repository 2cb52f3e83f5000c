#include "enrich/disclosure_words.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <charconv>

#include "base/assert.h"
#include "text/text.h"

namespace cdx::embedded {
std::string_view enrich_disclosures();
}

namespace cdx::enrich {
namespace {

constexpr std::size_t longest_quote = 160;  // bytes; a longer one was no quotation

bool is_letter(std::int32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return c != 0xFFFD && (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}
bool is_apostrophe(std::int32_t c) { return c == '\'' || c == 0x2019; }

std::int32_t peek(std::string_view text, std::size_t at) {
  return at < text.size() ? text::next_code_point(text, at) : -1;
}

std::string folded(std::string_view surface) {
  const bool plain = std::all_of(surface.begin(), surface.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string out;
  if (plain) {
    for (const char c : surface)
      if (c != '\'') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
  }
  out = text::fold(surface);
  std::erase(out, '\'');
  for (auto at = out.find("\xE2\x80\x99"); at != std::string::npos; at = out.find("\xE2\x80\x99"))
    out.erase(at, 3);
  return out;
}

// Where the run of letters that begins at `at` ends; `extra` are ASCII signs that belong to it when a letter
// follows them.
std::size_t run_end(std::string_view text, std::size_t at, std::string_view extra) {
  while (at < text.size()) {
    auto next = at;
    const auto c = text::next_code_point(text, next);
    const bool joins = (c < 0x80 && extra.find(static_cast<char>(c)) != std::string_view::npos) ||
                       (is_apostrophe(c) && extra.find('\'') != std::string_view::npos);
    if (!is_letter(c) && !(joins && is_letter(peek(text, next)))) return at;
    at = next;
  }
  return at;
}

// The closing sign of a quotation that `c` may open; 0: none.
std::int32_t closing(std::int32_t c) {
  switch (c) {
    case '"':
      return '"';
    case 0x201C:  // “
      return 0x201D;
    case 0x201E:  // „
      return 0x201C;
    case 0xAB:  // «
      return 0xBB;
    case 0xBB:  // »
      return 0xAB;
    case 0x300C:  // 「
      return 0x300D;
    default:
      return 0;
  }
}

std::size_t quote_end(std::string_view text, std::size_t after, std::int32_t mark) {
  const auto stop = std::min(text.size(), after + longest_quote);
  for (auto at = after; at < stop;) {
    const auto begin = at;
    const auto c = text::next_code_point(text, at);
    if (c == '\n') return after;
    if (c == mark || (mark == 0x201C && c == 0x201D)) return begin;
  }
  return after;
}

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> out;
  for (std::size_t begin = 0;;) {
    const auto end = text.find(mark, begin);
    out.emplace_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return out;
    begin = end + 1;
  }
}

constexpr std::size_t beginning = 4;  // bytes

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t hash_of(std::uint32_t bytes) { return (bytes * 2'654'435'761U) >> 16U; }

// Of the word at `at`; 0 where letters beyond ASCII make it uncertain.
std::uint32_t beginning_at(std::string_view text, std::size_t at) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < beginning && at + i < text.size() && is_word_byte(text[at + i]); ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if (byte >= 0x80) return 0;
    out = out << 8U | static_cast<std::uint32_t>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
  }
  return out;
}

}  // namespace

bool DisclosureWords::begins_anywhere(std::string_view text) const {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_word_byte(text[at])) continue;
    if (beginnings_.test(hash_of(beginning_at(text, at)))) return true;
    while (at < text.size() && is_word_byte(text[at])) ++at;
  }
  return false;
}

bool has_kana(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = text::next_code_point(text, at);
    if (c >= 0x3040 && c <= 0x30FF) return true;
  }
  return false;
}

std::vector<Piece> pieces(std::string_view text) {
  std::vector<Piece> out;
  std::size_t quoted_until = 0;
  const auto add = [&](Piece::Kind kind, std::size_t begin, std::size_t end) {
    const auto surface = text.substr(begin, end - begin);
    out.push_back({kind, kind == Piece::Kind::rupture ? std::string(surface.substr(0, 1)) : folded(surface),
                   begin, end, u_isupper(peek(text, begin)) != 0, begin < quoted_until});
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = text::next_code_point(text, at);
    const auto next = peek(text, at);
    if (is_letter(c) && (U_GET_GC_MASK(c) & U_GC_M_MASK) == 0) {  // an emoji's variation mark begins no word
      at = run_end(text, begin, "'");
      add(Piece::Kind::word, begin, at);
    } else if ((c == '#' || c == 0xFF03) && is_letter(next)) {
      const auto end = run_end(text, at, "_");
      add(Piece::Kind::tag, at, end);
      at = end;
    } else if (c == '@' && (is_letter(next) || next == '_')) {
      const auto end = run_end(text, at + (next == '_' ? 1 : 0), "._-");
      add(Piece::Kind::mention, at, end);
      at = end;
    } else if (c != ' ' && c != '\t' && c != 0xA0 && c != '&' && c != '+' && !is_letter(c)) {
      if (const auto mark = closing(c); mark != 0 && begin >= quoted_until) {
        if (const auto end = quote_end(text, at, mark); end > at) quoted_until = end;
      }
      if (c == '-' && begin > 0 && text[begin - 1] != ' ' && is_letter(next)) continue;  // "ad-free"
      if (out.empty() || out.back().kind != Piece::Kind::rupture || out.back().end != begin)
        add(Piece::Kind::rupture, begin, at);
      else
        out.back().end = at;
    }
  }
  return out;
}

DisclosureWords::DisclosureWords() {
  for (const auto& line : split(embedded::enrich_disclosures(), '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, '\t');
    CDX_ASSERT(cells.size() == 4);
    DisclosureEntry entry{cells[0], cells[1], 0, {}};
    std::from_chars(cells[2].data(), cells[2].data() + cells[2].size(), entry.weight);
    for (const auto& phrase : split(text::fold(cells[3]), '|')) {
      if (entry.form == "word") {
        lists_[entry.meaning].insert(phrase);
        continue;
      }
      entry.words = split(phrase, ' ');
      beginnings_.set(hash_of(beginning_at(entry.words.front(), 0)));
      auto& map = entry.form == "tag" || entry.form == "kana" ? tags_ : phrases_;
      map[entry.words.front()].push_back(entry);
    }
  }
  beginnings_.set(hash_of(0));
  for (auto* map : {&tags_, &phrases_})
    for (auto& [first, entries] : *map)
      std::stable_sort(entries.begin(), entries.end(),
                       [](const auto& a, const auto& b) { return a.words.size() > b.words.size(); });
}

const DisclosureWords& DisclosureWords::instance() {
  static const DisclosureWords words;
  return words;
}

}  // namespace cdx::enrich
