#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

constexpr std::size_t fewest_top_niches = 2, most_phrase_words = 6, most_problems = 100;

struct Row {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

// Looks at whole files and collects what is wrong, so that one run tells all of it.
class Checker {
 public:
  Checker(const TaxonomyFiles& files, const std::function<std::string(std::string_view)>& fold)
      : files_(files), fold_(fold) {}

  std::vector<std::string> run() {
    for (const auto& [name, bytes] : files_)
      if (const auto known = taxonomy_names(); !known.contains(name))
        say(name, 0, "is no file of a taxonomy");
    niches();
    categories();
    compatibility();
    risks();
    styles();
    return std::move(problems_);
  }

 private:
  static std::set<std::string> taxonomy_names() {
    std::set<std::string> out;
    for (const auto& [name, bytes] : built_in_taxonomy()) out.insert(name);
    return out;
  }

  void say(const std::string& file, std::size_t line, const std::string& what) {
    if (problems_.size() < most_problems) problems_.push_back(fmt::format("{}:{}: {}", file, line, what));
  }

  std::vector<Row> rows(const std::string& file, std::size_t columns) {
    const auto given = files_.find(file);
    const std::string_view text =
        given == files_.end() ? built_in_taxonomy().at(file) : std::string_view(given->second);
    std::vector<Row> out;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      const auto line = text.substr(begin, end - begin);
      begin = end + 1;
      ++number;
      if (line.empty() || line.front() == '#') continue;
      Row row{number, {}};
      for (std::size_t at = 0;;) {
        const auto tab = line.find('\t', at);
        row.cells.emplace_back(line.substr(at, tab == std::string_view::npos ? tab : tab - at));
        if (tab == std::string_view::npos) break;
        at = tab + 1;
      }
      if (row.cells.size() != columns)
        say(file, number,
            fmt::format("has {} cells parted by tabs instead of {}", row.cells.size(), columns));
      else if (line.back() == '\r')
        say(file, number, "ends with a carriage return");
      else
        out.push_back(std::move(row));
    }
    return out;
  }

  bool folded(const std::string& file, std::size_t line, const std::string& name) {
    if (const auto right = fold_(name); right != name) {
      say(file, line, fmt::format("\"{}\" is not folded; write \"{}\"", name, right));
      return false;
    }
    return true;
  }

  static bool is_key(std::string_view key, bool sub) {
    const auto slash = key.find('/');
    if (slash != std::string_view::npos && sub)
      return is_key(key.substr(0, slash), false) && is_key(key.substr(slash + 1), false);
    return !key.empty() && key.size() <= 40 && std::all_of(key.begin(), key.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
  }

  void niches() {
    const std::string file = "niches.tsv";
    std::map<std::string, std::string> owner;
    std::size_t top = 0;
    for (const auto& [line, cells] : rows(file, 4)) {
      const auto& key = cells[0];
      if (!is_key(key, true))
        say(file, line, fmt::format("key \"{}\" is not lower case letters, digits and _", key));
      if (!niches_.insert(key).second) say(file, line, fmt::format("key \"{}\" stands twice", key));
      const auto slash = key.find('/');
      if (slash == std::string::npos)
        ++top;
      else if (!niches_.contains(key.substr(0, slash)))
        say(file, line, fmt::format("\"{}\" stands before its parent", key));
      if (cells[1].empty()) say(file, line, "has no label");
      for (const auto& name : split_cell(cells[2])) {
        folded(file, line, name);
        const auto [it, fresh] = owner.emplace(LooseName(name).view(), key);
        if (!fresh && it->second != key)
          say(file, line, fmt::format("\"{}\" names {} and {}", name, it->second, key));
      }
      for (const auto& word : split_cell(cells[3])) folded(file, line, word);
    }
    if (top < fewest_top_niches) say(file, 0, fmt::format("has {} niches at the top level", top));
  }

  void categories() {
    const std::string file = "categories.tsv";
    for (const auto& [line, cells] : rows(file, 2)) {
      folded(file, line, cells[0]);
      known_niche(file, line, cells[1]);
    }
  }

  void known_niche(const std::string& file, std::size_t line, const std::string& key) {
    if (!niches_.contains(key)) say(file, line, fmt::format("there is no niche \"{}\"", key));
  }

  void compatibility() {
    const std::string file = "compatibility.tsv";
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& [line, cells] : rows(file, 3)) {
      known_niche(file, line, cells[0]);
      known_niche(file, line, cells[1]);
      if (!seen.emplace(cells[0], cells[1]).second) say(file, line, "this pair stands twice");
      double value = -1;
      const auto& text = cells[2];
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 1))
        say(file, line, fmt::format("\"{}\" is no number from 0 to 1", text));
    }
  }

  void risks() {
    const std::string file = "risks.tsv";
    std::set<std::string> keys;
    for (const auto& [line, cells] : rows(file, 6)) {
      if (cells[0] != "*" && !is_key(cells[0], false))
        say(file, line, fmt::format("key \"{}\" is not lower case letters, digits and _", cells[0]));
      if (!keys.insert(cells[0]).second) say(file, line, fmt::format("key \"{}\" stands twice", cells[0]));
      std::size_t phrases = 0;
      for (std::size_t column = 2; column < 6; ++column)
        for (const auto& phrase : split_cell(cells[column])) {
          if (phrase == "*") continue;
          phrases += column < 5 ? 1U : 0U;
          folded(file, line, phrase);
          if (static_cast<std::size_t>(std::count(phrase.begin(), phrase.end(), ' ')) >= most_phrase_words)
            say(file, line, fmt::format("\"{}\" has more than {} words", phrase, most_phrase_words));
        }
      if (cells[0] != "*" && phrases == 0) say(file, line, "has no phrase");
    }
  }

  void styles() {
    const std::string file = "styles.tsv";
    std::set<std::string> keys;
    for (const auto& [line, cells] : rows(file, 4)) {
      if (!is_key(cells[0], false) || !keys.insert(cells[0]).second)
        say(file, line, fmt::format("key \"{}\" is wrong or stands twice", cells[0]));
      for (std::size_t column = 2; column < 4; ++column)
        for (const auto& name : split_cell(cells[column])) folded(file, line, name);
    }
  }

  const TaxonomyFiles& files_;
  const std::function<std::string(std::string_view)>& fold_;
  std::set<std::string> niches_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check_taxonomy(const TaxonomyFiles& files,
                                        const std::function<std::string(std::string_view)>& fold) {
  return Checker(files, fold).run();
}

}  // namespace cdx::vocab
