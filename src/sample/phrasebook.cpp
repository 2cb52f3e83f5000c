#include "sample/phrasebook.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sample/data_file.h"

namespace cdx::sample {
namespace {

constexpr std::array<std::string_view, 18> word_names = {
    "first", "last",    "city",  "country", "flag", "handle", "site", "mail", "other",
    "year",  "manager", "about", "list",    "k",    "n",      "big",  "days", "emoji"};

std::optional<Word> find_word(std::string_view name) {
  const auto* const found = std::find(word_names.begin(), word_names.end(), name);
  if (found == word_names.end()) return {};
  return static_cast<Word>(found - word_names.begin());
}

// Where the brace that opens at `open` is closed; npos: nowhere.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (auto i = open; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

// Parts between the bars that are not inside inner braces.
std::vector<std::string_view> split_choices(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || (text[i] == '|' && depth == 0)) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    } else {
      depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    }
  }
  return parts;
}

// Subjects that a section speaks for: all, those of a niche, or one.
bool covers(std::string_view section, std::string_view subject) {
  return section == "*" || section == subject ||
         (subject.starts_with(section) && subject[section.size()] == '/');
}

void say_rolled(std::string& out, Rng& rng, const Speech& speech, Word word) {
  constexpr std::array<int, 9> day_counts = {5, 7, 10, 14, 21, 30, 60, 90, 100};
  constexpr std::array<int, 10> round = {20, 25, 50, 75, 100, 150, 200, 250, 500, 1000};
  switch (word) {
    case Word::n:
      out += std::to_string(rng.between(3, 11));
      return;
    case Word::big:
      out += std::to_string(rng.pick(round));
      return;
    case Word::days:
      out += std::to_string(rng.pick(day_counts));
      return;
    case Word::emoji:
      if (!speech.emoji.empty()) out += rng.pick(speech.emoji);
      return;
    default:
      return;
  }
}

}  // namespace

void capitalise(std::string& text, std::size_t at) {
  if (at >= text.size()) return;
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 'a' && byte <= 'z') {
    text[at] = static_cast<char>(byte - 0x20U);
  } else if (byte == 0xC3 && at + 1 < text.size()) {
    const auto next = static_cast<unsigned char>(text[at + 1]);
    if (next >= 0xA0 && next <= 0xBE && next != 0xB7) text[at + 1] = static_cast<char>(next - 0x20U);
  }
}

