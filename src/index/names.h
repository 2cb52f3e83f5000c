// The names of a segment: every value of a name field is an entry, with its words and its squashed form (the
// words without blanks). Found by word, by whole squashed form, and by any run of words; all through sorted
// lists, so that prefixes and typos need no index of their own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "index/row_map.h"
#include "index/string_table.h"
#include "model/document.h"

namespace cdx::engine {

// The first words of a name, folded. What follows them plays no part in names: it is not one.
inline constexpr std::size_t longest_name_bytes = 256;
inline constexpr std::size_t longest_name_words = 32;
std::vector<std::string> name_words(std::string_view name);

struct Names {
  struct Entry {
    std::uint32_t row = 0;
    std::uint32_t field = 0;
  };
  struct Run {  // the squashed form of an entry from one of its words on
    std::uint32_t entry = 0;
    std::uint16_t word = 0;
    std::uint16_t offset = 0;  // bytes
  };

  std::vector<Entry> entries;  // by row, then by field
  StringTable values;          // as stored; one an entry, as the next two
  StringTable squashed;
  std::vector<std::uint64_t> words_begin{0};  // entries + 1, into entry_words
  std::vector<std::uint32_t> entry_words;     // in the order of the name
  StringTable words;                          // sorted
  std::vector<std::uint32_t> word_documents;
  std::vector<std::uint64_t> lists_begin{0};  // words + 1, into lists
  std::vector<std::uint32_t> lists;           // entries with the word, ascending, distinct
  std::vector<std::uint32_t> whole;           // entries by squashed form
  std::vector<Run> runs;                      // by the run

  std::span<const std::uint32_t> words_of(std::uint32_t entry) const {
    return std::span(entry_words).subspan(words_begin[entry], words_begin[entry + 1] - words_begin[entry]);
  }
  std::span<const std::uint32_t> entries_with(std::uint32_t word) const {
    return std::span(lists).subspan(lists_begin[word], lists_begin[word + 1] - lists_begin[word]);
  }
  std::string_view run(const Run& at) const { return squashed[at.entry].substr(at.offset); }
  std::vector<std::uint32_t> entries_of(std::uint32_t row) const;
  std::vector<std::uint32_t> words_of_row(std::uint32_t row) const;  // distinct, ascending
};

Names build_names(const Schema& schema, std::span<const Document* const> rows);

struct NamesPart {
  const Names* names = nullptr;
  std::vector<std::uint32_t> words_living;  // documents alive, by word
};
Names merge_names(std::span<const NamesPart> parts, const RowMap& map);

}  // namespace cdx::engine
