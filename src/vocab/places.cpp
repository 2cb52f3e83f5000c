#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

std::string lower_code(std::string_view code) {
  std::string out;
  for (const char c : code) out += static_cast<char>(c + 32);
  return out;
}

std::vector<std::string> split_codes(std::string_view cell) {
  std::vector<std::string> out(1);
  for (const char c : cell) {
    if (c == ',')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

struct CityRow {
  std::string name;
  const Country* country;
};

struct Places {
  std::vector<Country> countries;
  std::vector<CityRow> cities;
  std::unordered_map<std::string_view, const Country*> by_code;
  NameIndex<Country> by_name;
  NameIndex<CityRow> city_by_name;

  Places() {
    for (auto& cells : read_rows(embedded::vocab_countries(), 6))
      countries.push_back({cells[0], cells[1], split_cell(cells[2]), split_cell(cells[3]),
                           split_cell(cells[4]), split_codes(cells[5])});
    for (const auto& row : countries) {
      by_code.emplace(row.code, &row);
      for (const auto& name : row.names) by_name.add(name, &row);
      for (const auto& word : row.adjectives) by_name.add(word, &row);
      for (const auto& city : row.cities) cities.push_back({city, &row});
    }
    // Names first: "in" and "id" are codes, but no name is lost to one.
    for (const auto& row : countries) by_name.add(lower_code(row.code), &row);
    for (const auto& city : cities) city_by_name.add(city.name, &city);
  }
};

const Places& places() {
  static const Places tables;
  return tables;
}

struct Languages {
  std::vector<Language> rows;
  std::unordered_map<std::string_view, const Language*> by_code;
  NameIndex<Language> by_name;

  Languages() {
    for (auto& cells : read_rows(embedded::vocab_languages(), 3))
      rows.push_back({cells[0], cells[1], split_cell(cells[2])});
    for (const auto& row : rows) {
      by_code.emplace(row.code, &row);
      for (const auto& name : row.names) by_name.add(name, &row);
    }
  }
};

const Languages& language_tables() {
  static const Languages tables;
  return tables;
}

}  // namespace

std::span<const Country> countries() { return places().countries; }

const Country* country(std::string_view code) {
  const auto it = places().by_code.find(code);
  return it == places().by_code.end() ? nullptr : it->second;
}

const Country* find_country(std::string_view folded_name) { return places().by_name.find(folded_name); }

std::optional<City> find_city(std::string_view folded_name) {
  const auto* row = places().city_by_name.find(folded_name);
  if (row == nullptr) return std::nullopt;
  return City{row->name, row->country};
}

std::span<const Language> languages() { return language_tables().rows; }

const Language* language(std::string_view code) {
  const auto it = language_tables().by_code.find(code);
  return it == language_tables().by_code.end() ? nullptr : it->second;
}

const Language* find_language(std::string_view folded_name) {
  return language_tables().by_name.find(folded_name);
}

}  // namespace cdx::vocab
