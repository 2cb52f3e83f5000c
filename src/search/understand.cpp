#include "search/understand.h"

#include <algorithm>
#include <set>

#include "search/understand_rules.h"
#include "search/understand_words.h"
#include "text/text.h"

namespace cdx {
namespace understanding {
namespace {

constexpr std::size_t longest_request = 14;  // tokens; what is longer is a brief, whose nouns stay

// Words that join a condition to what stands before or after it, and say nothing alone.
constexpr std::string_view joins_before =
    "with|and|who|have|has|having|that|are|is|on|in|a|an|which|but|also|located|based|whose|the|of|who're|at|"
    "plus|only";
constexpr std::string_view joins_after = "and|but|who|that|which|also|with|or|are|about|for|of|only|in";

class Reader {
 public:
  Reader(std::string_view text, std::span<const std::string> ignore) : ignore_(ignore.begin(), ignore.end()) {
    s_.text = text;
    s_.tokens = cut(text);
    for (std::size_t i = 0; i < s_.size(); ++i) {
      s_.names_creators = s_.names_creators || s_.creators(i);
      s_.counts_followers = s_.counts_followers || s_.in(i, "followers|subscribers|subs");
    }
    s_.brief = brief();
  }

  Understood run() {
    for (std::size_t i = 0; i < s_.size();) i = read_at(i);
    drop_band_beside_figure();
    if (!out_.chips.empty() || s_.names_creators) drop_nouns();
    drop_joints();
    for (const auto& token : s_.tokens)
      if (token.kind == Token::Kind::phrase && !token.used && !token.term.empty() && !s_.brief)
        out_.phrases.push_back(token.term);
    out_.rest = joined([](const Token& token) { return !token.used; });
    out_.meaning = joined([](const Token& token) { return !token.used || token.place; });
    return std::move(out_);
  }

 private:
  std::size_t read_at(std::size_t i) {
    if (s_.term(i).empty()) return i + 1;
    auto found = read_field(s_, i);
    if (!found) found = read_negation(s_, i);
    const bool condition = !found;
    if (!found) found = read_condition(s_, i);
    if (!found) return i + 1;
    take(*found);
    if (condition && of_place(*found))
      for (auto at = found->begin; at < found->end; ++at) s_.tokens[at].place = true;
    return found->end;
  }

  static bool of_place(const Found& found) {
    return !found.chips.empty() && std::all_of(found.chips.begin(), found.chips.end(), [](const Chip& chip) {
      return (chip.field == "country" || chip.field == "language") &&
             chip.filter.kind == Filter::Kind::keyword;
    });
  }

  void take(Found& found) {
    const bool dropped = std::all_of(found.chips.begin(), found.chips.end(),
                                     [&](const Chip& chip) { return ignore_.contains(chip.id); });
    for (auto i = found.begin; i < found.end; ++i) s_.tokens[i].used = true;
    if (!dropped)
      for (const auto i : found.kept) s_.tokens[i].used = false;
    for (auto chip : found.chips) {
      chip.begin = s_.tokens[found.begin].begin;
      chip.end = s_.tokens[found.end - 1].end;
      add(std::move(chip));
    }
    understood_ = true;
  }

  bool known(const Chip& chip) const {
    return std::any_of(out_.chips.begin(), out_.chips.end(),
                       [&](const Chip& other) { return other.id == chip.id; });
  }

  void add(Chip chip) {
    if (known(chip) &&
        !chip.excluded_text.empty()) {  // the same niche by another name: these words too must not occur
      auto words = excluded_words(chip.excluded_text);
      words.begin = chip.begin;
      words.end = chip.end;
      words.soft = chip.soft;
      chip = std::move(words);
    }
    if (!known(chip) && !ignore_.contains(chip.id)) out_.chips.push_back(std::move(chip));
  }

  // "micro creators below 10k followers": the figure says what is meant by micro.
  void drop_band_beside_figure() {
    const auto is_band = [](const Chip& chip) { return chip.id.starts_with("follower_band="); };
    const bool figure = std::any_of(out_.chips.begin(), out_.chips.end(),
                                    [](const Chip& chip) { return chip.field == "followers"; });
    if (figure) std::erase_if(out_.chips, is_band);
  }

