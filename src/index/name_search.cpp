#include "index/name_search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "index/typo_walk.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

// What cannot come to more than this is not worth scoring; a little below the lowest that is told, for
// rounding.
constexpr double hopeless_name_score = lowest_name_score - 1e-5;

struct Word {
  std::string text;
  std::size_t letters = 0;
  std::size_t typos = 0;  // forgiven
  bool required = true;
};

struct Question {
  std::vector<Word> words;
  std::string squashed;
  std::size_t letters = 0, typos = 0;

  double slip(std::size_t edits) const {
    return 1 - 0.4 * static_cast<double>(edits) / static_cast<double>(letters);
  }
};

std::size_t typos_in(std::size_t letters) {
  return letters > TypoWalk::longest_pattern ? 0 : text::typos_forgiven(letters);
}

Question read(std::string_view question) {
  Question out;
  for (auto& text : name_words(question)) {
    const auto letters = text::length(text);
    out.squashed += text;
    out.letters += letters;
    out.words.push_back({std::move(text), letters, typos_in(letters), true});
  }
  out.typos = typos_in(out.letters);
  for (auto& word : out.words) word.required = !text::is_stop_word(word.text);
  const bool some =
      std::any_of(out.words.begin(), out.words.end(), [](const Word& word) { return word.required; });
  if (!some)
    for (auto& word : out.words) word.required = true;
  return out;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

// Where the strings that may be within the typos of `word` stand: all, or those with the same first letter.
template <class At>
std::pair<std::size_t, std::size_t> typo_range(std::size_t size, const At& at, std::string_view word,
                                               std::size_t typos) {
  if (typos > 1) return {0, size};
  if (typos == 0) return starting_with(0, size, at, word);
  std::size_t first = 0;
  next_letter(word, first);
  return starting_with(0, size, at, word.substr(0, first));
}

// visit(i, edits) for the strings equal to `word` within its typos.
template <class At, class Visit>
void find_near(std::size_t size, const At& at, const StepTable& steps, std::string_view word,
               std::size_t typos, const Visit& visit) {
  const auto [low, high] = typo_range(size, at, word, typos);
  if (typos > 0) return TypoWalk(word, typos).whole(low, high, at, steps.part(low, high - low), visit);
  for (auto i = low; i < high && at(i).size() == word.size(); ++i) visit(i, std::size_t{0});
}

class NameSearch {
 public:
  NameSearch(const SegmentViews& segments, std::span<const Passing> passing, const Statistics& statistics,
             Question question)
      : segments_(segments),
        passing_(passing),
        statistics_(statistics),
        question_(std::move(question)),
        scores_(segments.size()) {}

  Status run(const Call& call) {
    CDX_TRY(call.check());
    find_whole();
    if (question_.letters >= 4) find_runs();
    CDX_TRY(call.check());
    if (question_.words.size() <= most_question_words) find_by_words();
    return {};
  }

  std::vector<RowScores> take() {
    std::vector<RowScores> out(scores_.size());
    for (std::size_t s = 0; s < scores_.size(); ++s) {
      std::sort(scores_[s].begin(), scores_[s].end());
      for (const auto& [row, score] : scores_[s]) {
        if (out[s].rows.empty() || out[s].rows.back() != row) {
          out[s].rows.push_back(row);
          out[s].scores.push_back(score);
        }
        out[s].scores.back() = score;  // ascending
      }
    }
    return out;
  }

 private:
  double rarity(std::size_t documents) const { return statistics_.idf(documents) / statistics_.idf(1); }

  void found(std::size_t segment, std::uint32_t entry, double score) {
    const auto rounded = static_cast<float>(score);
    if (rounded < lowest_name_score) return;
    const auto row = segments_[segment]->names.entries[entry].row;
    if (passing_[segment].rows.test(row)) scores_[segment].emplace_back(row, rounded);
  }

  void find_whole() {
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const auto& names = segments_[s]->names;
      const auto at = [&](std::size_t i) { return names.squashed[names.whole[i]]; };
      find_near(names.whole.size(), at, names.whole_steps, question_.squashed, question_.typos,
                [&](std::size_t i, std::size_t edits) { found(s, names.whole[i], question_.slip(edits)); });
    }
  }

  struct FoundRun {
    std::size_t segment = 0;
    std::uint32_t entry = 0;
    std::size_t edits = 0;
  };

  void find_runs() {
    std::vector<FoundRun> runs;
    std::vector<Bitmap> rows;  // with one, by segment
    std::size_t documents = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const auto first = runs.size();
      find_exact_runs(s, runs);
      documents += count_rows(s, std::span(runs).subspan(first), rows.emplace_back(segments_[s]->rows()));
    }
    const auto scale = [&] { return 0.95 * rarity(documents); };  // falls the more are found
    for (std::size_t s = 0; s < segments_.size() && scale() >= hopeless_name_score; ++s) {
      const auto first = runs.size();
      if (question_.typos > 0) find_near_runs(s, runs);
      documents += count_rows(s, std::span(runs).subspan(first), rows[s]);
    }
    const auto worth = scale();
    if (worth < hopeless_name_score) return;
    for (const auto& run : runs) {
      const auto letters = text::length(segments_[run.segment]->names.squashed[run.entry]);
      found(run.segment, run.entry,
            worth * std::sqrt(share(question_.letters, letters)) * question_.slip(run.edits));
    }
  }

  // Living rows that were not in the set; now they are.
  std::size_t count_rows(std::size_t s, std::span<const FoundRun> runs, Bitmap& rows) const {
    std::size_t out = 0;
    for (const auto& run : runs) {
      const auto row = segments_[s]->names.entries[run.entry].row;
      if (!segments_[s].alive(row) || rows.test(row)) continue;
      rows.set(row);
      ++out;
    }
    return out;
  }

  void find_exact_runs(std::size_t s, std::vector<FoundRun>& out) const {
    const auto& names = segments_[s]->names;
    const auto at = [&](std::size_t i) { return names.run(names.runs[i]); };
    const auto [low, high] = starting_with(0, names.runs.size(), at, question_.squashed);
    for (auto i = low; i < high; ++i) out.push_back({s, names.runs[i].entry, 0});
  }

  // Runs of whole words within the typos.
  void find_near_runs(std::size_t s, std::vector<FoundRun>& out) const {
    const auto& names = segments_[s]->names;
    const auto at = [&](std::size_t i) { return names.run(names.runs[i]); };
    const auto [low, high] = typo_range(names.runs.size(), at, question_.squashed, question_.typos);
    TypoWalk walk(question_.squashed, question_.typos);
    const auto steps = names.run_steps.part(low, high - low);
    walk.beginnings(low, high, at, steps, [&](std::size_t i, std::span<const std::uint8_t> edits) {
      const auto run = names.runs[i];
      const auto words = names.words_of(run.entry);
      std::size_t letters = 0, best = question_.typos + 1;
      for (auto word = std::size_t{run.word}; word < words.size() && letters < edits.size(); ++word) {
        letters += text::length(names.words[words[word]]);
        if (letters < edits.size()) best = std::min<std::size_t>(best, edits[letters]);
      }
      if (best > 0 && best <= question_.typos) out.push_back({s, run.entry, best});
    });
  }

  // A word of the names that a word of the question may mean.
  struct Meaning {
    std::uint32_t name_word = 0;
    std::uint32_t asked = 0;  // number of the question's word
    std::size_t edits = 0;
    std::size_t letters = 0;  // of the name word that were found
    std::size_t asked_letters = 0;
    double rarity = 0;
  };
  using Meanings = std::vector<Meaning>;

  void find_by_words() {
    std::vector<Meanings> meanings;
    std::map<std::string, std::size_t, std::less<>> documents;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      meanings.push_back(meanings_in(s));
      for (const auto& one : meanings.back())
        documents.try_emplace(std::string(segments_[s]->names.words[one.name_word]));
    }
    for (auto& [word, count] : documents)
      for (const auto& view : segments_)
        if (const auto number = view->names.words.find(word); number != none)
          count += view.documents_with_name_word(number);
    for (std::size_t s = 0; s < segments_.size(); ++s) {
      const auto& words = segments_[s]->names.words;
      for (auto& one : meanings[s]) {
        const auto part = share(one.letters, text::length(words[one.name_word]));
        one.rarity = rarity(documents.find(words[one.name_word])->second) * part;
      }
      if (0.97 * most_specific(meanings[s]) >= hopeless_name_score) score_entries(s, meanings[s]);
    }
  }

  // No entry's specificity is above this.
  double most_specific(const Meanings& meanings) const {
    std::vector<double> best(question_.words.size(), 0);
    for (const auto& one : meanings)
      if (question_.words[one.asked].required) best[one.asked] = std::max(best[one.asked], one.rarity);
    return std::accumulate(best.begin(), best.end(), 0.0);
  }

  // By name word.
  Meanings meanings_in(std::size_t s) const {
    Meanings out;
    const auto& words = segments_[s]->names.words;
    const auto& steps = segments_[s]->names.word_steps;
    const auto at = [&](std::size_t i) { return words[i]; };
    for (std::uint32_t asked = 0; asked < question_.words.size(); ++asked) {
      const auto& word = question_.words[asked];
      const auto first = static_cast<std::ptrdiff_t>(out.size());
      find_near(words.size(), at, steps, word.text, word.typos, [&](std::size_t i, std::size_t edits) {
        out.push_back({static_cast<std::uint32_t>(i), asked, edits, text::length(words[i]), word.letters, 0});
      });
      if (asked + 1 < question_.words.size() || word.letters < 3) continue;
      const auto [low, high] = starting_with(0, words.size(), at, word.text);
      const Meanings near(out.begin() + first, out.end());
      for (auto i = low; i < high; ++i) {
        const bool known =
            std::any_of(near.begin(), near.end(), [&](const Meaning& one) { return one.name_word == i; });
        if (!known) out.push_back({static_cast<std::uint32_t>(i), asked, 0, word.letters, word.letters, 0});
      }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Meaning& a, const Meaning& b) { return a.name_word < b.name_word; });
    return out;
  }

  // Entries with the required word that the fewest have.
  std::vector<std::uint32_t> candidates(const Names& names, const Meanings& meanings) const {
    std::vector<std::size_t> entries(question_.words.size(), 0);
    for (const auto& one : meanings) entries[one.asked] += names.entries_with(one.name_word).size();
    std::size_t rarest = question_.words.size();
    for (std::size_t i = 0; i < question_.words.size(); ++i)
      if (question_.words[i].required && (rarest == question_.words.size() || entries[i] < entries[rarest]))
        rarest = i;
    std::vector<std::uint32_t> out;
    for (const auto& one : meanings) {
      if (one.asked != rarest) continue;
      const auto list = names.entries_with(one.name_word);
      out.insert(out.end(), list.begin(), list.end());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  void score_entries(std::size_t s, const Meanings& meanings) {
    const auto& names = segments_[s]->names;
    for (const auto entry : candidates(names, meanings))
      if (passing_[s].rows.test(names.entries[entry].row))
        found(s, entry, score_entry(names, entry, meanings));
  }

  // Each word of the question takes the unused name word it is nearest to, in the order of the question.
  double score_entry(const Names& names, std::uint32_t entry, const Meanings& meanings) const {
    const auto words = names.words_of(entry);
    std::vector<bool> used(words.size(), false);
    std::size_t asked_letters = 0, named_letters = 0, edits = 0;
    double specificity = 0;
    for (std::uint32_t asked = 0; asked < question_.words.size(); ++asked) {
      const Meaning* best = nullptr;
      std::size_t place = 0;
      for (std::size_t i = 0; i < words.size(); ++i) {
        if (used[i]) continue;
        const auto* one = meaning_of(meanings, words[i], asked);
        if (one == nullptr) continue;
        const bool better = best == nullptr || one->edits < best->edits ||
                            (one->edits == best->edits && one->letters > best->letters);
        if (!better) continue;
        best = one;
        place = i;
      }
      if (best == nullptr) {
        if (question_.words[asked].required) return 0;
        continue;
      }
      used[place] = true;
      asked_letters += best->asked_letters;
      edits += best->edits;
      if (counts(names, words, words[place])) named_letters += best->letters;
      if (question_.words[asked].required) specificity += best->rarity;
    }
    const auto found_of_question =
        0.97 * std::min(1.0, specificity) * share(asked_letters, question_.letters);
    if (found_of_question < hopeless_name_score) return 0;
    return found_of_question * std::sqrt(share(named_letters, letters_that_count(names, words))) *
           question_.slip(edits);
  }

  static const Meaning* meaning_of(const Meanings& meanings, std::uint32_t name_word, std::uint32_t asked) {
    auto at = std::lower_bound(meanings.begin(), meanings.end(), name_word,
                               [](const Meaning& one, std::uint32_t word) { return one.name_word < word; });
    for (; at != meanings.end() && at->name_word == name_word; ++at)
      if (at->asked == asked) return &*at;
    return nullptr;
  }

  // Stop words of a name do not count, unless it has nothing else.
  static bool counts(const Names& names, std::span<const std::uint32_t> words, std::uint32_t word) {
    if (!text::is_stop_word(names.words[word])) return true;
    return std::all_of(words.begin(), words.end(),
                       [&](std::uint32_t other) { return text::is_stop_word(names.words[other]); });
  }
  static std::size_t letters_that_count(const Names& names, std::span<const std::uint32_t> words) {
    std::size_t out = 0;
    for (const auto word : words)
      if (counts(names, words, word)) out += text::length(names.words[word]);
    return out;
  }

  const SegmentViews& segments_;
  std::span<const Passing> passing_;
  const Statistics& statistics_;
  Question question_;
  std::vector<std::vector<std::pair<std::uint32_t, float>>> scores_;  // rows, several times perhaps
};

}  // namespace

Result<std::vector<RowScores>> score_names(const Call& call, const SegmentViews& segments,
                                           std::span<const Passing> passing, const Statistics& statistics,
                                           std::string_view question) {
  auto read_question = read(question);
  if (read_question.letters == 0 || question.size() > longest_name_bytes)
    return std::vector<RowScores>(segments.size());
  NameSearch search(segments, passing, statistics, std::move(read_question));
  CDX_TRY(search.run(call));
  return search.take();
}

}  // namespace cdx::engine
