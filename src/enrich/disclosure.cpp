#include "enrich/disclosure.h"

#include <algorithm>
#include <array>

#include "enrich/disclosure_words.h"
#include "text/text.h"

namespace cdx::enrich {
namespace {

constexpr double least_confidence = 0.6;
constexpr std::size_t longest_text = 4'000;                                  // bytes
constexpr std::size_t negation_window = 4, cue_window = 6, code_window = 5;  // pieces
constexpr std::size_t longest_name = 3, most_evidence = 4, most_mentions = 2;
constexpr std::size_t shortest_code = 4;

using Kind = Piece::Kind;
using Pieces = std::vector<Piece>;

struct Brand {
  std::string name;
  std::size_t end = 0;  // the piece behind it
};
struct Mark {
  CollaborationKind kind = CollaborationKind::paid;
  double weight = 0;
  std::size_t begin = 0, end = 0;  // pieces
  std::vector<std::string> brands;
  bool needs_name = false;  // says nothing in a post that names nobody: a shop's own code, a headline
};

// One of a post's texts, read.
class Reading {
 public:
  Reading(std::string_view text, std::span<const std::string> own, bool discount)
      : text_(text), pieces_(pieces(text)), own_(own), discount_(discount), kana_(has_kana(text)) {
    for (std::size_t at = 0; at < pieces_.size(); ++at) look(at);
  }
  std::vector<Mark> marks;
  bool denied = false;
  bool own_goods = false;
  std::vector<std::string> mentions() const {
    std::vector<std::string> out;
    for (const auto& piece : pieces_)
      if (piece.kind == Kind::mention && !is_own(piece.term) && !has(out, surface(piece)))
        out.emplace_back(surface(piece));
    return out;
  }
  std::vector<const Piece*> tags() const {
    std::vector<const Piece*> out;
    for (const auto& piece : pieces_)
      if (piece.kind == Kind::tag) out.push_back(&piece);
    return out;
  }
  std::string_view words(const Mark& mark) const {
    const auto begin = pieces_[mark.begin].begin - (is(mark.begin, Kind::tag) ? 1 : 0);
    return text_.substr(begin, pieces_[mark.end - 1].end - begin);
  }

 private:
  static bool has(const std::vector<std::string>& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }
  bool is(std::size_t at, Kind kind) const { return at < pieces_.size() && pieces_[at].kind == kind; }
  bool in(std::string_view list, std::size_t at) const {
    return is(at, Kind::word) && words_.in(list, pieces_[at].term);
  }
  // Only commas do not end a sentence.
  bool ends_sentence(std::size_t at) const { return is(at, Kind::rupture) && pieces_[at].term != ","; }
  bool is_own(const std::string& handle) const {
    return std::find(own_.begin(), own_.end(), handle) != own_.end();
  }
  std::string_view surface(const Piece& piece) const {
    return text_.substr(piece.begin, piece.end - piece.begin);
  }
  // A word of the list stands before `at` in the same sentence, at most `window` pieces away.
  bool before(std::string_view list, std::size_t at, std::size_t window) const {
    for (std::size_t back = 1; back <= window && back <= at; ++back) {
      if (ends_sentence(at - back)) return false;
      if (in(list, at - back)) return true;
    }
    return false;
  }

  void look(std::size_t at) {
    const auto& piece = pieces_[at];
    if (piece.quoted || piece.kind == Kind::mention || piece.kind == Kind::rupture) return;
    if (in("about", at) && before("negation", at, negation_window)) denied = true;
    bool taken = false;  // the longest phrase of each place counts
    words_.at(pieces_, at, [&](const DisclosureEntry& entry) {
      const auto end = at + entry.words.size();
      if (entry.meaning == "denial") denied = true;
      if (entry.meaning == "own") own_goods = true;
      if (taken || entry.meaning == "denial" || entry.meaning == "own") return;
      if (!marks.empty() && marks.back().end > at && marks.back().end >= end) return;
      taken = look(entry, at, end);
    });
  }

  bool look(const DisclosureEntry& entry, std::size_t at, std::size_t end) {
    Mark mark{kind_of(entry.meaning), entry.weight, at, end, {}};
    if (entry.form == "tag" || entry.form == "kana") {
      if (entry.form == "kana" && !kana_) return false;
      if (in_list_before("talk_tag", at)) return false;
      if (in_list_before("negation", at)) denied = true;
      take_brands(mark, end);
    } else if (entry.form == "label") {
      if (!is_label(at, end)) return false;
      take_brands(mark, end);
      mark.needs_name = is(end, Kind::rupture) && text_[pieces_[end].begin] == ':';  // "Publi: five mistakes"
    } else if (entry.form == "phrase") {
      if (talked_about(at, end)) return false;
    } else if (entry.form == "for") {
      if (!name_before(at, mark)) return false;
    } else if (entry.form == "by" || entry.form == "by@") {
      if (talked_about(at, end) || !name_after(entry, end, mark)) return false;
    } else if (!code_after(entry, end, mark)) {
      return false;
    }
    marks.push_back(std::move(mark));
    return true;
  }

