// A query cut into words, numbers and signs, with bytes kept. Inside understand only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdx::understanding {

struct Token {
  enum class Kind : std::uint8_t { word, number, sign, phrase };
  Kind kind = Kind::word;
  std::string term;       // folded; for a phrase the words between the quotes, as typed
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
  double value = 0;       // of a number, magnitude included: "50k" is 50000
  bool scaled = false;    // a number with a magnitude letter: "50k"
  bool money = false;     // "$500"
  bool percent = false;   // "5%"; value stays 5
  bool plus = false;      // "50k+"
  bool glued = false;     // no blank between the token before and this one
  bool hyphened = false;  // a hyphen between the token before and this one: "spanish-speaking"
  bool breaks = false;    // a comma, stop or bracket stands before it
  bool tagged = false;    // "@name" or "#tag": a name, not to be understood
  bool used = false;      // understood, or a word of no content; not part of the rest
  bool place = false;     // understood as a place or language: part of the meaning all the same
};

// Words are runs of letters, digits and everything beyond ASCII but punctuation; numbers may carry "$", "%",
// "+" and a magnitude; signs are < > <= >= = ~ and "-" before a word or between numbers. Quoted text is one
// phrase.
std::vector<Token> cut(std::string_view text);

}  // namespace cdx::understanding