void append_short_number(std::string& out, double value) {
  const bool millions = value >= 999'500;
  const auto tenths = static_cast<std::int64_t>(value / (millions ? 100'000.0 : 100.0) + 0.5);
  out += std::to_string(tenths / 10);
  if (tenths % 10 != 0 && tenths < 1000) {
    out += '.';
    out += std::to_string(tenths % 10);
  }
  out += millions ? 'M' : 'K';
}

// The section [mine]: `words` of "your > my" pairs, for slots such as {task:mine}.
Status Phrasebook::read_mine(std::string_view file, const DataSection& section) {
  CDX_TRY_LET(const auto* words, need(file, section, "words"));
  for (const auto value : words->values) {
    const auto at = value.find(" > ");
    if (at == std::string_view::npos)
      return data_error(file, words->line, "expected pairs such as \"your > my\"");
    mine_.emplace_back(value.substr(0, at), value.substr(at + 3));
  }
  return {};
}

Result<Phrasebook> Phrasebook::parse(std::string_view file, std::string_view text, const Subjects& subjects) {
  CDX_TRY_LET(auto sections, read_data(file, text));
  Phrasebook book;
  for (const auto& section : sections)
    if (section.name == "mine") CDX_TRY(book.read_mine(file, section));
  std::erase_if(sections, [](const auto& section) { return section.name == "mine"; });
  for (const auto& section : sections)
    for (const auto& entry : section.entries)
      book.keys_.emplace(std::string(entry.key), static_cast<std::uint32_t>(book.keys_.size()));
  book.table_.assign(subjects.size() * book.keys_.size(), no_key);
  // General sections first, so that special ones overwrite them.
  const auto rank = [](std::string_view name) {
    return name == "*" ? 0 : name.find('/') == name.npos ? 1 : 2;
  };
  for (int wanted = 0; wanted < 3; ++wanted) {
    for (const auto& section : sections) {
      if (rank(section.name) != wanted) continue;
      const auto covered = [&](const std::string& subject) { return covers(section.name, subject); };
      if (std::none_of(subjects.begin(), subjects.end(), covered))
        return data_error(file, section.line, fmt::format("unknown subject [{}]", section.name));
      for (const auto& entry : section.entries) {
        Rule rule;
        for (const auto value : entry.values) {
          CDX_TRY_LET(auto phrase, book.compile(file, entry.line, value));
          rule.push_back(std::move(phrase));
        }
        if (rule.empty()) return data_error(file, entry.line, fmt::format("\"{}\" has no values", entry.key));
        for (std::size_t i = 0; i < subjects.size(); ++i)
          if (covered(subjects[i]))
            book.table_[i * book.keys_.size() + book.key(entry.key)] =
                static_cast<std::uint32_t>(book.rules_.size());
        book.rules_.push_back(std::move(rule));
      }
    }
  }
  CDX_TRY(book.check_nesting(file));
  return book;
}

Result<Phrasebook::Phrase> Phrasebook::compile(std::string_view file, int line, std::string_view text) const {
  Phrase phrase;
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    if (open > 0) phrase.emplace_back().text = text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const auto close = closing(text, 0);
    if (close == std::string_view::npos) return data_error(file, line, "a { without its }");
    CDX_TRY(compile_slot(file, line, text.substr(1, close - 1), phrase));
    text.remove_prefix(close + 1);
  }
  return phrase;
}

Status Phrasebook::compile_slot(std::string_view file, int line, std::string_view slot, Phrase& out) const {
  Piece piece;
  if (slot.starts_with("she:")) {
    piece.kind = Kind::gender;
    CDX_TRY(compile_choices(file, line, slot.substr(4), piece));
    if (piece.choices.size() != 2) return data_error(file, line, "{she:…|…} takes two forms");
  } else if (slot.find('|') != std::string_view::npos) {
    piece.kind = Kind::choice;
    CDX_TRY(compile_choices(file, line, slot, piece));
  } else {
    CDX_TRY(compile_name(file, line, slot, piece));
  }
  out.push_back(std::move(piece));
  return {};
}

Status Phrasebook::compile_choices(std::string_view file, int line, std::string_view slot, Piece& out) const {
  for (const auto part : split_choices(slot)) {
    CDX_TRY_LET(auto phrase, compile(file, line, part));
    out.choices.push_back(std::move(phrase));
  }
  return {};
}

Status Phrasebook::compile_name(std::string_view file, int line, std::string_view slot, Piece& out) const {
  std::string name(slot);
  if (!name.empty() && name.front() >= 'A' && name.front() <= 'Z') {
    out.capital = true;
    name.front() = static_cast<char>(name.front() + 0x20);
  }
  if (name.ends_with(":mine")) {
    out.mine = true;
    name.resize(name.size() - 5);
  }
  if (name.ends_with('2')) {
    out.second = true;
    name.pop_back();
  }
  if (const auto word = find_word(name)) {
    out.kind = Kind::word;
    out.index = static_cast<std::uint32_t>(*word);
    return {};
  }
  out.kind = Kind::key;
  out.index = key(name);
  if (out.index == no_key) return data_error(file, line, fmt::format("unknown slot {{{}}}", slot));
  return {};
}

void Phrasebook::collect_keys(const Phrase& phrase, std::set<std::uint32_t>& out) {
  for (const auto& piece : phrase) {
    if (piece.kind == Kind::key) out.insert(piece.index);
    for (const auto& choice : piece.choices) collect_keys(choice, out);
  }
}

// Follows every key's slots over all sections at once; a key met again on its own path could expand for ever.
Status Phrasebook::check_nesting(std::string_view file) const {
  const std::size_t count = keys_.size();
  std::vector<std::set<std::uint32_t>> uses(count);
  for (std::size_t cell = 0; cell < table_.size(); ++cell) {
    if (table_[cell] == no_key) continue;
    for (const auto& phrase : rules_[table_[cell]]) collect_keys(phrase, uses[cell % count]);
  }
  // Keys whose slots are all settled are settled; what is left over when nothing moves lies on a circle.
  std::vector<bool> settled(count, false);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < count; ++i) {
      if (settled[i] || std::any_of(uses[i].begin(), uses[i].end(), [&](auto k) { return !settled[k]; }))
        continue;
      settled[i] = true;
      moved = true;
    }
  }
  for (const auto& [name, index] : keys_)
    if (!settled[index]) return data_error(file, 0, fmt::format("\"{}\" can contain itself", name));
  return {};
}

