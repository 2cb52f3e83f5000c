#include "vocab/vocab.h"

#include "base/hash.h"
#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

struct Styles {
  std::vector<Style> rows;
  NameIndex<Style> by_name;

  Styles() {
    std::vector<std::vector<std::string>> names;
    for (auto& cells : read_rows(table_text("styles"), 4)) {
      rows.push_back({cells[0], cells[1], split_cell(cells[3])});
      names.push_back(split_cell(cells[2]));
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      by_name.add(rows[i].key, &rows[i]);
      for (const auto& name : names[i]) by_name.add(name, &rows[i]);
    }
  }
};

const Styles& style_tables() {
  static const Styles tables;
  return tables;
}

}  // namespace

std::span<const Style> styles() { return style_tables().rows; }

const Style* find_style(std::string_view folded_name) { return style_tables().by_name.find(folded_name); }

std::span<const Band> follower_bands() {
  static const std::vector<Band> bands = {{"nano", "Nano (under 10k)", 0, 10e3},
                                          {"micro", "Micro (10k to 100k)", 10e3, 100e3},
                                          {"mid", "Mid-tier (100k to 500k)", 100e3, 500e3},
                                          {"macro", "Macro (500k to 1M)", 500e3, 1e6},
                                          {"mega", "Mega (1M and more)", 1e6, std::nullopt}};
  return bands;
}

std::string_view follower_band(std::int64_t followers) {
  for (const auto& band : follower_bands())
    if (!band.high || static_cast<double>(followers) < *band.high) return band.key;
  return {};  // not reached: the last band has no upper end
}

std::string_view synonyms_text() { return embedded::vocab_synonyms(); }

std::uint32_t version() {
  static const auto value = [] {
    std::uint64_t hash = 0;
    for (const auto table : {table_text("niches"), table_text("categories"), embedded::vocab_countries(),
                             embedded::vocab_languages(), table_text("styles"), table_text("risks"),
                             table_text("compatibility")})
      hash = hash64(table, hash);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
  }();
  return value;
}

}  // namespace cdx::vocab
