#include "index/string_table.h"

namespace cdx::engine {

MergedTables merge_tables(std::span<const StringTable* const> tables,
                          std::span<const std::vector<std::uint32_t>> living) {
  MergedTables out;
  std::vector<std::size_t> at(tables.size(), 0);
  for (const auto* table : tables) out.numbers.emplace_back(table->size(), none);
  for (;;) {
    std::optional<std::string_view> least;
    for (std::size_t t = 0; t < tables.size(); ++t) {
      while (at[t] < tables[t]->size() && living[t][at[t]] == 0) ++at[t];
      if (at[t] == tables[t]->size()) continue;
      const auto text = (*tables[t])[at[t]];
      if (!least || text < *least) least = text;
    }
    if (!least) return out;
    const auto number = static_cast<std::uint32_t>(out.strings.size());
    out.strings.add(*least);
    for (std::size_t t = 0; t < tables.size(); ++t)
      if (at[t] < tables[t]->size() && (*tables[t])[at[t]] == *least) out.numbers[t][at[t]++] = number;
  }
}

}  // namespace cdx::engine
