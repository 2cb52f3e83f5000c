// What disclosures are made of: pieces of a post, and the words of data/disclosures.tsv. Inside the enrich
// room only.
//
// Forms of the table:
//   tag        a whole hashtag              kana       the same, in a text with Japanese letters
//   phrase     words in a row, anywhere     label      words between breaks: "Ad: …", "(Werbung)", "… |
//   Publi" by         words before a name          by@        words before a mention for        words behind
//   a name          code       words before a code of capitals and digits weak_code  the same, only where the
//   post speaks of a discount word       one word of a list that the rules use (disclosure.cpp)
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cdx::enrich {

// A run of letters and digits, a hashtag, a mention, or a break between them (punctuation, a new line).
struct Piece {
  enum class Kind { word, tag, mention, rupture } kind = Kind::word;
  std::string term;                // folded, apostrophes left out; of a rupture, its first byte
  std::size_t begin = 0, end = 0;  // bytes of the text, without "#" and "@"
  bool capital = false;            // begins with a capital letter
  bool quoted = false;
};
std::vector<Piece> pieces(std::string_view text);
bool has_kana(std::string_view text);

struct DisclosureEntry {
  std::string meaning, form;
  double weight = 0;
  std::vector<std::string> words;
};

class DisclosureWords {
 public:
  static const DisclosureWords& instance();
  // Entries whose words stand at `at`, one behind the other; of a tag those of the tag. The longest first.
  template <class Take>
  void at(const std::vector<Piece>& text, std::size_t at, const Take& take) const {
    const bool tag = text[at].kind == Piece::Kind::tag;
    const auto& map = tag ? tags_ : phrases_;
    const auto found = map.find(text[at].term);
    if (found == map.end()) return;
    for (const auto& entry : found->second) {
      if (at + entry.words.size() > text.size()) continue;
      bool equal = true;
      for (std::size_t i = 1; i < entry.words.size() && equal; ++i)
        equal = text[at + i].kind == Piece::Kind::word && text[at + i].term == entry.words[i];
      if (equal) take(entry);
    }
  }
  // Whether some word of the text may begin an entry: cheap, and never wrongly false.
  bool begins_anywhere(std::string_view text) const;
  bool in(std::string_view list, const std::string& word) const {
    const auto found = lists_.find(std::string(list));
    return found != lists_.end() && found->second.contains(word);
  }

 private:
  DisclosureWords();
  using Entries = std::unordered_map<std::string, std::vector<DisclosureEntry>>;
  Entries tags_, phrases_;
  std::bitset<65'536> beginnings_;  // hashes of the first four bytes of entries
  std::unordered_map<std::string, std::unordered_set<std::string>> lists_;
};

}  // namespace cdx::enrich
