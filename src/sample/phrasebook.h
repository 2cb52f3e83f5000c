// One tongue's grammar: how its people speak of every subject. Read from src/sample/data/<tongue>.txt.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/random.h"

namespace cdx::sample {

struct DataSection;

// What a {slot} may name beside the keys of the file. Up to `k` the speaker brings the text; the rest is
// rolled.
enum class Word : std::uint8_t {
  first,
  last,
  city,
  country,
  flag,
  handle,
  site,
  mail,
  other,
  year,
  manager,
  about,
  list,
  k,
  n,
  big,
  days,
  emoji,
};
inline constexpr std::size_t brought_words = static_cast<std::size_t>(Word::k) + 1;

struct Speech {
  std::array<std::string_view, brought_words> words;
  std::span<const std::string> emoji;
  std::uint16_t subject = 0;  // index of a sub-niche
  std::uint16_t second = 0;   // of another, or the same
  bool female = false;

  std::string_view& operator[](Word word) { return words[static_cast<std::size_t>(word)]; }
};

// Names of the subjects: "fitness/yoga" in the order of their index.
using Subjects = std::vector<std::string>;

class Phrasebook {
 public:
  // `invalid` names file, line and reason: unknown slot or section, a slot that can contain itself.
  // `text` must outlive the book.
  static Result<Phrasebook> parse(std::string_view file, std::string_view text, const Subjects& subjects);

  // Index of a key, for say(); keys that the file lacks have none.
  static constexpr std::uint32_t no_key = ~0U;
  std::uint32_t key(std::string_view name) const;
  bool speaks(std::uint32_t key, std::uint16_t subject) const;
  // Appends one alternative of `key`, the most specific section first: [fitness/yoga], [fitness], [*].
  void say(std::string& out, Rng& rng, const Speech& speech, std::uint32_t key) const;

 private:
  enum class Kind : std::uint8_t { text, word, key, choice, gender };
  struct Piece;
  using Phrase = std::vector<Piece>;
  using Rule = std::vector<Phrase>;
  struct Piece {
    Kind kind = Kind::text;
    bool capital = false;
    bool second = false;
    bool mine = false;        // words of the listener become those of the speaker
    std::uint32_t index = 0;  // Word or key
    std::string_view text;
    std::vector<Phrase> choices;
  };

  Status read_mine(std::string_view file, const DataSection& section);
  Result<Phrase> compile(std::string_view file, int line, std::string_view text) const;
  Status compile_slot(std::string_view file, int line, std::string_view slot, Phrase& out) const;
  Status compile_choices(std::string_view file, int line, std::string_view slot, Piece& out) const;
  Status compile_name(std::string_view file, int line, std::string_view slot, Piece& out) const;
  static void collect_keys(const Phrase& phrase, std::set<std::uint32_t>& out);
  Status check_nesting(std::string_view file) const;
  const Rule* rule(std::uint32_t key, std::uint16_t subject) const {
    const auto index = table_[subject * keys_.size() + key];
    return index == no_key ? nullptr : &rules_[index];
  }
  // What one phrase has said so far: the same slot twice in it gives two different things, where there are
  // two.
  struct Said {
    std::uint32_t key = no_key;
    std::size_t choice = 0;
  };
  using Memory = std::array<Said, 6>;
  void say_key(std::string& out, Rng& rng, const Speech& speech, std::uint32_t key, Memory& memory) const;
  void say_phrase(std::string& out, Rng& rng, const Speech& speech, const Phrase& phrase,
                  Memory& memory) const;
  void say_piece(std::string& out, Rng& rng, const Speech& speech, const Piece& piece, Memory& memory) const;
  void make_mine(std::string& text, std::size_t begin) const;

  std::map<std::string, std::uint32_t, std::less<>> keys_;
  std::vector<std::pair<std::string_view, std::string_view>> mine_;  // "your" -> "my"
  std::vector<Rule> rules_;
  std::vector<std::uint32_t> table_;  // subject x key -> rule, or no_key
};

// Makes the first letter upper case, where it is ASCII or Latin-1.
void capitalise(std::string& text, std::size_t at);
// "12.4K", "3M"
void append_short_number(std::string& out, double value);

}  // namespace cdx::sample
