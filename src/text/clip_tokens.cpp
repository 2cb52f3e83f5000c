#include "text/clip_tokens.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>
#include <unordered_map>

#include "base/assert.h"
#include "text/clip_clean.h"

namespace cdx::text {
namespace {

constexpr std::size_t bytes = 256;
constexpr std::size_t merge_count = 49'152 - bytes - 2;
constexpr std::size_t first_merged = 2 * bytes;  // ids before: each byte, then each byte at the end of a word
constexpr std::string_view word_end = "</w>";
constexpr std::string_view start_text = "<start_of_text>";
constexpr std::string_view end_text = "<end_of_text>";

using Id = std::int32_t;

std::uint64_t pair_key(Id left, Id right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32U | static_cast<std::uint32_t>(right);
}

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&](char32_t value) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(value)));
  };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0 | c >> 6U);
    byte(0x80 | (c & 0x3fU));
  } else if (c < 0x10000) {
    byte(0xe0 | c >> 12U);
    byte(0x80 | (c >> 6U & 0x3fU));
    byte(0x80 | (c & 0x3fU));
  } else {
    byte(0xf0 | c >> 18U);
    byte(0x80 | (c >> 12U & 0x3fU));
    byte(0x80 | (c >> 6U & 0x3fU));
    byte(0x80 | (c & 0x3fU));
  }
}

// The reference's bytes_to_unicode: printable bytes stand for themselves and come first, the others for the
// code points from 256 on.
struct ByteLetters {
  std::array<Id, bytes> id{};            // by byte
  std::array<char32_t, bytes> letter{};  // by id
  ByteLetters() {
    std::size_t next = 0;
    const auto shown = [](std::size_t b) {
      return (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    };
    for (const bool turn : {true, false}) {
      for (std::size_t b = 0, other = bytes; b < bytes; ++b) {
        if (!shown(b)) ++other;
        if (shown(b) != turn) continue;
        letter[next] = static_cast<char32_t>(turn ? b : other - 1);
        id[b] = static_cast<Id>(next++);
      }
    }
  }
};

bool is_letter(char32_t c) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_L_MASK) != 0; }
bool is_number(char32_t c) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_N_MASK) != 0; }

// What no alternative of the pattern matches: blanks, and, because the pattern is blind to case and this
// mark's capital is the letter iota, the iota below.
bool is_skipped(char32_t c) { return c == U' ' || c == 0x345; }

// Whether `text` begins with this, which is in small letters; the pattern is blind to case, where the long s
// is one.
bool begins(std::u32string_view text, std::string_view with) {
  if (text.size() < with.size()) return false;
  return std::equal(with.begin(), with.end(), text.begin(), [](char a, char32_t b) {
    return static_cast<char32_t>(a) == b || (a == 's' && b == 0x17f);
  });
}

// The length of the first match of the reference's pattern: special texts, English endings, letters, one
// number, anything else but blanks. At least 1; text[0] is no blank.
std::size_t word_length(std::u32string_view text) {
  for (const std::string_view fixed :
       {start_text, end_text, std::string_view("'s"), std::string_view("'t"), std::string_view("'re"),
        std::string_view("'ve"), std::string_view("'m"), std::string_view("'ll"), std::string_view("'d")}) {
    if (begins(text, fixed)) return fixed.size();
  }
  std::size_t end = 1;
  if (is_letter(text[0])) {
    while (end < text.size() && is_letter(text[end])) ++end;
  } else if (!is_number(text[0])) {
    while (end < text.size() && !is_skipped(text[end]) && !is_letter(text[end]) && !is_number(text[end]))
      ++end;
  }
  return end;
}

}  // namespace

struct ClipTokens::Table {
  ByteLetters letters;
  std::vector<std::string> pieces;
  std::unordered_map<std::uint64_t, Id> merged;  // of two neighbours: the id, whose order is the rank

  void append_word(std::string_view word, std::vector<Id>& out) const;
};

