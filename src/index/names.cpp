#include "index/names.h"

#include <algorithm>
#include <numeric>

#include "text/text.h"

namespace cdx::engine {
namespace {

// Being collected: the sections of Names as vectors.
struct Draft {
  std::vector<NameEntry> entries;
  StringList values, squashed, words;
  std::vector<std::uint32_t> words_begin{0}, entry_words, word_documents, lists_begin, lists, whole;
  std::vector<NameRun> runs;

  std::span<const std::uint32_t> words_of(std::uint32_t entry) const {
    return std::span(entry_words).subspan(words_begin[entry], words_begin[entry + 1] - words_begin[entry]);
  }
  std::string_view run(const NameRun& at) const { return squashed[at.entry].substr(at.offset); }
  std::vector<std::uint32_t> run_rows() const {
    std::vector<std::uint32_t> out;
    out.reserve(runs.size());
    for (const auto& one : runs) out.push_back(entries[one.entry].row);
    return out;
  }
  void end_entry() { words_begin.push_back(static_cast<std::uint32_t>(entry_words.size())); }

  Status write(SectionWriter& out, const std::string& name) const {
    CDX_TRY(out.add(name + ".entries", entries));
    CDX_TRY(values.write(out, name + ".values"));
    CDX_TRY(squashed.write(out, name + ".squashed"));
    CDX_TRY(words.write(out, name + ".words"));
    CDX_TRY(out.add(name + ".words_begin", words_begin));
    CDX_TRY(out.add(name + ".entry_words", entry_words));
    CDX_TRY(out.add(name + ".word_documents", word_documents));
    CDX_TRY(out.add(name + ".lists_begin", lists_begin));
    CDX_TRY(out.add(name + ".lists", lists));
    CDX_TRY(out.add(name + ".whole", whole));
    CDX_TRY(out.add(name + ".runs", runs));
    return write_steps(out, name);
  }

 private:
  Status write_steps(SectionWriter& out, const std::string& name) const {
    StepList word_steps, whole_steps, run_steps;
    for (std::size_t i = 0; i < words.size(); ++i) word_steps.add(words[i]);
    for (const auto entry : whole) whole_steps.add(squashed[entry]);
    for (const auto& one : runs) run_steps.add(run(one));
    CDX_TRY(word_steps.write(out, name + ".word_steps"));
    CDX_TRY(whole_steps.write(out, name + ".whole_steps"));
    return run_steps.write(out, name + ".run_steps");
  }
};

// From the entries' words to the words' entries and documents.
void list_entries(Draft& out) {
  out.lists_begin.assign(out.words.size() + 1, 0);
  out.word_documents.assign(out.words.size(), 0);
  std::vector<std::uint32_t> last_entry(out.words.size(), none), last_row(out.words.size(), none);
  const auto each = [&](const auto& visit) {
    std::fill(last_entry.begin(), last_entry.end(), none);
    for (std::uint32_t entry = 0; entry < out.entries.size(); ++entry)
      for (const auto word : out.words_of(entry)) {
        if (last_entry[word] == entry) continue;
        last_entry[word] = entry;
        visit(word, entry);
      }
  };
  each([&](std::uint32_t word, std::uint32_t entry) {
    ++out.lists_begin[word + 1];
    const auto row = out.entries[entry].row;
    if (last_row[word] != row) ++out.word_documents[word];
    last_row[word] = row;
  });
  std::partial_sum(out.lists_begin.begin(), out.lists_begin.end(), out.lists_begin.begin());
  out.lists.resize(out.lists_begin.back());
  auto next = out.lists_begin;
  each([&](std::uint32_t word, std::uint32_t entry) { out.lists[next[word]++] = entry; });
}

auto by_whole(const Draft& names) {
  return [&names](std::uint32_t a, std::uint32_t b) {
    const auto order = names.squashed[a].compare(names.squashed[b]);
    return order != 0 ? order < 0 : a < b;
  };
}
auto by_run(const Draft& names) {
  return [&names](const NameRun& a, const NameRun& b) {
    const auto order = names.run(a).compare(names.run(b));
    return order != 0 ? order < 0 : std::pair(a.entry, a.offset) < std::pair(b.entry, b.offset);
  };
}

void sort_lists(Draft& out) {
  for (std::uint32_t entry = 0; entry < out.entries.size(); ++entry) {
    out.whole.push_back(entry);
    std::size_t offset = 0;
    const auto words = out.words_of(entry);
    for (std::size_t word = 0; word < words.size(); ++word) {
      out.runs.push_back({entry, static_cast<std::uint16_t>(word), static_cast<std::uint16_t>(offset)});
      offset += out.words[words[word]].size();
    }
  }
  std::sort(out.whole.begin(), out.whole.end(), by_whole(out));
  std::sort(out.runs.begin(), out.runs.end(), by_run(out));
}

// The sorted lists of the parts, renumbered, are still sorted; so they only need to be merged.
void merge_sorted_lists(std::span<const NamesPart> parts,
                        const std::vector<std::vector<std::uint32_t>>& target, Draft& out) {
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto whole_middle = static_cast<std::ptrdiff_t>(out.whole.size());
    const auto runs_middle = static_cast<std::ptrdiff_t>(out.runs.size());
    for (const auto entry : parts[p].names->whole.all())
      if (entry < target[p].size() && target[p][entry] != none) out.whole.push_back(target[p][entry]);
    for (auto run : parts[p].names->runs.all()) {
      run.entry = run.entry < target[p].size() ? target[p][run.entry] : none;
      if (run.entry != none) out.runs.push_back(run);
    }
    std::inplace_merge(out.whole.begin(), out.whole.begin() + whole_middle, out.whole.end(), by_whole(out));
    std::inplace_merge(out.runs.begin(), out.runs.begin() + runs_middle, out.runs.end(), by_run(out));
  }
}

}  // namespace

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> out;
  for (auto& token : text::tokens(text::fold(text::clip(name, longest_name_bytes)))) {
    if (out.size() == longest_name_words) break;
    out.push_back(std::move(token.term));
  }
  return out;
}

