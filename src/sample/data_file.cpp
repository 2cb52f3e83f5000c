#include "sample/data_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace cdx::sample {
namespace {

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

void split_values(std::string_view text, std::vector<std::string_view>& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find(';'), text.size());
    if (const auto value = trim(text.substr(0, end)); !value.empty()) out.push_back(value);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

DataEntry& entry_named(DataSection& section, std::string_view key, int line) {
  for (auto& entry : section.entries)
    if (entry.key == key) return entry;
  return section.entries.emplace_back(DataEntry{key, {}, line});
}

}  // namespace

const DataEntry* DataSection::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

tl::unexpected<Error> data_error(std::string_view file, int line, std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("sample data {}, line {}: {}", file, line, reason));
}

Result<const DataEntry*> need(std::string_view file, const DataSection& section, std::string_view key) {
  const auto* entry = section.find(key);
  if (entry == nullptr || entry->values.empty())
    return data_error(file, section.line, fmt::format("section [{}] lacks \"{}\"", section.name, key));
  return entry;
}

Result<std::vector<DataSection>> read_data(std::string_view file, std::string_view text) {
  std::vector<DataSection> sections;
  std::string_view key;  // of the last `key:` line, for the lines with a dash below it
  int number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      if (line.back() != ']' || line.size() < 3)
        return data_error(file, number, "a section is written [name]");
      sections.push_back({line.substr(1, line.size() - 2), {}, number});
      key = {};
      continue;
    }
    if (sections.empty()) return data_error(file, number, "text before the first [section]");
    if (line.starts_with("- ")) {
      if (key.empty()) return data_error(file, number, "a line with a dash needs a `key:` line above it");
      entry_named(sections.back(), key, number).values.push_back(trim(line.substr(2)));
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return data_error(file, number, "expected `key: values`");
    key = trim(line.substr(0, colon));
    split_values(line.substr(colon + 1), entry_named(sections.back(), key, number).values);
  }
  return sections;
}

}  // namespace cdx::sample
