#include "index/word_search.h"

#include <algorithm>
#include <map>

#include "index/typo_walk.h"
#include "text/text.h"

namespace cdx::engine {
namespace {

Reading look_up(const SegmentViews& segments, const Statistics& statistics, std::string term,
                std::size_t edits) {
  Reading out;
  for (const auto& view : segments) {
    const auto number = view->words.find_term(term);
    out.numbers.push_back(number);
    if (number != inverted::nothing) out.documents += view.documents_with_term(number);
  }
  out.term = std::move(term);
  out.edits = edits;
  out.factor = edits == 0 ? 1.0 : edits == 1 ? 0.7 : 0.5;
  out.idf = statistics.idf(out.documents);
  return out;
}

// Terms with a living surface within the typos forgiven; the fewest edits of each.
std::map<std::string, std::size_t> near_terms(const SegmentViews& segments, std::string_view surface) {
  std::map<std::string, std::size_t> out;
  const auto length = text::length(surface);
  const auto limit = text::typos_forgiven(length);
  if (limit == 0 || length > TypoWalk::longest_pattern) return out;
  std::size_t first = 0;
  next_letter(surface, first);
  for (const auto& view : segments) {
    const auto& words = view->words;
    const auto at = [&](std::size_t i) { return words.surface(static_cast<std::uint32_t>(i)); };
    // Up to seven letters, the first is taken to be right.
    const auto [low, high] =
        words.surfaces_starting_with(limit > 1 ? std::string_view() : surface.substr(0, first));
    const auto steps = words.surface_steps(low, high - low);
    TypoWalk(surface, limit).whole(low, high, at, steps, [&](std::size_t i, std::size_t edits) {
      const auto number = static_cast<std::uint32_t>(i);
      if (view.documents_with_surface(number) == 0) return;
      const auto term = std::string(words.term(words.term_of(number)));
      const auto [found, fresh] = out.try_emplace(term, edits);
      if (!fresh) found->second = std::min(found->second, edits);
    });
  }
  return out;
}

std::vector<Reading> respell(const SegmentViews& segments, const Statistics& statistics,
                             std::string_view surface) {
  std::vector<Reading> out;
  for (const auto& [term, edits] : near_terms(segments, surface))
    out.push_back(look_up(segments, statistics, term, std::max<std::size_t>(edits, 1)));
  std::sort(out.begin(), out.end(), [](const Reading& a, const Reading& b) {
    if (a.edits != b.edits) return a.edits < b.edits;
    return a.documents != b.documents ? a.documents > b.documents : a.term < b.term;
  });
  if (out.size() > most_readings) out.resize(most_readings);
  return out;
}

// The other words that mean this one and that some document has. None is rarer than the word itself.
std::vector<Reading> alternatives(const SegmentViews& segments, const Statistics& statistics,
                                  const Retrieval::Word& word, const Reading& itself) {
  std::vector<Reading> out;
  for (const auto& other : word.also) {
    auto reading = look_up(segments, statistics, other.term, 0);
    if (reading.documents == 0 || other.term == word.term) continue;
    reading.factor = other.factor;
    reading.idf = std::min(reading.idf, itself.idf);
    out.push_back(std::move(reading));
  }
  return out;
}

}  // namespace

WordPlan plan_words(const SegmentViews& segments, const Statistics& statistics,
                    std::span<const Retrieval::Word> words) {
  WordPlan out;
  std::size_t respelt = 0;
  for (const auto& word : words) {
    if (word.weight == 0) continue;
    PlannedWord planned{word.surface.empty() ? word.term : word.surface, word.weight, {}};
    auto itself = look_up(segments, statistics, word.term, 0);
    auto idf = itself.idf;
    planned.readings = alternatives(segments, statistics, word, itself);
    if (itself.documents > 0) {
      planned.readings.insert(planned.readings.begin(), std::move(itself));
    } else if (planned.readings.empty() && !word.surface.empty() && respelt++ < most_words_respelt) {
      planned.readings = respell(segments, statistics, word.surface);
    }
    if (!planned.readings.empty()) idf = 0;
    for (const auto& reading : planned.readings) idf = std::max(idf, reading.idf);
    out.limit += word.weight * idf * (statistics.k1() + 1);
    out.words.push_back(std::move(planned));
  }
  return out;
}

std::vector<inverted::Word> words_in(const WordPlan& plan, std::size_t segment) {
  std::vector<inverted::Word> out;
  for (const auto& word : plan.words) {
    inverted::Word one;
    for (const auto& reading : word.readings)
      if (reading.numbers[segment] != inverted::nothing)
        one.readings.push_back({reading.numbers[segment], word.weight * reading.factor * reading.idf});
    if (!one.readings.empty()) out.push_back(std::move(one));
  }
  return out;
}

Result<WordsFound> best_by_words(const Call& call, const SegmentViews& segments,
                                 std::span<const Passing> passing, const Statistics& statistics,
                                 const WordPlan& plan, std::size_t depth) {
  WordsFound out;
  std::size_t found = 0;
  for (std::size_t s = 0; s < segments.size(); ++s) {
    const auto words = words_in(plan, s);
    if (words.empty()) {
      out.best.emplace_back().exact = true;
      continue;
    }
    CDX_TRY_LET(auto best,
                segments[s]->words.best(call, words, statistics.scoring(), passing[s].allowed(), depth));
    found += best.exact ? best.at_least : std::max(best.at_least, best.rows.size());
    out.more = out.more || !best.exact;
    out.best.push_back(std::move(best));
  }
  out.more = out.more || found > depth;
  return out;
}

namespace {

// How one reading scores in a row: the share of each field in tf'.
struct Shares {
  double frequency = 0;
  std::vector<std::pair<std::size_t, double>> fields;
};

Shares shares_of(const Segment& segment, const Statistics& statistics, std::uint32_t term,
                 std::uint32_t row) {
  Shares out;
  segment.words.counts(term, row, [&](std::size_t field, std::uint32_t count) {
    const auto part = count * statistics.occurrence(field, segment.words.length(field, row));
    out.frequency += part;
    out.fields.emplace_back(field, part);
  });
  return out;
}

}  // namespace

std::vector<WordPart> explain_words(const Schema& schema, const SegmentViews& segments,
                                    const Statistics& statistics, const WordPlan& plan, std::size_t segment,
                                    std::uint32_t row) {
  std::vector<WordPart> out;
  const auto k1 = statistics.k1();
  for (const auto& word : plan.words) {
    const Reading* best = nullptr;
    double best_score = 0;
    Shares best_shares;
    for (const auto& reading : word.readings) {
      if (reading.numbers[segment] == inverted::nothing) continue;
      auto shares = shares_of(*segments[segment].segment, statistics, reading.numbers[segment], row);
      const auto tf = shares.frequency;
      const auto score = word.weight * reading.factor * reading.idf * (k1 + 1) * tf / (k1 + tf);
      if (!(score > best_score)) continue;
      best = &reading;
      best_score = score;
      best_shares = std::move(shares);
    }
    if (best == nullptr) continue;
    for (const auto& [field, part] : best_shares.fields)
      if (part > 0)
        out.push_back({best->term, schema.texts[field].name, best_score * part / best_shares.frequency});
  }
  return out;
}

}  // namespace cdx::engine
