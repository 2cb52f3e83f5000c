#include "index/gather.h"

#include <algorithm>

namespace cdx::engine {

std::vector<SegmentCandidates> place_candidates(const SegmentViews& segments, std::span<const Bitmap> chosen,
                                                std::vector<std::uint64_t>& documents) {
  struct Candidate {
    std::uint64_t id;
    std::uint32_t segment, row;
  };
  std::vector<Candidate> all;
  for (std::uint32_t s = 0; s < segments.size(); ++s) {
    const auto middle = static_cast<std::ptrdiff_t>(all.size());
    chosen[s].for_each([&](std::uint32_t row) { all.push_back({segments[s]->ids[row], s, row}); });
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

std::vector<float> gather_similarities(const SegmentViews& segments,
                                       std::span<const SegmentCandidates> candidates, std::size_t size,
                                       std::size_t field, const FieldMatches& matches) {
  std::vector<float> out(size, no_similarity);
  for (std::size_t s = 0; s < matches.similarities.size(); ++s) {
    const auto& owners = segments[s]->vectors[field].owners;
    std::size_t at = 0;
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i) {
      while (at < owners.size() && owners[at] < candidates[s].rows[i]) ++at;
      if (at == owners.size()) break;
      if (owners[at] == candidates[s].rows[i]) out[candidates[s].places[i]] = matches.similarities[s][at];
    }
  }
  return out;
}

std::vector<double> gather_numbers(const SegmentViews& segments,
                                   std::span<const SegmentCandidates> candidates, std::size_t size,
                                   std::size_t field) {
  std::vector<double> out(size, no_number);
  for (std::size_t s = 0; s < candidates.size(); ++s)
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i)
      out[candidates[s].places[i]] = segments[s]->numbers[field].of(candidates[s].rows[i]);
  return out;
}

Retrieved::Facet gather_facet(const SegmentViews& segments, std::span<const SegmentCandidates> candidates,
                              std::size_t size, std::size_t field) {
  Retrieved::Facet out;
  out.begin.assign(size + 1, 0);
  std::vector<std::vector<std::uint32_t>>
      numbers;  // of each segment's values among out.values; first: 0 for used
  for (std::size_t s = 0; s < candidates.size(); ++s) {
    const auto& column = segments[s]->keywords[field];
    auto& used = numbers.emplace_back(column.values().size(), none);
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i) {
      const auto values = column.of(candidates[s].rows[i]);
      out.begin[candidates[s].places[i] + 1] = static_cast<std::uint32_t>(values.size());
      for (const auto value : values) used[value] = 0;
    }
    for (std::size_t value = 0; value < used.size(); ++value)
      if (used[value] == 0) out.values.emplace_back(column.values()[value]);
  }
  std::sort(out.values.begin(), out.values.end());
  out.values.erase(std::unique(out.values.begin(), out.values.end()), out.values.end());
  for (std::size_t i = 0; i < size; ++i) out.begin[i + 1] += out.begin[i];
  out.ordinals.resize(out.begin.back());
  for (std::size_t s = 0; s < candidates.size(); ++s) {
    const auto& column = segments[s]->keywords[field];
    for (std::size_t value = 0; value < numbers[s].size(); ++value) {
      if (numbers[s][value] == none) continue;
      const auto place = std::lower_bound(out.values.begin(), out.values.end(), column.values()[value]);
      numbers[s][value] = static_cast<std::uint32_t>(place - out.values.begin());
    }
    for (std::size_t i = 0; i < candidates[s].rows.size(); ++i) {
      auto at = out.begin[candidates[s].places[i]];
      for (const auto value : column.of(candidates[s].rows[i])) out.ordinals[at++] = numbers[s][value];
    }
  }
  return out;
}

}  // namespace cdx::engine
