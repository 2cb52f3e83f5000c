#include "embed/word_piece.h"

#include <algorithm>

#include "embed/bert_words.h"

namespace cdx {
namespace {

constexpr std::size_t longest_word = 100;                  // code points
constexpr std::size_t most_pieces = std::size_t{1} << 22;  // far above any BERT vocabulary

// The largest end in (begin, limit] that does not cut a code point of valid UTF-8.
std::size_t whole_code_points(std::string_view word, std::size_t end) {
  while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

}  // namespace

void WordPiece::add(std::string_view line) {
  const auto id = static_cast<PieceId>(continues_.size());
  const bool inner = line.size() > 2 && line.starts_with("##");
  continues_.push_back(inner);
  const std::string_view piece = inner ? line.substr(2) : line;
  longest_ = std::max(longest_, piece.size());
  (inner ? inner_ : first_)[piece] = id;
  for (Special& special : special_) {
    if (special.text == line) special.id = id;
  }
}

Result<WordPiece> WordPiece::parse(std::string_view vocabulary, const std::string& place) {
  WordPiece out;
  out.text_ = std::make_unique<const std::string>(vocabulary);
  std::string_view rest = *out.text_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (out.size() == most_pieces)
      return fail(ErrorKind::corrupt, place + ": more lines than any vocabulary has");
    out.add(line);
  }
  for (const Special& special : std::span(out.special_).first(4)) {
    if (special.id < 0) {
      return fail(ErrorKind::corrupt, place + ": " + std::string(special.text) + " is missing among its " +
                                          std::to_string(out.size()) +
                                          " pieces; is this a BERT vocabulary, and whole?");
    }
  }
  return out;
}

const WordPiece::Special* WordPiece::special_at(std::string_view text) const {
  for (const Special& special : special_) {
    if (special.id >= 0 && text.starts_with(special.text)) return &special;
  }
  return nullptr;
}

std::vector<PieceId> WordPiece::encode(std::string_view text) const {
  std::vector<PieceId> out;
  std::size_t plain = 0;
  for (std::size_t i = text.find('['); i != std::string_view::npos; i = text.find('[', i)) {
    const Special* special = special_at(text.substr(i));
    if (special == nullptr) {
      ++i;
      continue;
    }
    encode_plain(text.substr(plain, i - plain), out);
    out.push_back(special->id);
    i += special->text.size();
    plain = i;
  }
  encode_plain(text.substr(plain), out);
  return out;
}

void WordPiece::encode_plain(std::string_view text, std::vector<PieceId>& out) const {
  if (text.empty()) return;
  for (const BertWord& word : bert_words(text)) {
    if (word.code_points > longest_word) {
      out.push_back(unknown());
    } else {
      encode_word(word.text, out);
    }
  }
}

void WordPiece::encode_word(std::string_view word, std::vector<PieceId>& out) const {
  const std::size_t before = out.size();
  std::size_t begin = 0;
  while (begin < word.size()) {
    const Lookup& lookup = begin == 0 ? first_ : inner_;
    std::size_t end = whole_code_points(word, std::min(word.size(), begin + longest_));
    auto found = lookup.end();
    for (; end > begin; end = whole_code_points(word, end - 1)) {
      found = lookup.find(word.substr(begin, end - begin));
      if (found != lookup.end()) break;
    }
    if (found == lookup.end()) {  // one unknown part makes the whole word unknown
      out.resize(before);
      out.push_back(unknown());
      return;
    }
    out.push_back(found->second);
    begin = end;
  }
}

std::vector<std::span<const PieceId>> split_windows(std::span<const PieceId> ids, std::size_t longest,
                                                    const WordPiece& pieces) {
  std::vector<std::span<const PieceId>> out;
  std::size_t begin = 0;
  do {
    std::size_t end = std::min(begin + longest, ids.size());
    if (end < ids.size()) {
      std::size_t border = end;
      while (border > begin && pieces.continues(ids[border])) --border;
      if (border > begin) end = border;
    }
    out.push_back(ids.subspan(begin, end - begin));
    begin = end;
  } while (begin < ids.size());
  return out;
}

}  // namespace cdx