  static CollaborationKind kind_of(std::string_view meaning) {
    if (meaning == "paid") return CollaborationKind::paid;
    return meaning == "gifted" ? CollaborationKind::gifted : CollaborationKind::affiliate;
  }
  bool in_list_before(std::string_view list, std::size_t at) const { return at > 0 && in(list, at - 1); }

  // Between breaks; behind it may also stand whom it is about.
  bool is_label(std::size_t at, std::size_t end) const {
    if (at > 0 && pieces_[at - 1].kind == Kind::word) return false;
    if (end == pieces_.size() || pieces_[end].kind != Kind::word)
      return !(end < pieces_.size() && text_[pieces_[end].begin] == '?');
    return in("link", end) && is(end + 1, Kind::mention);
  }

  // Asked, wished, taught: not said.
  bool talked_about(std::size_t at, std::size_t end) const {
    if (before("negation", at, negation_window) || before("talk", at, cue_window)) return true;
    for (auto next = end; next < pieces_.size(); ++next)
      if (ends_sentence(next)) return text_[pieces_[next].begin] == '?';
    return false;
  }

  // Mentions behind a mark, joined by signs and small words: "#ad | with @nike & @adidas".
  std::size_t take_brands(Mark& mark, std::size_t at) const {
    for (std::size_t idle = 0; at < pieces_.size() && idle < 3; ++at) {
      if (is(at, Kind::mention)) {
        if (!is_own(pieces_[at].term)) mark.brands.emplace_back(surface(pieces_[at]));
        idle = 0;
      } else if (is(at, Kind::rupture) || in("link", at)) {
        ++idle;
      } else {
        break;
      }
    }
    return at;
  }

  // Up to three words with capitals, or of digits behind such.
  Brand capital_name(std::size_t at) const {
    Brand out{"", at};
    while (out.end < pieces_.size() && out.end < at + longest_name && is(out.end, Kind::word) &&
           pieces_[out.end].capital)
      ++out.end;
    if (out.end == at || words_.in("joke", pieces_[at].term)) return {"", at};
    out.name = text_.substr(pieces_[at].begin, pieces_[out.end - 1].end - pieces_[at].begin);
    return out;
  }

  bool name_after(const DisclosureEntry& entry, std::size_t end, Mark& mark) const {
    auto at = end;
    while (at < pieces_.size() && at < end + 2 &&
           ((is(at, Kind::rupture) && !ends_line(at)) || pieces_[at].term == "the"))
      ++at;
    if (is(at, Kind::mention)) {
      take_brands(mark, at);
      return !mark.brands.empty();
    }
    if (entry.form == "by@" || at >= pieces_.size()) return false;
    const auto name = capital_name(at);
    if (name.name.empty()) return false;
    mark.brands.push_back(name.name);
    mark.end = name.end;
    return true;
  }
  bool ends_line(std::size_t at) const {
    const auto sign = text_[pieces_[at].begin];
    return sign == '\n' || sign == '.' || sign == '!' || sign == '?';
  }

