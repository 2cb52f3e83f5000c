#include "index/string_table.h"

namespace cdx::engine {
namespace {

template <class Table>
std::uint32_t find_in(const Table& table, std::string_view text) {
  const auto at = first_not(0, table.size(), [&](std::size_t i) { return table[i] < text; });
  return at < table.size() && table[at] == text ? static_cast<std::uint32_t>(at) : none;
}

}  // namespace

std::uint32_t StringList::find(std::string_view text) const { return find_in(*this, text); }

Status StringList::write(SectionWriter& out, const std::string& name) const {
  if (bytes_.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(ErrorKind::invalid, name + ": more than 4 GiB of strings in one segment");
  CDX_TRY(out.add(name + ".begin", begin_));
  return out.add(name + ".bytes", std::string_view(bytes_));
}

StringTable::StringTable(const Sections& sections, const std::string& name)
    : begin_(sections.section(name + ".begin")), bytes_(sections.section(name + ".bytes")) {}

std::uint32_t StringTable::find(std::string_view text) const { return find_in(*this, text); }

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
