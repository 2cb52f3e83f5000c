// What is not wanted.
#include <algorithm>

#include "search/understand_rules.h"
#include "search/understand_words.h"
#include "text/text.h"

namespace cdx::understanding {
namespace {

constexpr std::size_t longest_name = 4;   // words of a niche's name
constexpr std::size_t longest_words = 5;  // of something else that is not wanted

// How much a trigger lets through: "no" and "without" are too often part of a subject ("no bake desserts") to
// take more than names of niches; "not" takes niches, conditions and "about X"; "except" takes any words.
// After a word for creators ("channels without options trading") and a comma ("tutorials, not python") what
// follows can only be what is not wanted: "not" and "without" take any words there.
enum class Reach { niches, conditions, words };
struct Trigger {
  std::size_t end = 0;
  Reach reach = Reach::niches;
};

std::optional<Trigger> trigger_at(const Sentence& s, std::size_t i) {
  if (const auto length = s.any_phrase(
          i,
          "but not about|not about|and not about|nothing about|but nothing about|except|except for|"
          "but not|excluding|exclude|other than|but no|and not|rather than|minus the"))
    return Trigger{i + length, s.in(i + length - 1, "no") ? Reach::conditions : Reach::words};
  if (const auto length = s.any_phrase(i,
                                       "who arent|that arent|who are not|that are not|who dont do|that dont "
                                       "do|who dont cover|that dont cover"))
    return Trigger{i + length, Reach::conditions};
  const bool after_creators = i > 0 && generic_noun(s.term(i - 1));
  const bool after_comma = i > 0 && s.breaks(i);
  if (const auto length = s.any_phrase(i, "not any|not"))
    return Trigger{i + length, after_creators || after_comma ? Reach::words : Reach::conditions};
  if (const auto length = s.any_phrase(i, "without any|without"))
    return Trigger{i + length, after_creators ? Reach::words : Reach::niches};
  if (const auto length = s.any_phrase(i, "no|non|nor")) return Trigger{i + length, Reach::niches};
  return std::nullopt;
}

struct Item {
  std::size_t end = 0;
  Chip chip;
  bool sure = false;  // a niche or a condition, not just words
};

std::optional<Item> niche_item(const Sentence& s, std::size_t i) {
  for (std::size_t length = longest_name; length > 0; --length) {
    if (i + length > s.size()) continue;
    const auto words = s.joined(i, i + length);
    const auto* niche = words.empty() ? nullptr : vocab::find_niche(words);
    if (niche) return Item{i + length, excluded_niche(*niche, s.source(i, i + length)), true};
  }
  return std::nullopt;
}

std::optional<Item> platform_item(const Sentence& s, std::size_t i) {
  if (!s.in(i, "youtube|instagram|tiktok|twitter|twitch") || !s.clause_ends(i + 1)) return std::nullopt;
  return Item{i + 1, negated(platform_chip({*parse_platform(s.term(i))})), true};
}

std::optional<Item> condition_item(const Sentence& s, std::size_t i) {
  if (s.phrase(i, "active") && s.clause_ends(i + 1))
    return Item{i + 1, activity_chip(Activity::dormant), true};
  if (s.is(i, "verified")) return Item{i + 1, negated(verified_chip()), true};
  auto found = read_condition(s, i);
  if (!found || found->chips.size() != 1 || found->chips[0].id.starts_with("not:")) return std::nullopt;
  return Item{found->end, negated(std::move(found->chips[0])), true};
}

// Words up to the next connector, at most a few. "and" and "or" part items.
std::optional<Item> words_item(const Sentence& s, std::size_t i) {
  auto end = i;
  while (end < s.size() && end < i + longest_words && (end == i || !s.clause_ends(end)) &&
         !s.term(end).empty() && s.tokens[end].kind == Token::Kind::word)
    ++end;
  if (end < s.size() && !s.clause_ends(end)) return std::nullopt;
  auto last = end;
  while (last > i && generic_noun(s.tokens[last - 1].term)) --last;  // "except gaming channels"
  auto first = i + s.any_phrase(i, "any|the|about|from|for");
  if (first >= last) return std::nullopt;
  auto chip = excluded_words(s.source(first, last));
  if (chip.excluded_terms.empty()) return std::nullopt;
  return Item{end, std::move(chip), false};
}

// The niche's name has to be all of the item: "no makeup makeup looks" and "no cooking required" are
// subjects.
bool stands_alone(const Sentence& s, std::size_t end) {
  return s.clause_ends(end) || generic_noun(s.term(end)) || s.in(end, "content|videos|stuff|related|please");
}

std::optional<Item> item_at(const Sentence& s, std::size_t i, Reach reach) {
  auto at = i + s.any_phrase(i, "any|about|the|on");
  if (auto item = niche_item(s, s.in(i, "on") ? i : at); item && stands_alone(s, item->end)) return item;
  if (auto item = platform_item(s, i)) return item;
  if (reach != Reach::niches)
    if (auto item = condition_item(s, i)) return item;
  if (reach == Reach::words) return words_item(s, i);
  return std::nullopt;
}

// After "without crypto or": further items may be plain words where the first was surely meant.
std::vector<Item> items_at(const Sentence& s, std::size_t i, Reach reach) {
  std::vector<Item> out;
  while (out.size() < 16) {
    auto item = item_at(s, i, reach);
    if (!item) break;
    if (s.in(item->end, "content|videos|stuff|related") && item->sure) ++item->end;
    while (item->end < s.size() && item->sure && !s.breaks(item->end) && generic_noun(s.term(item->end)))
      ++item->end;
    const auto end = item->end;
    out.push_back(std::move(*item));
    if (s.in(end, "or|and|nor"))
      i = end + 1;
    else if (end < s.size() && s.breaks(end))
      i = end;
    else
      break;
    // A comma or "and" may begin something wanted: plain words go on only after "or" and "nor".
    if (reach == Reach::words && !s.in(end, "or|nor")) reach = Reach::niches;
  }
  return out;
}

// The first words of a clause: "no crypto finance" may be a name; "not gaming" is clear.
bool may_start(const Sentence& s, std::size_t i, Reach reach) {
  return reach != Reach::niches || i > 0 || s.is(i, "non") || s.is(i, "without");
}

Reading minus_word(const Sentence& s, std::size_t i) {
  if (i + 1 >= s.size() || !s.tokens[i + 1].glued) return std::nullopt;
  if (s.tokens[i + 1].kind == Token::Kind::phrase) {
    auto chip = excluded_words(s.tokens[i + 1].term);
    if (chip.excluded_terms.empty()) return std::nullopt;
    return Found{i, i + 2, {std::move(chip)}, {}};
  }
  if (auto field = read_field(s, i + 1)) {
    for (auto& chip : field->chips) chip = negated(std::move(chip));
    return Found{i, field->end, std::move(field->chips), {}};
  }
  if (s.in(i + 1, "youtube|instagram|tiktok|twitter|twitch"))
    return Found{i, i + 2, {negated(platform_chip({*parse_platform(s.term(i + 1))}))}, {}};
  auto end = i + 2;
  while (end < s.size() && s.tokens[end].hyphened) ++end;
  const auto words = s.joined(i + 1, end);
  if (words.empty()) return std::nullopt;
  const auto* niche = vocab::find_niche(words);
  auto chip = niche ? excluded_niche(*niche, s.source(i + 1, end)) : excluded_words(s.source(i + 1, end));
  if (chip.excluded_terms.empty()) return std::nullopt;
  return Found{i, end, {std::move(chip)}, {}};
}

}  // namespace

Reading read_negation(const Sentence& s, std::size_t i) {
  if (i < s.size() && s.tokens[i].kind == Token::Kind::sign && s.is(i, "minus")) return minus_word(s, i);
  auto trigger = trigger_at(s, i);
  if (trigger && s.brief && trigger->reach == Reach::words) trigger->reach = Reach::conditions;
  if (!trigger || trigger->end >= s.size() || !may_start(s, i, trigger->reach)) return std::nullopt;
  if (s.is(i, "not") && s.in(i + 1, "under|below|over|above|more|less|fewer"))
    return std::nullopt;  // a comparison
  if (s.is(i, "not"))
    if (auto field = read_field(s, i + 1)) {
      for (auto& chip : field->chips) chip = negated(std::move(chip));
      return Found{i, field->end, std::move(field->chips), {}};
    }
  auto items = items_at(s, trigger->end, trigger->reach);
  if (items.empty()) return std::nullopt;
  Found found{i, items.back().end, {}, {}};
  for (auto& item : items) {
    item.chip.soft = !item.chip.excluded_text.empty();
    found.chips.push_back(std::move(item.chip));
  }
  return found;
}

}  // namespace cdx::understanding