std::uint32_t Phrasebook::key(std::string_view name) const {
  const auto found = keys_.find(name);
  return found == keys_.end() ? no_key : found->second;
}

bool Phrasebook::speaks(std::uint32_t key, std::uint16_t subject) const {
  return key != no_key && rule(key, subject) != nullptr;
}

void Phrasebook::say(std::string& out, Rng& rng, const Speech& speech, std::uint32_t key) const {
  Memory memory;
  if (key != no_key) say_key(out, rng, speech, key, memory);
}

void Phrasebook::say_key(std::string& out, Rng& rng, const Speech& speech, std::uint32_t key,
                         Memory& memory) const {
  const auto* found = rule(key, speech.subject);
  if (found == nullptr) return;
  const auto said = [&](std::size_t choice) {
    return std::any_of(memory.begin(), memory.end(),
                       [&](const Said& s) { return s.key == key && s.choice == choice; });
  };
  std::size_t choice = rng.below(found->size());
  for (std::size_t i = 0; i < 4 && said(choice); ++i) choice = (choice + 1) % found->size();
  std::rotate(memory.begin(), memory.end() - 1, memory.end());
  memory.front() = {key, choice};
  Memory inner;
  say_phrase(out, rng, speech, (*found)[choice], inner);
}

void Phrasebook::say_phrase(std::string& out, Rng& rng, const Speech& speech, const Phrase& phrase,
                            Memory& memory) const {
  for (const auto& piece : phrase) say_piece(out, rng, speech, piece, memory);
}

void Phrasebook::say_piece(std::string& out, Rng& rng, const Speech& speech, const Piece& piece,
                           Memory& memory) const {
  const auto begin = out.size();
  switch (piece.kind) {
    case Kind::text:
      out += piece.text;
      return;
    case Kind::choice:
      say_phrase(out, rng, speech, rng.pick(piece.choices), memory);
      return;
    case Kind::gender:
      say_phrase(out, rng, speech, piece.choices[speech.female ? 0 : 1], memory);
      return;
    case Kind::word:
      if (piece.index < brought_words) {
        out += speech.words[piece.index];
      } else {
        say_rolled(out, rng, speech, static_cast<Word>(piece.index));
      }
      break;
    case Kind::key:
      if (!piece.second) {
        say_key(out, rng, speech, piece.index, memory);
      } else {
        Speech other = speech;
        other.subject = speech.second;
        say_key(out, rng, other, piece.index, memory);
      }
      break;
  }
  if (piece.mine) make_mine(out, begin);
  if (piece.capital) capitalise(out, begin);
}

void Phrasebook::make_mine(std::string& text, std::size_t begin) const {
  std::string changed;
  std::string_view rest = std::string_view(text).substr(begin);
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    const auto word = rest.substr(0, end);
    const auto pair =
        std::find_if(mine_.begin(), mine_.end(), [&](const auto& p) { return p.first == word; });
    changed += pair == mine_.end() ? word : pair->second;
    if (end < rest.size()) changed += ' ';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  text.resize(begin);
  text += changed;
}

}  // namespace cdx::sample
