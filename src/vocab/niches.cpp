#include <algorithm>

#include "base/assert.h"
#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

struct Niches {
  std::vector<Niche> rows;
  std::unordered_map<std::string_view, const Niche*> by_key;
  NameIndex<Niche> by_name;

  Niches() {
    for (auto& cells : read_rows(table_text("niches"), 4)) {
      const auto slash = cells[0].find('/');
      rows.push_back({cells[0], slash == std::string::npos ? "" : cells[0].substr(0, slash), cells[1],
                      split_cell(cells[2]), split_cell(cells[3])});
    }
    for (const auto& row : rows) by_key.emplace(row.key, &row);
    for (const auto& row : rows) by_name.add(row.key, &row);
    for (const auto& row : rows) {
      CDX_ASSERT(row.parent.empty() || by_key.contains(row.parent));
      by_name.add(lower_ascii(row.label), &row);
      for (const auto& synonym : row.synonyms) by_name.add(synonym, &row);
    }
    for (const auto& cells : read_rows(table_text("categories"), 2)) {
      const auto it = by_key.find(cells[1]);
      CDX_ASSERT(it != by_key.end());
      by_name.add(cells[0], it->second);
    }
  }
};

const Niches& tables() {
  static const Niches niches;
  return niches;
}

}  // namespace

std::span<const Niche> niches() { return tables().rows; }

const Niche* niche(std::string_view key) {
  const auto it = tables().by_key.find(key);
  return it == tables().by_key.end() ? nullptr : it->second;
}

const Niche* find_niche(std::string_view folded_name) { return tables().by_name.find(folded_name); }

}  // namespace cdx::vocab
