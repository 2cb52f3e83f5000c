// The names of a segment: every value of a name field is an entry, with its words and its squashed form (the
// words without blanks). Found by word, by whole squashed form, and by any run of words; all through sorted
// lists, so that prefixes and typos need no index of their own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/steps.h"
#include "index/row_map.h"
#include "index/string_table.h"
#include "model/document.h"

namespace cdx::engine {

// The first words of a name, folded. What follows them plays no part in names: it is not one.
inline constexpr std::size_t longest_name_bytes = 256;
inline constexpr std::size_t longest_name_words = 32;
std::vector<std::string> name_words(std::string_view name);

struct NameEntry {
  std::uint32_t row = 0;
  std::uint32_t field = 0;
};
struct NameRun {  // the squashed form of an entry from one of its words on
  std::uint32_t entry = 0;
  std::uint16_t word = 0;
  std::uint16_t offset = 0;  // bytes
};

class Names {
 public:
  Names() = default;
  Names(const Sections& sections, const std::string& name);

  Array<NameEntry> entries;  // by row, then by field
  StringTable values;        // as stored; one an entry, as the next two
  StringTable squashed;
  Array<std::uint32_t> words_begin;  // entries + 1, into entry_words
  Array<std::uint32_t> entry_words;  // in the order of the name
  StringTable words;                 // sorted
  Array<std::uint32_t> word_documents;
  Array<std::uint32_t> lists_begin;              // words + 1, into lists
  Array<std::uint32_t> lists;                    // entries with the word, ascending, distinct
  Array<std::uint32_t> whole;                    // entries by squashed form
  Array<NameRun> runs;                           // by the run
  StepTable word_steps, whole_steps, run_steps;  // of `words`, `whole` and `runs`; may be unknown

  std::span<const std::uint32_t> words_of(std::uint32_t entry) const {
    const auto [begin, end] = words_begin.run(entry);
    return entry_words.part(begin, end - begin);
  }
  std::span<const std::uint32_t> entries_with(std::uint32_t word) const {
    const auto [begin, end] = lists_begin.run(word);
    return lists.part(begin, end - begin);
  }
  std::string_view run(const NameRun& at) const {
    const auto text = squashed[at.entry];
    return text.substr(std::min<std::size_t>(at.offset, text.size()));
  }
  std::vector<std::uint32_t> entries_of(std::uint32_t row) const;
  std::vector<std::uint32_t> words_of_row(std::uint32_t row) const;  // distinct, ascending
};

// Both give the row of every run, in their order.
Result<std::vector<std::uint32_t>> write_names(const Schema& schema, std::span<const Document* const> rows,
                                               SectionWriter& out, const std::string& name);

struct NamesPart {
  const Names* names = nullptr;
  std::vector<std::uint32_t> words_living;  // documents alive, by word
};
Result<std::vector<std::uint32_t>> merge_names(std::span<const NamesPart> parts, const RowMap& map,
                                               SectionWriter& out, const std::string& name);

}  // namespace cdx::engine
