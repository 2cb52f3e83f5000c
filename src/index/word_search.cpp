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
    const auto number = view->postings.terms.find(term);
    out.numbers.push_back(number);
    if (number != none) out.documents += view.documents_with_term(number);
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
    const auto& surfaces = view->postings.surfaces;
    const auto at = [&](std::size_t i) { return surfaces[i]; };
    // Up to seven letters, the first is taken to be right.
    const auto [low, high] = limit > 1 ? std::pair(std::size_t{0}, surfaces.size())
                                       : starting_with(0, surfaces.size(), at, surface.substr(0, first));
    TypoWalk(surface, limit).whole(low, high, at, [&](std::size_t i, std::size_t edits) {
      const auto number = static_cast<std::uint32_t>(i);
      if (view.documents_with_surface(number) == 0) return;
      const auto term = std::string(view->postings.terms[view->postings.surface_term[number]]);
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

// tf' of the hits at `at`, all of one row; moves `at` past them.
double frequency(std::span<const Hit> hits, std::size_t& at, const Postings& postings,
                 const Statistics& statistics) {
  double out = 0;
  for (const auto row = hits[at].row; at < hits.size() && hits[at].row == row; ++at) {
    const auto field = hits[at].field();
    out += hits[at].count() * statistics.occurrence(field, postings.lengths[field][row]);
  }
  return out;
}

// Reused from segment to segment.
struct Scratch {
  std::vector<double> total, best;
  Bitmap touched, touched_by_word;

  void fit(std::size_t rows) {
    total.assign(rows, 0);
    best.assign(rows, 0);
    touched = Bitmap(rows);
    touched_by_word = Bitmap(rows);
  }
};

// add(row, score) for every passing row that holds the reading.
template <class Add>
void score_reading(const SegmentView& view, const Bitmap& passing, const Statistics& statistics,
                   double weight, const Reading& reading, std::uint32_t number, const Add& add) {
  const auto hits = view->postings.of(number);
  const auto k1 = statistics.k1();
  const auto scale = weight * reading.factor * reading.idf * (k1 + 1);
  for (std::size_t at = 0; at < hits.size();) {
    const auto row = hits[at].row;
    if (!passing.test(row)) {
      while (at < hits.size() && hits[at].row == row) ++at;
      continue;
    }
    const auto tf = frequency(hits, at, view->postings, statistics);
    if (tf > 0) add(row, scale * tf / (k1 + tf));
  }
}

void score_word(const SegmentView& view, const Bitmap& passing, const Statistics& statistics,
                const PlannedWord& word, std::size_t segment, Scratch& scratch) {
  if (word.readings.size() == 1) {
    const auto number = word.readings[0].numbers[segment];
    if (number == none) return;
    score_reading(view, passing, statistics, word.weight, word.readings[0], number,
                  [&](std::uint32_t row, double score) {
                    scratch.total[row] += score;
                    scratch.touched.set(row);
                  });
    return;
  }
  for (const auto& reading : word.readings) {
    if (reading.numbers[segment] == none) continue;
    score_reading(view, passing, statistics, word.weight, reading, reading.numbers[segment],
                  [&](std::uint32_t row, double score) {
                    scratch.best[row] = std::max(scratch.best[row], score);
                    scratch.touched_by_word.set(row);
                  });
  }
  scratch.touched_by_word.for_each([&](std::uint32_t row) {
    scratch.total[row] += scratch.best[row];
    scratch.best[row] = 0;
  });
  scratch.touched |= scratch.touched_by_word;
  scratch.touched_by_word = Bitmap(view->rows());
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
    if (itself.documents > 0) {
      planned.readings.push_back(std::move(itself));
    } else if (!word.surface.empty() && respelt++ < most_words_respelt) {
      planned.readings = respell(segments, statistics, word.surface);
      if (!planned.readings.empty()) idf = 0;
      for (const auto& reading : planned.readings) idf = std::max(idf, reading.idf);
    }
    out.limit += word.weight * idf * (statistics.k1() + 1);
    out.words.push_back(std::move(planned));
  }
  return out;
}

Result<std::vector<RowScores>> score_words(const Call& call, const SegmentViews& segments,
                                           std::span<const Bitmap> passing, const Statistics& statistics,
                                           const WordPlan& plan) {
  std::vector<RowScores> out(segments.size());
  Scratch scratch;
  for (std::size_t s = 0; s < segments.size(); ++s) {
    const bool some = std::any_of(plan.words.begin(), plan.words.end(), [&](const PlannedWord& word) {
      return std::any_of(word.readings.begin(), word.readings.end(),
                         [&](const Reading& reading) { return reading.numbers[s] != none; });
    });
    if (!some) continue;
    scratch.fit(segments[s]->rows());
    for (const auto& word : plan.words) {
      CDX_TRY(call.check());
      score_word(segments[s], passing[s], statistics, word, s, scratch);
    }
    scratch.touched.for_each([&](std::uint32_t row) {
      const auto score = static_cast<float>(scratch.total[row]);
      if (!(score > 0)) return;
      out[s].rows.push_back(row);
      out[s].scores.push_back(score);
    });
  }
  return out;
}

std::vector<WordPart> explain_words(const Schema& schema, const SegmentViews& segments,
                                    const Statistics& statistics, const WordPlan& plan, std::size_t segment,
                                    std::uint32_t row) {
  std::vector<WordPart> out;
  const auto& postings = segments[segment]->postings;
  const auto hits_of = [&](const Reading& reading) {
    if (reading.numbers[segment] == none) return std::span<const Hit>{};
    const auto hits = postings.of(reading.numbers[segment]);
    const auto range = std::equal_range(hits.begin(), hits.end(), Hit{row, 0},
                                        [](const Hit& a, const Hit& b) { return a.row < b.row; });
    return std::span<const Hit>(range.first, range.second);
  };
  for (const auto& word : plan.words) {
    const Reading* best = nullptr;
    double best_score = 0, best_tf = 0;
    for (const auto& reading : word.readings) {
      const auto hits = hits_of(reading);
      if (hits.empty()) continue;
      std::size_t at = 0;
      const auto tf = frequency(hits, at, postings, statistics);
      const auto k1 = statistics.k1();
      const auto score = word.weight * reading.factor * reading.idf * (k1 + 1) * tf / (k1 + tf);
      if (score <= best_score) continue;
      best = &reading;
      best_score = score;
      best_tf = tf;
    }
    if (best == nullptr) continue;
    for (const auto& hit : hits_of(*best)) {
      const auto field = hit.field();
      const auto share = hit.count() * statistics.occurrence(field, postings.lengths[field][row]) / best_tf;
      if (share > 0) out.push_back({best->term, schema.texts[field].name, best_score * share});
    }
  }
  return out;
}

}  // namespace cdx::engine
