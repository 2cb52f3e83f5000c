#include "index/gather.h"

#include <algorithm>

namespace cdx::engine {
namespace {

// Runs `score(segment, rows, out)` over each segment's candidates and puts the results in their places.
template <class Score>
void scatter(std::span<const SegmentCandidates> candidates, std::vector<float>& out, const Score& score) {
  std::vector<float> found;
  for (std::size_t s = 0; s < candidates.size(); ++s) {
    if (candidates[s].rows.empty()) continue;
    found.assign(candidates[s].rows.size(), 0);
    score(s, std::span(candidates[s].rows), found.data());
    for (std::size_t i = 0; i < found.size(); ++i) out[candidates[s].places[i]] = found[i];
  }
}

// The numbers of a column's values that occur among some rows, ascending.
std::vector<std::uint32_t> used_values(const KeywordColumn& column, std::span<const std::uint32_t> rows) {
  constexpr std::size_t small = 4096;  // dictionary: a mark each is cheaper than sorting
  std::vector<std::uint32_t> out;
  const auto size = column.values().size();
  if (size > small) {
    for (const auto row : rows) {
      const auto values = column.of(row);
      out.insert(out.end(), values.begin(), values.end());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }
  std::vector<bool> used(size, false);
  for (const auto row : rows)
    for (const auto value : column.of(row))
      if (value < size) used[value] = true;
  for (std::uint32_t value = 0; value < size; ++value)
    if (used[value]) out.push_back(value);
  return out;
}

}  // namespace

std::vector<SegmentCandidates> place_candidates(const SegmentViews& segments,
                                                std::span<const std::vector<std::uint32_t>> chosen,
                                                std::vector<std::uint64_t>& documents) {
  struct Candidate {
    std::uint64_t id;
    std::uint32_t segment, row;
  };
  std::vector<Candidate> all;
  for (std::uint32_t s = 0; s < segments.size(); ++s) {
    for (const auto row : chosen[s]) segments[s]->ids.will_need(row);
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    for (const auto row : chosen[s]) all.push_back({segments[s]->ids[row], s, row});
    std::inplace_merge(all.begin(), all.begin() + middle, all.end(),
                       [](const Candidate& a, const Candidate& b) { return a.id < b.id; });
  }
  std::vector<SegmentCandidates> out(segments.size());
  documents.reserve(all.size());
  for (const auto& one : all) {
    out[one.segment].rows.push_back(one.row);
    out[one.segment].places.push_back(static_cast<std::uint32_t>(documents.size()));
    documents.push_back(one.id);
  }
  return out;
}

std::vector<float> gather_scores(std::span<const SegmentCandidates> candidates, std::size_t size,
                                 std::span<const RowScores> scores) {
  std::vector<float> out(size, 0);
  for (std::size_t s = 0; s < candidates.size() && s < scores.size(); ++s) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i) {
      while (at < scores[s].rows.size() && scores[s].rows[at] < candidates[s].rows[i]) ++at;
      if (at == scores[s].rows.size()) break;
      if (scores[s].rows[at] == candidates[s].rows[i]) out[candidates[s].places[i]] = scores[s].scores[at];
    }
  }
  return out;
}

std::vector<float> gather_words(const SegmentViews& segments, std::span<const SegmentCandidates> candidates,
                                std::size_t size, const Statistics& statistics, const WordPlan& plan) {
  std::vector<float> out(size, 0);
  scatter(candidates, out, [&](std::size_t s, std::span<const std::uint32_t> rows, float* found) {
    if (const auto words = words_in(plan, s); !words.empty())
      segments[s]->words.scores(words, statistics.scoring(), rows, found);
  });
  return out;
}

std::vector<float> gather_similarities(const SegmentViews& segments,
                                       std::span<const SegmentCandidates> candidates, std::size_t size,
                                       std::size_t field, std::span<const float> vector) {
  std::vector<float> out(size, no_similarity);
  if (vector.empty()) return out;
  scatter(candidates, out, [&](std::size_t s, std::span<const std::uint32_t> rows, float* found) {
    segments[s]->vectors[field].similarities(vector, rows, found);
  });
  return out;
}

std::vector<double> gather_numbers(const SegmentViews& segments,
                                   std::span<const SegmentCandidates> candidates, std::size_t size,
                                   std::size_t field) {
  std::vector<double> out(size, no_number);
  for (std::size_t s = 0; s < candidates.size(); ++s)
    segments[s]->numbers[field].will_need(candidates[s].rows);
  for (std::size_t s = 0; s < candidates.size(); ++s)
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i)
      out[candidates[s].places[i]] = segments[s]->numbers[field].of(candidates[s].rows[i]);
  return out;
}

Retrieved::Facet gather_facet(const SegmentViews& segments, std::span<const SegmentCandidates> candidates,
                              std::size_t size, std::size_t field) {
  Retrieved::Facet out;
  out.begin.assign(size + 1, 0);
  std::vector<std::vector<std::uint32_t>> used;  // by segment
  for (std::size_t s = 0; s < candidates.size(); ++s) {
    const auto& column = segments[s]->keywords[field];
    column.will_need(candidates[s].rows);
    used.push_back(used_values(column, candidates[s].rows));
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i)
      out.begin[candidates[s].places[i] + 1] =
          static_cast<std::uint32_t>(column.of(candidates[s].rows[i]).size());
    for (const auto value : used.back()) out.values.emplace_back(column.values()[value]);
  }
  std::sort(out.values.begin(), out.values.end());
  out.values.erase(std::unique(out.values.begin(), out.values.end()), out.values.end());
  for (std::size_t i = 0; i < size; ++i) out.begin[i + 1] += out.begin[i];
  out.ordinals.resize(out.begin.back());
  for (std::size_t s = 0; s < candidates.size(); ++s) {
    const auto& column = segments[s]->keywords[field];
    std::vector<std::uint32_t> places;  // of used[s] among out.values
    for (const auto value : used[s])
      places.push_back(static_cast<std::uint32_t>(
          std::lower_bound(out.values.begin(), out.values.end(), column.values()[value]) -
          out.values.begin()));
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i) {
      auto at = out.begin[candidates[s].places[i]];
      for (const auto value : column.of(candidates[s].rows[i])) {
        const auto found = std::lower_bound(used[s].begin(), used[s].end(), value);
        if (found == used[s].end() || at == out.begin[candidates[s].places[i] + 1]) break;  // damaged
        out.ordinals[at++] = places[static_cast<std::size_t>(found - used[s].begin())];
      }
    }
  }
  return out;
}

}  // namespace cdx::engine