  bool brief() const {
    if (s_.size() > longest_request) return true;
    for (std::size_t i = 1; i < s_.size(); ++i) {
      const auto gap = s_.text.substr(s_.tokens[i - 1].end, s_.tokens[i].begin - s_.tokens[i - 1].end);
      if (gap.find_first_of(".!?") != std::string_view::npos) return true;
    }
    return false;
  }

  bool noun(std::size_t i) const {
    return s_.tokens[i].kind == Token::Kind::word && !s_.tokens[i].tagged && !s_.tokens[i].used &&
           generic_noun(s_.tokens[i].term) && !s_.is(i + 1, "of");
  }

  // "channels", "influencers" and the request around them go when something else is left to search by.
  void drop_nouns() {
    if (s_.brief) return;
    const bool anything_else =
        understood_ || std::any_of(s_.tokens.begin(), s_.tokens.end(), [&](const Token& token) {
          const auto i = static_cast<std::size_t>(&token - s_.tokens.data());
          return !token.used && !noun(i) && !text::is_stop_word(token.term) &&
                 !one_of(token.term, "find|show|list|search|content");
        });
    if (!anything_else) return;
    drop_request();
    for (std::size_t i = 0; i < s_.size(); ++i) {
      if (!noun(i)) continue;
      s_.tokens[i].used = true;
      if (i > 0 && s_.tokens[i].term.starts_with("creator") && s_.is(i - 1, "content"))
        s_.tokens[i - 1].used = true;
    }
  }

  void drop_request() {
    const auto length = s_.any_phrase(
        0,
        "find me|find|show me|show|give me|looking for|i am looking for|im looking for|we are looking for|"
        "search for|search|i want|i need|we need|we want|list of|list|please find|please show me|"
        "get me|need|searching for");
    for (std::size_t i = 0; i < length; ++i) s_.tokens[i].used = true;
    if (length > 0 && s_.any_phrase(length, "a|an|some|the|all")) s_.tokens[length].used = true;
  }

  void drop_joints() {
    for (std::size_t i = s_.size(); i-- > 0;) {
      const bool next_used = i + 1 >= s_.size() ? false : s_.tokens[i + 1].used;
      if (next_used && s_.in(i, joins_before)) s_.tokens[i].used = true;
    }
    for (std::size_t i = 1; i < s_.size(); ++i) {
      if (!s_.tokens[i - 1].used || !s_.in(i, joins_after)) continue;
      if (s_.is(i, "in")) drop_field_words(i);
      s_.tokens[i].used = true;
    }
  }

  // "influencers in the beauty space": "in the" and "space" say nothing.
  void drop_field_words(std::size_t in) {
    const bool article = s_.is(in + 1, "the");
    for (auto i = in + 2; i < in + 5 && i < s_.size() && !s_.breaks(i); ++i) {
      if (!s_.in(i, "space|niche|industry|sector|category|field|world") || (!article && s_.is(i, "space")))
        continue;
      s_.tokens[i].used = true;
      if (article) s_.tokens[in + 1].used = true;
      return;
    }
  }

  // The words that are kept, in the user's writing.
  template <class Keep>
  std::string joined(const Keep& keep) const {
    std::string out;
    if (std::all_of(s_.tokens.begin(), s_.tokens.end(), keep)) return tidy(s_.text);
    for (std::size_t i = 0; i < s_.size(); ++i) {
      if (!keep(s_.tokens[i])) continue;
      const bool follows = i > 0 && keep(s_.tokens[i - 1]);
      const auto from = follows ? s_.tokens[i - 1].end : s_.tokens[i].begin;
      if (!follows && s_.tokens[i].tagged && s_.tokens[i].begin > 0)
        out += ' ', out += s_.text[s_.tokens[i].begin - 1];
      else if (!follows)
        out += ' ';
      out += s_.text.substr(from, s_.tokens[i].end - from);
    }
    return tidy(out);
  }

  static std::string tidy(std::string_view text) {
    std::string out;
    for (const char c : text) {
      const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
      if (!blank)
        out += c;
      else if (!out.empty() && out.back() != ' ')
        out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
  }

  Sentence s_;
  std::set<std::string, std::less<>> ignore_;
  Understood out_;
  bool understood_ = false;
};

}  // namespace
}  // namespace understanding

Understood understand(std::string_view text, std::span<const std::string> ignore) {
  return understanding::Reader(text, ignore).run();
}

}  // namespace cdx
