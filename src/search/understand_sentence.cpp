#include "search/understand_sentence.h"

#include "search/understand_words.h"

namespace cdx::understanding {
namespace {

constexpr std::string_view connectors =
    "with|and|or|but|from|in|on|who|whose|that|which|for|not|no|without|except|excluding|having|have|has|at|"
    "minus|based|"
    "nor|also|plus|making|about|covering|doing|posting|speaking|verified|active|under|over|above|below|"
    "between|then";

// Calls use(part) for each part of "a|b|c" until it returns true.
template <class Use>
bool each_part(std::string_view list, Use&& use) {
  while (!list.empty()) {
    const auto bar = list.find('|');
    if (use(list.substr(0, bar))) return true;
    list.remove_prefix(bar == std::string_view::npos ? list.size() : bar + 1);
  }
  return false;
}

}  // namespace

bool one_of(std::string_view word, std::string_view bar_separated) {
  return !word.empty() && each_part(bar_separated, [&](std::string_view part) { return part == word; });
}

std::string_view Sentence::term(std::size_t i) const {
  if (i >= size() || tokens[i].used || tokens[i].tagged || tokens[i].kind == Token::Kind::phrase) return {};
  return tokens[i].term;
}

bool Sentence::in(std::size_t i, std::string_view words) const { return one_of(term(i), words); }

bool Sentence::number(std::size_t i) const {
  return i < size() && tokens[i].kind == Token::Kind::number && !tokens[i].used && !tokens[i].tagged;
}

bool Sentence::clause_ends(std::size_t i) const {
  return i >= size() || breaks(i) || tokens[i].used || in(i, connectors) ||
         tokens[i].kind == Token::Kind::sign;
}

std::size_t Sentence::phrase(std::size_t i, std::string_view words) const {
  std::size_t at = i;
  while (!words.empty()) {
    const auto blank = words.find(' ');
    if (!is(at, words.substr(0, blank)) || (at > i && breaks(at))) return 0;
    ++at;
    words.remove_prefix(blank == std::string_view::npos ? words.size() : blank + 1);
  }
  return at - i;
}

std::size_t Sentence::any_phrase(std::size_t i, std::string_view bar_separated) const {
  std::size_t longest = 0;
  if (term(i).empty()) return 0;
  each_part(bar_separated, [&](std::string_view part) {
    if (part.starts_with(term(i))) longest = std::max(longest, phrase(i, part));
    return false;
  });
  return longest;
}

std::string Sentence::joined(std::size_t begin, std::size_t end) const {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (term(i).empty() || (i > begin && breaks(i))) return {};
    if (!out.empty()) out += ' ';
    out += term(i);
  }
  return out;
}

std::string_view Sentence::source(std::size_t begin, std::size_t end) const {
  return text.substr(tokens[begin].begin, tokens[end - 1].end - tokens[begin].begin);
}

bool Sentence::creators(std::size_t i) const {
  const auto word = i < size() && tokens[i].kind == Token::Kind::word ? std::string_view(tokens[i].term) : "";
  return generic_noun(word) || agent_noun(word);
}

bool Sentence::creators_within(std::size_t i, std::size_t ahead) const {
  for (std::size_t j = i; j < i + ahead && j < size(); ++j) {
    if (j > i && breaks(j)) return false;
    if (creators(j)) return true;
  }
  return false;
}

}  // namespace cdx::understanding