std::vector<std::uint32_t> Names::entries_of(std::uint32_t row) const {
  std::vector<std::uint32_t> out;
  const auto first = first_not(0, entries.size(), [&](std::size_t i) { return entries[i].row < row; });
  for (auto i = first; i < entries.size() && entries[i].row == row; ++i)
    out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

std::vector<std::uint32_t> Names::words_of_row(std::uint32_t row) const {
  std::vector<std::uint32_t> out;
  for (const auto entry : entries_of(row)) {
    const auto found = words_of(entry);
    out.insert(out.end(), found.begin(), found.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Names::Names(const Sections& sections, const std::string& name)
    : entries(sections.section(name + ".entries")),
      values(sections, name + ".values"),
      squashed(sections, name + ".squashed"),
      words_begin(sections.section(name + ".words_begin")),
      entry_words(sections.section(name + ".entry_words")),
      words(sections, name + ".words"),
      word_documents(sections.section(name + ".word_documents")),
      lists_begin(sections.section(name + ".lists_begin")),
      lists(sections.section(name + ".lists")),
      whole(sections.section(name + ".whole")),
      runs(sections.section(name + ".runs")),
      word_steps(sections, name + ".word_steps"),
      whole_steps(sections, name + ".whole_steps"),
      run_steps(sections, name + ".run_steps") {}

Result<std::vector<std::uint32_t>> write_names(const Schema& schema, std::span<const Document* const> rows,
                                               SectionWriter& to, const std::string& name) {
  Draft out;
  std::vector<std::vector<std::string>> words;  // by entry
  auto fields = schema.name_fields;
  std::sort(fields.begin(), fields.end());
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    for (const auto field : fields) {
      const auto& value = rows[row]->texts[field];
      auto found = name_words(value);
      if (found.empty()) continue;
      std::string squashed;
      for (const auto& word : found) squashed += word;
      out.entries.push_back({row, static_cast<std::uint32_t>(field)});
      out.values.add(value);
      out.squashed.add(squashed);
      words.push_back(std::move(found));
    }
  }
  std::vector<std::string_view> dictionary;
  for (const auto& list : words) dictionary.insert(dictionary.end(), list.begin(), list.end());
  std::sort(dictionary.begin(), dictionary.end());
  dictionary.erase(std::unique(dictionary.begin(), dictionary.end()), dictionary.end());
  for (const auto word : dictionary) out.words.add(word);
  for (const auto& list : words) {
    for (const auto& word : list) out.entry_words.push_back(out.words.find(word));
    out.end_entry();
  }
  list_entries(out);
  sort_lists(out);
  CDX_TRY(out.write(to, name));
  return out.run_rows();
}

Result<std::vector<std::uint32_t>> merge_names(std::span<const NamesPart> parts, const RowMap& map,
                                               SectionWriter& to, const std::string& name) {
  std::vector<const StringTable*> tables;
  std::vector<std::vector<std::uint32_t>> living, target;
  std::vector<std::uint32_t> next(parts.size(), 0);
  for (const auto& part : parts) {
    tables.push_back(&part.names->words);
    living.push_back(part.words_living);
    target.emplace_back(part.names->entries.size(), none);
  }
  auto merged = merge_tables(tables, living);
  Draft out;
  map.for_each([&](std::uint32_t row, std::uint32_t part, std::uint32_t old) {
    const auto& from = *parts[part].names;
    auto& entry = next[part];
    while (entry < from.entries.size() && from.entries[entry].row < old) ++entry;
    for (; entry < from.entries.size() && from.entries[entry].row == old; ++entry) {
      target[part][entry] = static_cast<std::uint32_t>(out.entries.size());
      out.entries.push_back({row, from.entries[entry].field});
      out.values.add(from.values[entry]);
      out.squashed.add(from.squashed[entry]);
      for (const auto word : from.words_of(entry))
        if (word < merged.numbers[part].size() && merged.numbers[part][word] != none)
          out.entry_words.push_back(merged.numbers[part][word]);
      out.end_entry();
    }
  });
  out.words = std::move(merged.strings);
  list_entries(out);
  merge_sorted_lists(parts, target, out);
  CDX_TRY(out.write(to, name));
  return out.run_rows();
}

}  // namespace cdx::engine