// What the reference does in passes (all pairs of the lowest rank from left to right, then again) with a
// queue, so that a word of a megabyte costs its length times a logarithm. A pass merges only pairs that stood
// when it began.
void ClipTokens::Table::append_word(std::string_view word, std::vector<Id>& out) const {
  struct Part {
    Id id;
    std::size_t before, after;
  };
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::vector<Part> parts(word.size());
  for (std::size_t i = 0; i < word.size(); ++i)
    parts[i] = {letters.id[static_cast<unsigned char>(word[i])], i == 0 ? none : i - 1,
                i + 1 == word.size() ? none : i + 1};
  parts.back().id += static_cast<Id>(bytes);

  using Entry = std::tuple<Id, std::size_t, Id, Id>;  // what it becomes, where, and of which two
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> waiting;
  const auto offer = [&](std::size_t left) {
    if (left == none || parts[left].after == none) return;
    const Id a = parts[left].id, b = parts[parts[left].after].id;
    if (const auto found = merged.find(pair_key(a, b)); found != merged.end())
      waiting.emplace(found->second, left, a, b);
  };
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) offer(i);

  std::vector<std::size_t> touched;
  while (!waiting.empty()) {
    const Id rank = std::get<0>(waiting.top());
    touched.clear();
    while (!waiting.empty() && std::get<0>(waiting.top()) == rank) {
      const auto [id, left, a, b] = waiting.top();
      waiting.pop();
      const std::size_t right = parts[left].after;
      if (parts[left].id != a || right == none || parts[right].id != b) continue;  // one of them is gone
      parts[left].id = id;
      parts[left].after = parts[right].after;
      if (parts[right].after != none) parts[parts[right].after].before = left;
      parts[right].id = -1;
      touched.push_back(left);
    }
    for (const std::size_t left : touched) {
      if (parts[left].id != rank) continue;
      offer(parts[left].before);
      offer(left);
    }
  }
  for (std::size_t i = 0; i != none; i = parts[i].after) out.push_back(parts[i].id);
}

ClipTokens::ClipTokens(std::unique_ptr<const Table> table) : table_(std::move(table)) {}
ClipTokens::ClipTokens(ClipTokens&&) noexcept = default;
ClipTokens& ClipTokens::operator=(ClipTokens&&) noexcept = default;
ClipTokens::~ClipTokens() = default;

Result<ClipTokens> ClipTokens::parse(std::string_view merges, const std::string& place) {
  auto table = std::make_unique<Table>();
  std::unordered_map<std::string, Id> ids;
  const auto add = [&](std::string piece) {
    const bool fresh = ids.emplace(piece, static_cast<Id>(table->pieces.size())).second;
    table->pieces.push_back(std::move(piece));
    return fresh;
  };
  for (const bool ends : {false, true}) {
    for (const char32_t letter : table->letters.letter) {
      std::string piece;
      append_utf8(piece, letter);
      add(ends ? piece + std::string(word_end) : piece);
    }
  }
  std::size_t line_number = 0;
  while (table->pieces.size() < first_merged + merge_count) {
    if (merges.empty())
      return fail(ErrorKind::corrupt, place + ": has " + std::to_string(table->pieces.size() - first_merged) +
                                          " merges, CLIP's table has " + std::to_string(merge_count));
    std::string_view line = merges.substr(0, merges.find('\n'));
    merges.remove_prefix(std::min(line.size() + 1, merges.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++line_number == 1 && line.find("#version") != std::string_view::npos) continue;
    const std::size_t blank = line.find(' ');
    const auto left = ids.find(std::string(line.substr(0, blank)));
    const auto right = ids.find(std::string(blank == std::string_view::npos ? "" : line.substr(blank + 1)));
    if (left == ids.end() || right == ids.end())
      return fail(ErrorKind::corrupt, place + ":" + std::to_string(line_number) + ": no two known pieces");
    table->merged.emplace(pair_key(left->second, right->second), static_cast<Id>(table->pieces.size()));
    if (!add(left->first + right->first))
      return fail(ErrorKind::corrupt,
                  place + ":" + std::to_string(line_number) + ": a piece comes a second time");
  }
  table->pieces.emplace_back(start_text);
  table->pieces.emplace_back(end_text);
  return ClipTokens(std::move(table));
}

std::size_t ClipTokens::size() const { return table_->pieces.size(); }
Id ClipTokens::start() const { return static_cast<Id>(size()) - 2; }
Id ClipTokens::end() const { return static_cast<Id>(size()) - 1; }

std::string_view ClipTokens::piece(Id id) const {
  CDX_ASSERT(id >= 0 && static_cast<std::size_t>(id) < size());
  return table_->pieces[static_cast<std::size_t>(id)];
}

ClipIds ClipTokens::encode(std::string_view text, std::size_t longest) const {
  CDX_ASSERT(longest >= 3);
  const std::u32string clean = clip_clean(text);
  std::u32string_view rest = clean;
  ClipIds out;
  out.ids.push_back(start());
  std::string word;
  while (!rest.empty() && out.ids.size() < longest) {
    if (is_skipped(rest[0])) {
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t length = word_length(rest);
    word.clear();
    for (const char32_t c : rest.substr(0, length)) append_utf8(word, c);
    rest.remove_prefix(length);
    if (word == start_text || word == end_text) {
      out.ids.push_back(word == start_text ? start() : end());
    } else {
      table_->append_word(word, out.ids);
    }
  }
  while (!rest.empty() && is_skipped(rest[0])) rest.remove_prefix(1);
  out.truncated = !rest.empty() || out.ids.size() > longest - 1;
  if (out.truncated) out.ids.resize(longest - 1);
  out.ids.push_back(end());
  return out;
}

}  // namespace cdx::text
