// Words and their stems. Part of text/text.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdx::text {

struct Token {
  std::string term;         // folded
  std::uint32_t begin = 0;  // bytes of the original text
  std::uint32_t end = 0;
  friend bool operator==(const Token&, const Token&) = default;
};

// Words in order: runs of letters, digits and marks; apostrophes inside a word join it ("don't" -> "dont").
// Each Han, Hiragana, Katakana and Thai character is a token of its own. A hashtag in camel case also gives
// its parts
// ("#MachineLearning" -> "machinelearning", "machine", "learning").
std::vector<Token> tokens(std::string_view text);

// tokens() with English Snowball stems where a term is of Latin letters; what the index holds and the query
// asks.
std::vector<Token> analyse(std::string_view text);
std::string stem(std::string_view folded_word);

// An English function word ("the", "with"): counts little in a query. Takes a folded word, not a stem.
bool is_stop_word(std::string_view folded_word);

}  // namespace cdx::text
