#include "search/synonyms.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/hash.h"
#include "base/log.h"
#include "io/file.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::uintmax_t largest_file = std::uintmax_t{1} << 20U;

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string_view> parts_of(std::string_view text, std::string_view between) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto at = text.find(between);
    out.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + between.size());
  }
}

std::vector<std::string> terms_of(std::string_view words) {
  std::vector<std::string> out;
  for (auto& token : text::analyse(words)) out.push_back(std::move(token.term));
  return out;
}

tl::unexpected<Error> wrong(std::string reason) { return fail(ErrorKind::invalid, std::move(reason)); }

}  // namespace

void Synonyms::add(const Other& from, const Other& to) {
  if (from.terms == to.terms) return;  // "vlog, vlogs": one term, nothing to add
  auto& others = rules_[from.terms];
  written_.try_emplace(from.terms, from.written);
  const bool known =
      std::any_of(others.begin(), others.end(), [&](const Other& other) { return other.terms == to.terms; });
  if (!known) others.push_back(to);
}

Status Synonyms::read_rule(std::string_view line) {
  const auto sides = parts_of(line, "=>");
  if (sides.size() > 2) return wrong("has more than one \"=>\"");
  std::vector<std::vector<Other>> words;
  for (const auto side : sides) {
    auto& list = words.emplace_back();
    for (const auto word : parts_of(side, ",")) {
      if (word.empty()) return wrong("has nothing where a word should be");
      Other one{terms_of(word), text::fold(word)};
      if (one.terms.empty()) return wrong(fmt::format("\"{}\" has no letter or digit", word));
      if (one.terms.size() > longest_synonym)
        return wrong(fmt::format("\"{}\" is longer than {} words", word, longest_synonym));
      list.push_back(std::move(one));
    }
  }
  if (sides.size() == 1 && words[0].size() < 2)
    return wrong("has one word alone; write `word, other` or `word => other`");
  if (words[0].size() > most_synonyms || words.back().size() > most_synonyms)
    return wrong(fmt::format("has more than {} words", most_synonyms));
  for (const auto& from : words.front())
    for (const auto& to : words.back()) add(from, to);
  return {};
}

Status Synonyms::read_lines(std::string_view text, std::string_view name, bool& built_in) {
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (line == "builtin off") {
      built_in = false;
      continue;
    }
    if (number > most_synonym_rules)
      return wrong(fmt::format("{}:{}: more than {} lines", name, number, most_synonym_rules));
    if (const auto rule = read_rule(line); !rule)
      return wrong(fmt::format("{}:{}: {}", name, number, rule.error().message));
  }
  return {};
}

void Synonyms::finish() {
  std::string meaning;
  for (auto& [from, others] : rules_) {
    std::sort(others.begin(), others.end(), [](const Other& a, const Other& b) { return a.terms < b.terms; });
    meaning += fmt::format("{}=>", fmt::join(from, " "));
    for (const auto& other : others) meaning += fmt::format("{},", fmt::join(other.terms, " "));
    meaning += '\n';
  }
  version_ = fmt::format("{:016x}", hash64(meaning)).substr(0, 12);
}

Result<Synonyms> Synonyms::read(std::string_view text, std::string_view name, bool with_built_in) {
  Synonyms out;
  CDX_TRY(out.read_lines(text, name, with_built_in));
  bool ignored = true;
  if (with_built_in) CDX_TRY(out.read_lines(vocab::synonyms_text(), "built-in synonyms", ignored));
  out.finish();
  return out;
}

std::vector<Synonyms::Found> Synonyms::in(std::string_view text) const {
  const auto terms = terms_of(text);
  std::vector<Found> out;
  for (std::size_t at = 0; at < terms.size();) {
    std::size_t taken = 1;
    for (auto length = std::min(longest_synonym, terms.size() - at); length > 0; --length) {
      const auto begin = terms.begin() + static_cast<std::ptrdiff_t>(at);
      const std::vector<std::string> place(begin, begin + static_cast<std::ptrdiff_t>(length));
      const auto rule = rules_.find(place);
      if (rule == rules_.end()) continue;
      Found found{place, {}, written_.at(place) + " also as "};
      for (const auto& other : rule->second) {
        found.said += (found.others.empty() ? "" : ", ") + other.written;
        found.others.push_back(other.terms);
      }
      out.push_back(std::move(found));
      taken = length;
      break;
    }
    at += taken;
  }
  return out;
}

std::vector<std::string> Synonyms::describe() const {
  std::vector<std::string> out;
  for (const auto& [from, others] : rules_) {
    std::string line = written_.at(from) + " => ";
    for (const auto& other : others) line += (&other == others.data() ? "" : ", ") + other.written;
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

namespace {

class BuiltIn final : public SynonymBook {
 public:
  explicit BuiltIn(Synonyms rules) : rules_(std::make_shared<const Synonyms>(std::move(rules))) {}
  std::shared_ptr<const Synonyms> current() const override { return rules_; }

 private:
  std::shared_ptr<const Synonyms> rules_;
};

// What a file looks like from outside; a change of it is a reason to read it again.
struct Stamp {
  bool there = false;
  std::filesystem::file_time_type written;
  std::uintmax_t size = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

Stamp stamp_of(const std::string& path) {
  std::error_code error;
  Stamp out;
  out.written = std::filesystem::last_write_time(path, error);
  if (error) return {};
  out.size = std::filesystem::file_size(path, error);
  out.there = !error;
  return out.there ? out : Stamp{};
}

Result<Synonyms> read_file(const std::string& path, const Stamp& stamp) {
  const auto name = std::filesystem::path(path).filename().string();
  if (!stamp.there || stamp.size == 0) return Synonyms::read("", name);
  if (stamp.size > largest_file) return wrong(fmt::format("{}: is larger than 1 MiB", name));
  CDX_TRY_LET(const auto file, MappedFile::open(path));
  return Synonyms::read(file.bytes(), name);
}

class FromFile final : public SynonymBook {
 public:
  FromFile(std::string path, Stamp stamp, Synonyms rules)
      : path_(std::move(path)), stamp_(stamp), rules_(std::make_shared<const Synonyms>(std::move(rules))) {}

  std::shared_ptr<const Synonyms> current() const override {
    const auto stamp = stamp_of(path_);
    const std::scoped_lock lock(mutex_);
    if (stamp == stamp_) return rules_;
    stamp_ = stamp;
    if (auto rules = read_file(path_, stamp)) {
      rules_ = std::make_shared<const Synonyms>(*std::move(rules));
      log::info("synonyms changed", {{"version", rules_->version()}});
    } else {
      log::warning("synonyms stay as they were", {{"reason", rules.error().message}});
    }
    return rules_;
  }

 private:
  std::string path_;
  mutable std::mutex mutex_;
  mutable Stamp stamp_;  // of the file that was read last, right or wrong
  mutable std::shared_ptr<const Synonyms> rules_;
};

}  // namespace

std::shared_ptr<const SynonymBook> built_in_synonyms() noexcept {
  static const auto book = std::make_shared<const BuiltIn>(Synonyms::read("", "none").value());
  return book;
}

Result<std::shared_ptr<const SynonymBook>> open_synonyms(std::string path) {
  const auto stamp = stamp_of(path);
  CDX_TRY_LET(auto rules, read_file(path, stamp));
  return std::make_shared<const FromFile>(std::move(path), stamp, std::move(rules));
}

}  // namespace cdx
