// Words that mean the same: a plain text file that people edit, applied when a question is asked. Part of
// search/search.h.
//
// One line a rule: `gym, fitness, workout` (each also means the others) or `yt => youtube` (only from left to
// right; several words on either side, parted by commas). What stands for a word may itself be several words.
// `#` begins a comment; the line `builtin off` leaves the built-in rules out.
//
// Promises: a file is read whole or refused with its line and the reason; the version is a hash of what it
// means, so order, blanks and comments do not change it. A book notices a changed file at the next question;
// while that file is wrong the rules of before stay in force and a warning is logged. Thread-safe. Never:
// synonyms of synonyms.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cdx {

inline constexpr double synonym_factor = 0.8;      // of the score of the word it stands for
inline constexpr std::size_t most_synonyms = 16;   // of one word
inline constexpr std::size_t longest_synonym = 4;  // words
inline constexpr std::size_t most_synonym_rules = 10'000;

class Synonyms {
 public:
  // A place of a text that has synonyms.
  struct Found {
    std::vector<std::string> terms;                // analysed, as the text has them
    std::vector<std::vector<std::string>> others;  // analysed; each instead of all of `terms`
    std::string said;                              // for plans: "gym also as fitness, workout"
  };

  // `invalid`, beginning with "name:line:", for what cannot be a rule.
  static Result<Synonyms> read(std::string_view text, std::string_view name, bool with_built_in = true);
  // The longest places first from the left, each word in one place at most.
  std::vector<Found> in(std::string_view text) const;
  const std::string& version() const { return version_; }
  std::size_t rules() const { return rules_.size(); }
  std::vector<std::string> describe() const;  // one line a word, in their order

 private:
  struct Other {
    std::vector<std::string> terms;
    std::string written;
  };
  Status read_lines(std::string_view text, std::string_view name, bool& built_in);
  Status read_rule(std::string_view line);
  void add(const Other& from, const Other& to);
  void finish();

  std::map<std::vector<std::string>, std::vector<Other>> rules_;
  std::map<std::vector<std::string>, std::string> written_;
  std::string version_;
};

class SynonymBook {
 public:
  virtual ~SynonymBook() = default;
  virtual std::shared_ptr<const Synonyms> current() const = 0;
};

std::shared_ptr<const SynonymBook> built_in_synonyms() noexcept;
// Follows the file at `path`, which may come, change and go; `invalid` when it is there and wrong now.
Result<std::shared_ptr<const SynonymBook>> open_synonyms(std::string path);

}  // namespace cdx
