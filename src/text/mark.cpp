#include "text/mark.h"

#include <algorithm>
#include <vector>

#include "text/fold.h"
#include "text/tokens.h"

namespace cdx::text {
namespace {

struct Span {
  std::size_t begin = 0, end = 0;
};

std::vector<Span> matches(std::string_view text, const std::set<std::string, std::less<>>& terms) {
  std::vector<Span> out;
  for (const auto& token : analyse(text)) {
    if (!terms.contains(token.term)) continue;
    if (!out.empty() && token.begin < out.back().end) continue;  // part of a hashtag already marked
    out.push_back({token.begin, token.end});
  }
  return out;
}

// The window of `width` bytes that begins at a match and holds most of them; the first of equals.
std::size_t densest(const std::vector<Span>& spans, std::size_t width) {
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0, j = 0; i < spans.size(); ++i) {
    j = std::max(j, i);
    while (j < spans.size() && spans[j].end <= spans[i].begin + width) ++j;
    if (j - i > most) {
      most = j - i;
      best = i;
    }
  }
  return best;
}

// Moves a cut to the next blank, so that no word and no code point is torn; at most 24 bytes.
std::size_t after_blank(std::string_view text, std::size_t at) {
  for (std::size_t i = at; i < text.size() && i < at + 24; ++i)
    if (text[i] == ' ' || text[i] == '\n') return i + 1;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  return at;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string highlight(std::string_view text, const std::set<std::string, std::less<>>& terms,
                      std::size_t width) {
  const auto spans = matches(text, terms);
  if (spans.empty()) return {};
  const auto first = spans[densest(spans, width)].begin;
  const auto lead = width / 5;
  auto from = first <= lead || text.size() <= width ? 0 : after_blank(text, first - lead);
  from = std::min(from, first);
  const auto to = from + clip(text.substr(from), width).size();
  std::string out = from > 0 ? "…" : "";
  auto at = from;
  for (const auto& span : spans) {
    if (span.begin < from || span.end > to) continue;
    out += escape_html(text.substr(at, span.begin - at));
    out += "<mark>" + escape_html(text.substr(span.begin, span.end - span.begin)) + "</mark>";
    at = span.end;
  }
  out += escape_html(text.substr(at, to - at));
  if (to < text.size()) out += "…";
  return out;
}

}  // namespace cdx::text
