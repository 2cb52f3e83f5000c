// The embedded tables, read once. Inside the vocab room only.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vocab/vocab.h"

namespace cdx::vocab {

// The bytes of a table of the taxonomy ("niches", "risks"): of the folder in use, or the built-in ones.
std::string_view table_text(std::string_view name);
// The built-in files by name ("niches.tsv").
const std::map<std::string, std::string_view>& built_in_taxonomy();

// "video games|videojuegos" and the like: the parts between bars, none for an empty cell.
std::vector<std::string> split_cell(std::string_view cell);
// Rows of tab-separated cells; comment lines and empty lines are left out. Every row must have `columns`
// cells.
std::vector<std::vector<std::string>> read_rows(std::string_view table, std::size_t columns);

// "&" and "+" as "and"; "/", "|", "_", "-" and "," as blanks; runs of blanks as one. Truncates what does not
// fit.
class LooseName {
 public:
  explicit LooseName(std::string_view folded_name);
  std::string_view view() const { return {bytes_, size_}; }

 private:
  void put(std::string_view text);
  void put_blank();

  char bytes_[96];
  std::size_t size_ = 0;
};

// Names to rows. The first row that claims a name keeps it.
template <class Row>
class NameIndex {
 public:
  void add(std::string_view name, const Row* row) {
    if (!name.empty()) rows_.emplace(std::string(LooseName(name).view()), row);
  }
  const Row* find(std::string_view folded_name) const {
    const LooseName loose(folded_name);
    const auto it = rows_.find(loose.view());
    return it == rows_.end() ? nullptr : it->second;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, const Row*, Hash, std::equal_to<>> rows_;
};

}  // namespace cdx::vocab

namespace cdx::embedded {
std::string_view vocab_niches();
std::string_view vocab_synonyms();
std::string_view vocab_categories();
std::string_view vocab_countries();
std::string_view vocab_languages();
std::string_view vocab_styles();
std::string_view vocab_risks();
std::string_view vocab_compatibility();
}  // namespace cdx::embedded