  // "Thanks to Brand for sponsoring".
  bool name_before(std::size_t at, Mark& mark) const {
    auto begin = at;
    while (begin > 0 && is(begin - 1, Kind::rupture) && pieces_[begin - 1].term == ",") --begin;
    const auto end = begin;
    if (begin > 0 && is(begin - 1, Kind::mention)) {
      mark.brands.emplace_back(surface(pieces_[begin - 1]));
      return true;
    }
    while (begin > 0 && end - begin < longest_name && is(begin - 1, Kind::word) &&
           pieces_[begin - 1].capital && !greets(pieces_[begin - 1].term))
      --begin;
    if (begin == end) return false;
    mark.brands.emplace_back(text_.substr(pieces_[begin].begin, pieces_[end - 1].end - pieces_[begin].begin));
    mark.begin = begin;
    return true;
  }
  static bool greets(std::string_view word) {
    constexpr std::array<std::string_view, 8> words = {"thanks", "thank",   "you",   "to",
                                                       "danke",  "gracias", "merci", "obrigado"};
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  bool is_code(const Piece& piece) const {
    const auto word = surface(piece);
    std::size_t letters = 0;
    for (const char c : word) {
      const bool upper = c >= 'A' && c <= 'Z';
      if (!upper && !(c >= '0' && c <= '9')) return false;
      letters += upper ? std::size_t{1} : std::size_t{0};
    }
    return word.size() >= shortest_code && letters >= 3;
  }

  // "code ANA20 … at Brand": the code, and the brand behind it where one is named.
  bool code_after(const DisclosureEntry& entry, std::size_t end, Mark& mark) const {
    if (entry.form == "weak_code" && !discount_) return false;
    auto at = end;
    while (at < pieces_.size() && at < end + code_window && !(is(at, Kind::word) && is_code(pieces_[at])))
      ++at;
    if (at >= pieces_.size() || at == end + code_window) return false;
    mark.end = at + 1;
    mark.needs_name = true;
    for (auto next = at + 1; next + 1 < pieces_.size() && next < at + 10 && !ends_sentence(next); ++next) {
      if (!in("link", next)) continue;
      if (take_brands(mark, next + 1); !mark.brands.empty()) break;
      if (const auto name = capital_name(next + 1); !name.name.empty()) {
        mark.brands.push_back(name.name);
        break;
      }
    }
    return true;
  }

  std::string_view text_;
  Pieces pieces_;
  std::span<const std::string> own_;
  bool discount_, kana_;
  const DisclosureWords& words_ = DisclosureWords::instance();
};

bool speaks_of_discount(std::string_view text) {
  if (text.find('%') != std::string_view::npos) return true;
  for (const auto& piece : pieces(text))
    if (DisclosureWords::instance().in("generous", piece.term)) return true;
  return false;
}

// "#gymsharkpartner": whom a hashtag praises, in a post that discloses something.
std::string partner_of(const std::string& tag) {
  for (const std::string_view suffix : {"partner", "ambassador", "athlete"}) {
    if (!tag.ends_with(suffix)) continue;
    auto brand = tag.substr(0, tag.size() - suffix.size());
    if (brand.size() >= 3 && !DisclosureWords::instance().in("generic", brand)) return brand;
  }
  return {};
}

void add_brand(std::vector<std::string>& brands, std::string_view name) {
  const auto key = brand_key(name);
  if (key.empty() || std::any_of(brands.begin(), brands.end(),
                                 [&](const std::string& other) { return brand_key(other) == key; }))
    return;
  brands.emplace_back(name);
}

// Whom the marks name; else whom the post mentions, where those are few; else the hashtags of partners.
void name_brands(const std::array<Reading, 2>& texts, CollaborationKind kind, Disclosure& out) {
  for (const auto& reading : texts)
    for (const auto& mark : reading.marks)
      if (mark.kind == kind)
        for (const auto& brand : mark.brands) add_brand(out.brands, brand);
  if (!out.brands.empty()) return;
  std::vector<std::string> mentions;
  for (const auto& reading : texts)
    for (const auto& mention : reading.mentions()) add_brand(mentions, mention);
  if (mentions.size() <= most_mentions) out.brands = std::move(mentions);
  if (!out.brands.empty()) return;
  for (const auto& reading : texts)
    for (const auto* tag : reading.tags())
      if (const auto brand = partner_of(tag->term); !brand.empty()) add_brand(out.brands, brand);
}

}  // namespace

std::optional<Disclosure> find_disclosure(std::string_view title, std::string_view description,
                                          std::span<const std::string> own) {
  title = text::clip(title, longest_text);
  description = text::clip(description, longest_text);
  const auto& words = DisclosureWords::instance();
  if (!words.begins_anywhere(title) && !words.begins_anywhere(description)) return {};  // most posts
  const bool discount = speaks_of_discount(title) || speaks_of_discount(description);
  const std::array<Reading, 2> texts = {Reading(title, own, discount), Reading(description, own, discount)};
  const bool denied = texts[0].denied || texts[1].denied;
  const bool own_goods = texts[0].own_goods || texts[1].own_goods;
  const bool named = std::any_of(texts.begin(), texts.end(), [](const Reading& reading) {
    return !reading.mentions().empty() || std::any_of(reading.marks.begin(), reading.marks.end(),
                                                      [](const Mark& mark) { return !mark.brands.empty(); });
  });
  double silent[3] = {1, 1, 1};  // that no mark of the kind is right, were they independent
  for (const auto& reading : texts)
    for (const auto& mark : reading.marks)
      if (named || !mark.needs_name) silent[static_cast<std::size_t>(mark.kind)] *= 1 - mark.weight;
  for (const auto kind : {CollaborationKind::paid, CollaborationKind::affiliate, CollaborationKind::gifted}) {
    if (kind == CollaborationKind::paid && denied) continue;
    if (kind == CollaborationKind::affiliate && own_goods) continue;
    Disclosure out{kind, 1 - silent[static_cast<std::size_t>(kind)], {}, {}};
    if (out.confidence < least_confidence) continue;
    name_brands(texts, kind, out);
    for (std::size_t i = 0; i < texts.size(); ++i)
      for (const auto& mark : texts[i].marks)
        if (mark.kind == kind && (named || !mark.needs_name) && out.evidence.size() < most_evidence)
          out.evidence.push_back({i == 0 ? "title" : "description", std::string(texts[i].words(mark))});
    return out;
  }
  return {};
}

std::string brand_key(std::string_view name) {
  const auto cut = name.find_last_of("_.");
  const auto& words = DisclosureWords::instance();
  if (cut != std::string_view::npos && cut > 1) {
    const auto tail = text::squash(name.substr(cut + 1));
    if (words.in("handle", tail)) return brand_key(name.substr(0, cut));
  }
  auto key = text::squash(name);
  for (const std::string_view tail : {"official", "oficial", "officiel"})
    if (key.size() > tail.size() + 2 && key.ends_with(tail)) key.resize(key.size() - tail.size());
  return key;
}

}  // namespace cdx::enrich
