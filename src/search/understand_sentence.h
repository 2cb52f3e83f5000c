// What the rules see: the tokens of one query, with look-ups. Inside understand only.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search/understand_chips.h"
#include "search/understand_tokens.h"

namespace cdx::understanding {

// What one rule read: tokens [begin, end) and what they mean.
struct Found {
  std::size_t begin = 0, end = 0;
  std::vector<Chip> chips;
  std::vector<std::size_t> kept;  // tokens inside that stay in the rest as words: cities
};
using Reading = std::optional<Found>;

struct Sentence {
  std::string_view text;
  std::vector<Token> tokens;
  bool names_creators = false;    // has a word for creators: "channels", "dancers", "youtubers"
  bool counts_followers = false;  // has a word for followers
  bool brief = false;  // long, or several sentences: prose, in which quotes and asides are no conditions

  std::size_t size() const { return tokens.size(); }
  // The folded word or sign at i; empty beyond the ends, for phrases, tags and what was understood already.
  std::string_view term(std::size_t i) const;
  bool is(std::size_t i, std::string_view word) const { return !word.empty() && term(i) == word; }
  bool in(std::size_t i, std::string_view bar_separated_words) const;
  bool number(std::size_t i) const;
  bool breaks(std::size_t i) const { return i >= size() || tokens[i].breaks; }
  bool starts_clause(std::size_t i) const { return i == 0 || breaks(i) || tokens[i - 1].used; }
  // No more words of this clause at i: the end, a comma, a connector or something understood.
  bool clause_ends(std::size_t i) const;
  // Number of tokens that the phrase takes at i, or 0. Hyphens count as blanks: "mid-tier" is "mid tier".
  std::size_t phrase(std::size_t i, std::string_view words) const;
  // The first of "a b|c" that stands at i; its length in tokens, or 0. Longer alternatives first.
  std::size_t any_phrase(std::size_t i, std::string_view bar_separated) const;
  std::string joined(std::size_t begin,
                     std::size_t end) const;  // terms with blanks; empty if a comma parts them
  std::string_view source(std::size_t begin, std::size_t end) const;  // bytes of the text
  bool creators(std::size_t i) const;                                 // a word for creators stands here
  bool creators_within(std::size_t i, std::size_t ahead) const;
};

// Is `word` one of "a|b|c"?
bool one_of(std::string_view word, std::string_view bar_separated);

}  // namespace cdx::understanding
